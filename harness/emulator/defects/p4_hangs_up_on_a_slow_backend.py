"""Hangs up on a slow backend."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.line._rpc import Offline

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def call(plain: Any) -> Any:
        async def impatient(action: str, payload: Any, *, triggered: bool = False) -> Any:
            try:
                return await asyncio.wait_for(plain(action, payload, triggered=triggered), 5.0)
            except TimeoutError:
                client.connection.drop("no answer")
                raise Offline(action) from None

        return impatient

    swap(client, "call", call)


DEFECT = Defect(
    name="hangs-up-on-a-slow-backend",
    title="Hangs up on a slow backend",
    what_is_broken="When an answer takes more than 5 s it closes the connection, although its MessageTimeout is 30 s.",
    must_fail=("OCPP-P4.P105",),
    run=("OCPP-P4.P105",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
