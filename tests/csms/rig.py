"""A charging station for the tests, made of a bare WebSocket client: it shares nothing with what it tests."""

from __future__ import annotations

import asyncio
import functools
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from harness.csms import Csms, CsmsConfig
from harness.trace import Event, Recorder

BOOT = {"reason": "PowerUp", "chargingStation": {"model": "Raw", "vendorName": "Tests"}}
PASSWORD = "0123456789abcdef"


def timed(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run an async test in a loop of its own, bounded."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        async def bounded() -> None:
            async with asyncio.timeout(20):
                await test(*args, **kwargs)

        asyncio.run(bounded())

    return run


@asynccontextmanager
async def backend(folder: Path, **settings: Any) -> AsyncIterator[Csms]:
    """A CSMS with a fresh trace; profile 0 and identity CS001 unless told otherwise."""
    recorder = Recorder(folder / "trace.jsonl")
    merged: dict[str, Any] = {"security_profile": 0, "identities": {"CS001": None}, **settings}
    try:
        async with Csms(recorder, CsmsConfig(**merged)) as csms:
            yield csms
    finally:
        recorder.close()


class RawStation:
    """Sends and receives OCPP-J text by hand."""

    def __init__(self, ws: ClientConnection) -> None:
        self.ws = ws
        self.count = 0

    async def say(self, *frame: Any) -> None:
        await self.ws.send(json.dumps(list(frame)))

    async def hear(self) -> list[Any]:
        async with asyncio.timeout(5):
            return list(json.loads(await self.ws.recv()))

    async def call(self, action: str, payload: dict[str, Any]) -> list[Any]:
        """Send a CALL and return the next message."""
        self.count += 1
        await self.say(2, f"s-{self.count}", action, payload)
        return await self.hear()

    async def boot(self) -> None:
        answer = await self.call("BootNotification", BOOT)
        assert answer[2]["status"] == "Accepted"


@asynccontextmanager
async def station(
    csms: Csms,
    identity: str = "CS001",
    *,
    versions: tuple[str, ...] = ("ocpp2.0.1",),
    tls: ssl.SSLContext | None = None,
    url: str | None = None,
    **options: Any,
) -> AsyncIterator[RawStation]:
    """A connected station; `options` go to websockets' connect()."""
    offered = [Subprotocol(version) for version in versions] or None
    more: dict[str, Any] = {"compression": None, "proxy": None, "close_timeout": 1, "ping_interval": None, **options}
    if tls is not None:
        more["ssl"] = tls
    async with connect(url or csms.url(identity), subprotocols=offered, **more) as ws:
        yield RawStation(ws)


def trusting(csms: Csms) -> ssl.SSLContext:
    """A correct TLS client that trusts the CSMS's root."""
    return ssl.create_default_context(cadata=csms.pki.roots_pem)


async def seen(csms: Csms, kind: str, within_s: float = 5.0, **wanted: Any) -> Event:
    """The first event of this kind whose data has these values, waiting for it."""

    def fits(event: Event) -> bool:
        return event.kind == kind and all(event.data.get(name) == value for name, value in wanted.items())

    return await csms.until_event(fits, f"{kind} {wanted}", within_s, -1, on="harness")


def frames(csms: Csms, way: str = "in") -> list[Event]:
    """The recorded frames of one direction."""
    return [event for event in csms.recorder.events if event.kind == "ocpp.frame" and event.data["dir"] == way]
