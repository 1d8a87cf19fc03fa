"""Accepts a lower limit at once and follows it a quarter of a minute later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator._ports import PowerLimits
from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

LATE_S = 15.0


def _break(station: Station) -> None:
    plant = station.plant
    waiting: asyncio.TimerHandle | None = None

    def slow(allow: Callable[[PowerLimits], None]) -> Callable[[PowerLimits], None]:
        def lower_later(limits: PowerLimits) -> None:
            nonlocal waiting
            if waiting is not None:
                waiting.cancel()
            if limits.charge_w >= plant.limits.charge_w:
                allow(limits)
            else:
                waiting = asyncio.get_running_loop().call_later(LATE_S, allow, limits)

        return lower_later

    swap(plant, "allow", slow)


DEFECT = Defect(
    name="lowers-late",
    title="Follows a lowered limit 15 s late",
    what_is_broken="A lower limit is accepted at once, but the power only comes down 15 s later.",
    must_fail=("OCPP-K01.P002", "OCPP-K01.P003", "OCPP-K01.P005", "OCPP-K01.P006"),
    may_fail=("OCPP-K01.P004",),
    run=("SC-04",),
    apply=_break,
)
