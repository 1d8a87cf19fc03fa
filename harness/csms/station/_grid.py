"""What OCPP 2.1 adds towards the grid: DER controls and the energy transfers an EV may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from harness.csms.station._exchange import Answer
from harness.csms.station._link import StationLink
from harness.csms.station._reports import Collected

# SetDERControlRequest: the field that holds a control of this type; every other type is a curve
_FIELDS = {
    "EnterService": "enterService",
    "FixedPFAbsorb": "fixedPFAbsorb",
    "FixedPFInject": "fixedPFInject",
    "FixedVar": "fixedVar",
    "FreqDroop": "freqDroop",
    "Gradients": "gradient",
    "LimitMaxDischarge": "limitMaxDischarge",
}


class GridOperations(StationLink):
    """SetDERControl, GetDERControl, ClearDERControl (R04), NotifyAllowedEnergyTransfer (Q02). OCPP 2.1 only."""

    async def set_der_control(
        self,
        control_type: str,
        settings: Mapping[str, Any],
        *,
        control_id: str | None = None,
        is_default: bool = True,
        within_s: float | None = None,
    ) -> Answer:
        """Set a DER control; `settings` is the type's own object (FixedPFType, DERCurveType …), put where it belongs.

        The control's id stands in `answer.sent["controlId"]`.
        """
        payload = {
            "isDefault": is_default,
            "controlId": control_id or f"chargeproof-{self.next_number()}",
            "controlType": control_type,
            _FIELDS.get(control_type, "curve"): dict(settings),
        }
        return await self.call("SetDERControl", payload, within_s)

    async def get_der_control(
        self,
        control_type: str | None = None,
        *,
        control_id: str | None = None,
        is_default: bool | None = None,
        within_s: float = 30.0,
    ) -> Collected:
        """Ask which DER controls are set and collect the ReportDERControl messages."""
        payload = _given(isDefault=is_default, controlType=control_type, controlId=control_id)
        return await self.collect("GetDERControl", payload, "ReportDERControl", within_s)

    async def clear_der_control(
        self,
        control_type: str | None = None,
        *,
        control_id: str | None = None,
        is_default: bool = True,
        within_s: float | None = None,
    ) -> Answer:
        """Clear one DER control by id, all of a type, or (without either) all default or all scheduled ones."""
        payload = {"isDefault": is_default, **_given(controlType=control_type, controlId=control_id)}
        return await self.call("ClearDERControl", payload, within_s)

    async def notify_allowed_energy_transfer(
        self, allowed: Iterable[str], transaction_id: str | None = None, within_s: float | None = None
    ) -> Answer:
        """Tell which energy transfers ("DC_BPT", "AC_three_phase" …) the transaction may use from now on.

        Raises ValueError when no transaction is given and none is running.
        """
        running = self.transaction
        identifier = transaction_id or (running.id if running is not None else None)
        if identifier is None:
            raise ValueError(f"{self.identity} has told of no running transaction; give transaction_id")
        payload = {"transactionId": identifier, "allowedEnergyTransfer": list(allowed)}
        return await self.call("NotifyAllowedEnergyTransfer", payload, within_s)


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
