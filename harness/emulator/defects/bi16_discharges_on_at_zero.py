"""A setpoint of zero changes nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator._ports import PowerLimits
from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Allow = Callable[[PowerLimits], None]


def _break(station: Station) -> None:
    last: float | None = None

    def stubborn(allow: Allow) -> Allow:
        def keep_going(limits: PowerLimits) -> None:
            nonlocal last
            last = last if limits.setpoint_w == 0 else limits.setpoint_w
            allow(dataclasses.replace(limits, setpoint_w=last))

        return keep_going

    swap(station.plant, "allow", stubborn)


DEFECT = Defect(
    name="discharges-on-at-zero",
    title="Does not stop discharging when told to",
    what_is_broken="A setpoint of zero is accepted, but the power goes on flowing to the grid.",
    must_fail=("OCPP-Q04.P002",),
    run=("BI-16", "BI-18", "BI-20.2"),
    apply=_break,
)
