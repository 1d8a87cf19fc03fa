"""Charges when it is told to discharge."""

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
    def unsigned(allow: Allow) -> Allow:
        def always_to_the_car(limits: PowerLimits) -> None:
            setpoint = limits.setpoint_w
            allow(dataclasses.replace(limits, setpoint_w=None if setpoint is None else abs(setpoint)))

        return always_to_the_car

    swap(station.plant, "allow", unsigned)


DEFECT = Defect(
    name="mixes-up-the-sign",
    title="Charges when told to discharge",
    what_is_broken="A setpoint that asks for 5 kW to the grid draws 5 kW from it.",
    must_fail=("OCPP-Q04.P001", "OCPP-Q04.P003"),
    may_fail=(
        "LIGHT-V2X.P001",
        "LIGHT-V2X.P002",
        "LIGHT-V2X.P003",
    ),  # without a discharge there is nothing for the light to show
    run=("BI-16", "BI-18", "BI-20.2"),
    apply=_break,
)
