"""Its register counts one phase of three."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere
from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def of_one(_: str, value: Any) -> Any:
        told = isinstance(value, dict) and value.get("measurand") == "Energy.Active.Import.Register"
        return {**value, "value": round(value["value"] / 3, 3)} if told else value

    says(station, lambda _, payload: everywhere(payload, of_one))


DEFECT = Defect(
    name="register-of-one-phase",
    title="Its register counts one phase",
    what_is_broken="Power is told right, and the register grows by a third of it.",
    must_fail=("OCPP-J02.P103",),
    may_fail=("OCPP-J02.R016", "OCPP-J02.R017", "OCPP-J02.R018", "OCPP-J02.R019", "OCPP-J02.R022"),
    run=("OCPP-J02.P103",),
    depth="acceptance",
    apply=_break,
)
