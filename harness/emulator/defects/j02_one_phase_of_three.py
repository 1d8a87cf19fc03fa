"""Tells the current of one phase of three."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere
from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def first_alone(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        def cut(_: str, value: Any) -> Any:
            if isinstance(value, dict) and isinstance(told := value.get("sampledValue"), list):
                kept = [s for s in told if s.get("measurand") != "Current.Import" or s.get("phase") == "L1"]
                return {**value, "sampledValue": kept}
            return value

        changed: dict[str, Any] = everywhere(payload, cut) if message == "TransactionEventRequest" else payload
        return changed

    says(station, first_alone)


DEFECT = Defect(
    name="one-phase-of-three",
    title="Tells the current of one phase of three",
    what_is_broken="Of the currents of three phases only the first is told.",
    must_fail=("OCPP-J02.P105",),
    run=("OCPP-J02.P002", "OCPP-J02.P105", "OCPP-J02.P106"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
