"""Takes a setpoint in ampere for that of one phase."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging import _composite

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    ocpp_of(station)

    def setpoint(plain: Any) -> Any:
        return lambda slot, outer, phases, hardware, now: plain(slot, outer, 1, hardware, now)

    swap(_composite, "_setpoint", setpoint)


DEFECT = Defect(
    name="setpoint-in-amperes-is-of-one-phase",
    title="Takes a setpoint in ampere for that of one phase",
    what_is_broken="8 A of each of three phases become the power of 8 A on one.",
    must_fail=("OCPP-Q04.P107",),
    run=("OCPP-Q04.P107",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
