"""Of two EVSEs only the first follows a lowered limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect
from harness.emulator.defects.sc04_ignores_lower_limit import deafen

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    if 2 not in station.plants:
        raise ValueError("this is about a second EVSE; start the station with --evses 2")
    deafen(station.plants[2])


DEFECT = Defect(
    name="ignores-limits-at-its-second-evse",
    title="Ignores a lowered limit at its second EVSE",
    what_is_broken="Of its two EVSEs the second answers Accepted to a lower limit and goes on charging as before.",
    must_fail=("OCPP-K01.P002",),
    run=("OCPP-K01.P002",),  # every other way of sending a limit fails with it
    evses=2,
    smoke=False,
    apply=_break,
)
