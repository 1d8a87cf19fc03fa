"""The control client: a TLS client that accepts everything, so that a hostile listener is shown to work at all."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from harness.csms._config import CsmsConfig
from harness.csms.pki._pki import Credential, Pki
from harness.csms.tls._contexts import lax_client_context
from harness.trace import Event, Recorder


class Listening(Protocol):
    """The listener whose hostility is to be shown."""

    scenario: str
    config: CsmsConfig
    recorder: Recorder

    @property
    def pki(self) -> Pki: ...
    @property
    def port(self) -> int: ...
    async def until_event(
        self, fits: Callable[[Event], bool], what: str, within_s: float, after: int, on: str = "dut"
    ) -> Event:
        """The first event after number `after` that fits."""


async def shake_hands(
    csms: Listening, ports: dict[int, tuple[str, int]], shows: tuple[str, int], within_s: float
) -> Event:
    """Connect as the control client, be shown a certificate (kind, turn), and return the handshake. Raises NotSeen."""
    kind, _ = shows
    loop = asyncio.get_running_loop()
    context = lax_client_context(csms.scenario)
    if csms.config.security_profile == 3:
        _present_certificate(csms.pki.control_certificate(kind), context)
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(csms.config.listen_host, csms.config.listen_host)
    after = len(csms.recorder.events) - 1
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    sock.setblocking(False)
    transport: asyncio.BaseTransport | None = None
    try:
        # bound first: the listener must know this port before it sees the connection
        sock.bind((host, 0))
        port = int(sock.getsockname()[1])
        ports[port] = shows
        try:
            async with asyncio.timeout(within_s):
                await loop.sock_connect(sock, (host, csms.port))
                transport, _ = await loop.create_connection(
                    asyncio.Protocol, sock=sock, ssl=context, server_hostname=csms.config.host_names[0]
                )
        except (OSError, TimeoutError):
            pass  # what happened is what the listener recorded

        def fits(event: Event) -> bool:
            return event.kind == "tls.handshake" and str(event.data.get("remote")).endswith(f":{port}")

        what = f"the control client's TLS handshake ({csms.scenario}, {kind} certificate)"
        return await csms.until_event(fits, what, within_s, after, on="harness")
    finally:
        ports.pop(port, None)
        if transport is not None:
            transport.close()
        else:
            sock.close()


def _present_certificate(credential: Credential, context: ssl.SSLContext) -> None:
    handle, name = tempfile.mkstemp(prefix="chargeproof-control-", suffix=".pem")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(credential.key_pem + credential.certificate_pem)
        context.load_cert_chain(name)
    finally:
        Path(name).unlink()
