"""A few seconds after a stop the voltage comes back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    async def back() -> None:
        await asyncio.sleep(2.5)
        if client.transactions.current is None and client.plant.pilot == "C":
            client.plant.enable(True)

    def end(inner: Any) -> Any:
        def told(trigger: str, *given: Any, **named: Any) -> None:
            inner(trigger, *given, **named)
            if trigger == "RemoteStop":
                client.spawn(back(), "back again")

        return told

    def on_plant(event: Any) -> None:
        if event.what == "pilot" and event.value != "C" and client.transactions.current is None:
            client.plant.enable(False)

    swap(client.transactions, "end", end)
    client.plant.subscribe(on_plant)


DEFECT = Defect(
    name="comes-back-after-a-stop",
    title="Power comes back after a stop",
    what_is_broken="When the backend has stopped a session, the power goes, and comes back a few seconds later.",
    must_fail=("OCPP-F03.P002",),
    run=("OCPP-F03.P002",),
    may_fail=("OCPP-F03.P003", "OCPP-G01.P102"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
