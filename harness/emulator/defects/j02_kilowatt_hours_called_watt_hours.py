"""Tells its register in kWh and calls it Wh."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere
from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def in_thousands(_: str, value: Any) -> Any:
        told = isinstance(value, dict) and str(value.get("measurand", "")).endswith(".Register")
        return {**value, "value": round(value["value"] / 1000, 6)} if told else value

    says(station, lambda _, payload: everywhere(payload, in_thousands))


DEFECT = Defect(
    name="kilowatt-hours-called-watt-hours",
    title="Calls kWh Wh",
    what_is_broken="Its register counts in kWh and is told as Wh.",
    must_fail=("OCPP-J02.P103",),
    may_fail=("OCPP-J02.R016", "OCPP-J02.R017", "OCPP-J02.R018", "OCPP-J02.R019", "OCPP-J02.R022"),
    run=("OCPP-J02.P103",),
    depth="acceptance",
    apply=_break,
)
