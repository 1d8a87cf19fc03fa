"""Its first sample of a session is zero, whatever its register shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere
from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


STANDS_WH = 15_000.0


def _break(station: Station) -> None:
    for plant in station.plants.values():
        plant.import_wh += STANDS_WH

    def forgetful(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        def at_zero(_: str, value: Any) -> Any:
            if isinstance(value, dict) and value.get("measurand") == "Energy.Active.Import.Register":
                return {**value, "value": 0.0} if value.get("context") == "Transaction.Begin" else value
            return value

        begins = message == "TransactionEventRequest" and payload.get("eventType") == "Started"
        changed: dict[str, Any] = everywhere(payload, at_zero) if begins else payload
        return changed

    says(station, forgetful)


DEFECT = Defect(
    name="begins-every-session-at-zero",
    title="Its first sample of a session says 0 Wh",
    what_is_broken="The register stands at 15 kWh, the first sample of a session says 0: 15 kWh too much are billed.",
    must_fail=("OCPP-J02.P103",),
    may_fail=("OCPP-J02.R016", "OCPP-J02.R017", "OCPP-J02.R018", "OCPP-J02.R019", "OCPP-J02.R022"),
    run=("OCPP-J02.P103",),
    depth="acceptance",
    apply=_break,
)
