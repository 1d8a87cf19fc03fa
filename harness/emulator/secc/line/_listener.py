"""Where cars arrive: SDP over UDP 15118, one TCP port in the clear and one with TLS; one car at a time."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import logging
import random
import socket
import ssl
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from iso15118.secc.secc_settings import Config
from iso15118.shared.messages.enums import AuthEnum, Protocol

from harness.emulator.secc._messages import SeccConfig
from harness.emulator.secc.controller._power import EvseController
from harness.emulator.secc.line._sdp import SdpServer
from harness.emulator.secc.line._session import SETUP_S, ConnectionEnded, NothingSaid, Session, read_frame
from harness.emulator.secc.line._tls import Contexts, make_contexts, secure

log = logging.getLogger(__name__)

_ADDRESS_S = 3.0
_MOST_WAITING = 8
_PORTS = range(49152, 65536)  # IETF RFC 6335
_PORT_TRIES = 64


class Listener:
    """`bind` takes addresses and ports, `open` begins to serve, until `close`."""

    def __init__(self, config: SeccConfig, controller: EvseController, pki: Mapping[str, str]) -> None:
        self.config = config
        self.controller = controller
        self.contexts: Contexts | None = None
        if config.tls != "off":
            self.contexts = make_contexts(pki, config.tls_versions)
        self.plain_port: int | None = None
        self.tls_port: int | None = None
        self.address = ""
        self.sdp: SdpServer | None = None
        self._sockets: list[tuple[socket.socket, bool]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._current: asyncio.Task[None] | None = None
        self._sessions = 0
        self._handover = asyncio.Lock()

    async def bind(self) -> None:
        """Bind everything. Raises OSError or ValueError naming interface, port and cause."""
        host, scope = await link_address(self.config.interface)
        self.address = host
        if self.config.tls != "required":
            self.plain_port = self._listen(host, scope, tls=False)
        if self.contexts is not None:
            self.tls_port = self._listen(host, scope, tls=True)
        if ":" in host and "." not in host:
            self.sdp = SdpServer(self.controller, host, self.plain_port, self.tls_port)
            await self.sdp.bind(self.config.interface)

    def open(self) -> None:
        """Serve from now on."""
        for server, tls in self._sockets:
            self._start(self._accept(server, tls=tls))
        if self.sdp is not None:
            self.sdp.answering = True

    def _listen(self, host: str, scope: int, *, tls: bool) -> int:
        """Listen on a free port of the dynamic range, which ISO 15118 prescribes."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        server = socket.socket(family, socket.SOCK_STREAM)
        for port in random.sample(_PORTS, _PORT_TRIES):
            with contextlib.suppress(OSError):
                server.bind((host, port, 0, scope) if family == socket.AF_INET6 else (host, port))
                break
        else:
            server.close()
            raise OSError(errno.EADDRINUSE, f"no free port between {_PORTS.start} and {_PORTS.stop - 1} on {host}")
        server.listen(_MOST_WAITING)
        server.setblocking(False)
        self._sockets.append((server, tls))
        return port

    def _start(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _accept(self, server: socket.socket, *, tls: bool) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, remote = await loop.sock_accept(server)
            except OSError as error:  # out of descriptors, or the peer was quicker: the next may do better
                log.warning("accept: %s", error)
                await asyncio.sleep(0.05)
                continue
            if len(self._tasks) > 4 * _MOST_WAITING:
                connection.close()
                continue
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._start(self._welcome(connection, f"[{remote[0]}]:{remote[1]}", tls=tls))

    async def _welcome(self, connection: socket.socket, remote: str, *, tls: bool) -> None:
        """A connection becomes the session with its first whole frame; until then the present session goes on."""
        writer: asyncio.StreamWriter | None = None
        try:
            if tls:
                assert self.contexts is not None
                reader, writer = await secure(connection, self.contexts)
            else:
                reader, writer = await asyncio.open_connection(sock=connection)
            first = await read_frame(reader, SETUP_S)
            async with self._handover:
                self.end_session()
                if self._current is not None:
                    await asyncio.gather(self._current, return_exceptions=True)
                self._current = asyncio.current_task()
            await self._serve(reader, writer, first, remote)
        except NothingSaid:
            log.info("%s closed without a word", remote)
        except (ssl.SSLError, OSError, ConnectionEnded) as error:
            self.controller.tell("error", reason=f"{remote}: {type(error).__name__}: {error}")
        finally:
            if writer is None:
                connection.close()
            else:
                writer.close()
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(writer.wait_closed(), 1.0)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes, remote: str
    ) -> None:
        self._sessions += 1
        self.controller.begin(self._sessions)
        tls = _tls_facts(writer)
        self.controller.tell("connected", remote=remote, tls=tls)
        await Session(reader, writer, self._session_config(tls), self.controller).run(first)

    def _session_config(self, tls: Mapping[str, Any] | None) -> Any:
        """The package's configuration for this connection: the protocols that may run over it and at this connector."""
        names = list(self.config.protocols)
        version = tls["version"] if tls else None
        if version == "TLSv1.2" or (version is None and not self.config.v20_without_tls):
            names = [n for n in names if not n.startswith("ISO_15118_20")]
        if version is not None:
            names = [n for n in names if n != "DIN_SPEC_70121"]
        connector = self.controller.station.connector
        if connector == "ac":
            names = [n for n in names if n not in ("ISO_15118_20_DC", "DIN_SPEC_70121")]
        elif connector == "dc":
            names = [n for n in names if n != "ISO_15118_20_AC"]
        config = Config()
        config.supported_protocols = [Protocol[name] for name in names]
        config.supported_auth_options = [AuthEnum.EIM]
        config.allow_cert_install_service = False
        config.free_cert_install_service = True
        return config

    def end_session(self) -> None:
        """The car was unplugged or the station gives up: end the session now."""
        if self._current is not None and not self._current.done():
            self._current.cancel()

    async def close(self) -> None:
        """End everything."""
        if self.sdp is not None:
            self.sdp.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for server, _ in self._sockets:
            server.close()


