"""Its import register counts in both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere
from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    plant = station.plant

    def both(_: str, value: Any) -> Any:
        told = isinstance(value, dict) and value.get("measurand") == "Energy.Active.Import.Register"
        return {**value, "value": round(value["value"] + plant.export_wh, 3)} if told else value

    says(station, lambda _, payload: everywhere(payload, both))


DEFECT = Defect(
    name="counts-the-export-as-import",
    title="Bills what a car gives as what it takes",
    what_is_broken="The register of the import counts the energy to the grid as well.",
    must_fail=("OCPP-J02.P104",),
    may_fail=("OCPP-J02.R016", "OCPP-J02.R017", "OCPP-J02.R018", "OCPP-J02.R019", "OCPP-J02.R022"),
    run=("OCPP-J02.P104",),
    depth="acceptance",
    apply=_break,
)
