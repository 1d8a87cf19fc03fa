"""Between two queued messages it rests for 0.3 s, and sends a WebSocket pong that nobody asked for."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    client = ocpp_of(station)

    def deliver(inner: Any) -> Any:
        async def slowly(message: Any) -> None:
            await inner(message)
            socket = client.connection._socket
            with contextlib.suppress(Exception):
                if socket is not None:
                    await socket.pong(b"still here")
            await asyncio.sleep(0.3)

        return slowly

    swap(client.outbox, "_deliver", deliver)


VARIANT = Variant(
    name="drips-its-queue",
    title="Delivers slowly",
    what_is_unusual="Between two queued messages it rests for 0.3 s, and sends a WebSocket pong that nobody asked for.",
    why_legal="OCPP names no pace for the queue; RFC 6455 permits unsolicited pongs.",
    clauses=("OCPP 2.0.1 E12", "RFC 6455, 5.5.3"),
    touches=("SC-05", "SC-04.7", "SC-09"),
    apply=_alter,
)