async def link_address(interface: str) -> tuple[str, int]:
    """The address to serve on: an interface's link-local one with its scope, "::1" or an IPv4 address for "lo".

    Waits up to 3 s for an address that the kernel is still checking for duplicates. Raises ValueError without one.
    """
    if interface == "lo":
        return _loopback(), 0
    deadline = time.monotonic() + _ADDRESS_S
    while True:
        table = Path("/proc/net/if_inet6")
        rows = [line.split() for line in table.read_text().splitlines()] if table.exists() else []
        mine = [row for row in rows if row[5] == interface and row[0].startswith("fe80")]
        if mine and not int(mine[0][4], 16) & 0x40:  # IFA_F_TENTATIVE
            return str(ipaddress.IPv6Address(int(mine[0][0], 16))), int(mine[0][1], 16)
        if time.monotonic() > deadline:
            what = "still checks its link-local address" if mine else "has no link-local IPv6 address"
            raise ValueError(f"interface {interface} {what}; use one that has, or lo")
        await asyncio.sleep(0.05)


def _loopback() -> str:
    for host, family in (
        ("::1", socket.AF_INET6),
        ("::ffff:127.0.0.1", socket.AF_INET6),
        ("127.0.0.1", socket.AF_INET),
    ):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind((host, 0))
            return host
    raise ValueError("lo has no usable address")


def _tls_facts(writer: asyncio.StreamWriter) -> dict[str, Any] | None:
    tls = writer.get_extra_info("ssl_object")
    if tls is None:
        return None
    peer = tls.getpeercert() or {}
    subject = ", ".join(f"{key}={value}" for part in peer.get("subject", ()) for key, value in part)
    return {"version": tls.version(), "cipher": tls.cipher()[0], "peer_subject": subject or None}
