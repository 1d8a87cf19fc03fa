"""Aligns its values to no clock."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    metering = client.metering

    async def run() -> None:
        turn = None
        while True:
            await asyncio.sleep(0.1)
            interval = client.model.integer("AlignedDataCtrlr", "Interval")
            now = (interval, int((client.time.now() - 0.4 * interval) // interval)) if interval > 0 else None
            if now is not None and turn is not None and turn != now and turn[0] == interval:
                metering.send_aligned("Sample.Clock")
            turn = now

    swap(metering, "run_aligned", lambda plain: run)


DEFECT = Defect(
    name="aligned-to-its-own-start",
    title="Aligns its values to no clock",
    what_is_broken="Clock-aligned values come at the right interval, and two fifths of it beside the clock.",
    must_fail=("OCPP-J01.P001",),
    run=("OCPP-J01.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
