"""Chargers that are set up wrongly: bare sockets, TLS and WebSocket clients that share nothing with what they test."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from harness.onboard import Advice, Onboarding, Wish
from harness.trace import Recorder

BOOT = {
    "reason": "PowerUp",
    "chargingStation": {"model": "R22", "vendorName": "Tests", "serialNumber": "SN-1", "firmwareVersion": "1.0"},
}
PASSWORD = "0123456789abcdef"
IDENTITY = "CS001"


@asynccontextmanager
async def listening(folder: Path, **wish: Any) -> AsyncIterator[Onboarding]:
    """Onboarding on a free port of this machine, profile 1 and identity CS001 unless told otherwise."""
    recorder = Recorder(folder / "trace.jsonl")
    settings: dict[str, Any] = {"security_profile": 1, "identity": IDENTITY, "password": PASSWORD, **wish}
    try:
        async with Onboarding(
            recorder, Wish(pki=folder / "pki", listen="127.0.0.1", port=0, within_s=10, **settings)
        ) as bench:
            yield bench
    finally:
        recorder.close()


async def problem(bench: Onboarding, within_s: float = 5.0) -> Advice:
    """The first problem that is told."""
    async with asyncio.timeout(within_s):
        while True:
            for advice in bench.advice():
                if advice.severity == "problem":
                    return advice
            await asyncio.sleep(0.02)


async def topic(bench: Onboarding, wanted: str, within_s: float = 5.0) -> Advice:
    """The advice of this topic, waited for."""
    async with asyncio.timeout(within_s):
        while True:
            for advice in bench.advice():
                if advice.topic == wanted:
                    return advice
            await asyncio.sleep(0.02)


def trusting(bench: Onboarding) -> ssl.SSLContext:
    """A client that trusts our CA."""
    return ssl.create_default_context(cadata=bench.csms.pki.root_pem)


async def shake(bench: Onboarding, context: ssl.SSLContext, name: str = "localhost") -> None:
    """A TLS handshake as a charger does it, with whatever comes of it; then it hangs up."""

    def blocking() -> None:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", bench.csms.port), timeout=5) as raw,
            context.wrap_socket(raw, server_hostname=name) as tls,
        ):
            tls.settimeout(1)
            tls.recv(1)  # TLS 1.3 tells a server's refusal only afterwards

    await asyncio.get_running_loop().run_in_executor(None, blocking)


async def raw(bench: Onboarding, data: bytes) -> None:
    """Bytes on a bare TCP connection, which stays open a moment."""
    _, writer = await asyncio.open_connection("127.0.0.1", bench.csms.port)
    writer.write(data)
    with contextlib.suppress(ConnectionError):
        await writer.drain()
    await asyncio.sleep(0.1)
    writer.close()


@asynccontextmanager
async def charger(
    bench: Onboarding,
    path: str | None = None,
    *,
    versions: tuple[str, ...] = ("ocpp2.0.1",),
    user: str = IDENTITY,
    password: str | None = PASSWORD,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[ClientConnection]:
    """A WebSocket that opened."""
    scheme, host = ("wss", "localhost") if tls else ("ws", "127.0.0.1")
    url = f"{scheme}://{host}:{bench.csms.port}{path or f'/ocpp/{IDENTITY}'}"
    headers = {}
    if password is not None:
        headers["Authorization"] = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    offered = [Subprotocol(v) for v in versions] or None
    more: dict[str, Any] = {"ssl": tls} if tls else {}
    async with connect(
        url, subprotocols=offered, additional_headers=headers, compression=None, proxy=None, close_timeout=1, **more
    ) as ws:
        yield ws


async def turned_away(bench: Onboarding, path: str | None = None, **options: Any) -> None:
    """A charger that tries once and is refused."""
    with contextlib.suppress(WebSocketException, OSError):
        async with charger(bench, path, **options) as ws:
            await ws.wait_closed()


async def say(ws: ClientConnection, action: str, payload: dict[str, Any]) -> None:
    """A CALL and its answer."""
    await ws.send(json.dumps([2, f"{action}-{datetime.now(UTC).timestamp()}", action, payload]))
    async with asyncio.timeout(5):
        await ws.recv()


def status(off: timedelta = timedelta(0), form: Callable[[datetime], str] | None = None) -> dict[str, Any]:
    """A StatusNotification whose clock is off."""
    when = datetime.now(UTC) + off
    text = form(when) if form else when.isoformat().replace("+00:00", "Z")
    return {"timestamp": text, "connectorStatus": "Available", "evseId": 1, "connectorId": 1}
