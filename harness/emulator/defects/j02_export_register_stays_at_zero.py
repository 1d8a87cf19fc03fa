"""Counts no energy to the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere
from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def never(_: str, value: Any) -> Any:
        told = isinstance(value, dict) and value.get("measurand") == "Energy.Active.Export.Register"
        return {**value, "value": 0.0} if told else value

    says(station, lambda _, payload: everywhere(payload, never))


DEFECT = Defect(
    name="export-register-stays-at-zero",
    title="Its export register stays at zero",
    what_is_broken="Energy flows to the grid, and the register of the export never moves.",
    must_fail=("OCPP-J02.P104",),
    run=("OCPP-J02.P104",),
    depth="acceptance",
    apply=_break,
)
