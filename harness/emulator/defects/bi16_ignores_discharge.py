"""Takes a setpoint towards the grid as zero."""

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
    def one_way(allow: Allow) -> Allow:
        def not_below_zero(limits: PowerLimits) -> None:
            setpoint = limits.setpoint_w
            allow(dataclasses.replace(limits, setpoint_w=None if setpoint is None else max(0.0, setpoint)))

        return not_below_zero

    swap(station.plant, "allow", one_way)


DEFECT = Defect(
    name="ignores-discharge",
    title="Does not discharge when told to",
    what_is_broken="A setpoint that asks for power to the grid is accepted, but no power flows.",
    must_fail=("OCPP-Q04.P001", "OCPP-Q04.P003"),
    # without a discharge there is nothing that a setpoint of zero could end, nor anything for the light to show
    may_fail=("OCPP-Q04.P002", "LIGHT-V2X.P001", "LIGHT-V2X.P002", "LIGHT-V2X.P003"),
    run=("BI-16", "BI-18", "BI-20.2"),
    apply=_break,
)
