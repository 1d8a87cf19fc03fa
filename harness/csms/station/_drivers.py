"""What is asked of a station for a driver, and of its monitors: unlocking, reservations, a transaction's state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from harness.csms.station._device import Variable, named
from harness.csms.station._exchange import Answer
from harness.csms.station._link import StationLink
from harness.csms.station._reports import Collected


class DriverOperations(StationLink):
    """UnlockConnector (F05), GetTransactionStatus (E14), reservations (H), monitors (N02 to N06)."""

    async def unlock_connector(self, evse_id: int, connector_id: int, within_s: float | None = None) -> Answer:
        """Unlock a connector from afar (F05)."""
        return await self.call("UnlockConnector", {"evseId": evse_id, "connectorId": connector_id}, within_s)

    async def get_transaction_status(self, transaction_id: str | None = None, within_s: float | None = None) -> Answer:
        """Ask whether a transaction runs, and whether messages of it, or of any, still wait (E14)."""
        payload = {} if transaction_id is None else {"transactionId": transaction_id}
        return await self.call("GetTransactionStatus", payload, within_s)

    async def reserve_now(
        self,
        number: int,
        id_token: str,
        evse_id: int | None,
        *,
        until: str,
        token_type: str = "Central",
        within_s: float | None = None,
    ) -> Answer:
        """Reserve an EVSE (None: any) for a driver until a moment, in ISO 8601 (H01)."""
        token = {"idToken": id_token, "type": token_type}
        payload: dict[str, Any] = {"id": number, "idToken": token, "expiryDateTime": until}
        return await self.call("ReserveNow", payload | ({} if evse_id is None else {"evseId": evse_id}), within_s)

    async def cancel_reservation(self, number: int, within_s: float | None = None) -> Answer:
        """Cancel a reservation (H02)."""
        return await self.call("CancelReservation", {"reservationId": number}, within_s)

    async def set_monitor(
        self, variable: Variable, kind: str, value: float, *, severity: int = 5, within_s: float | None = None
    ) -> Answer:
        """Set one monitor ("UpperThreshold", "Delta" …) on a variable (N04); its id stands in the answer's result."""
        one = {**named(variable, None), "type": kind, "value": value, "severity": severity}
        return await self.call("SetVariableMonitoring", {"setMonitoringData": [one]}, within_s)

    async def clear_monitors(self, numbers: Iterable[int], within_s: float | None = None) -> Answer:
        """Clear monitors by their ids (N06)."""
        return await self.call("ClearVariableMonitoring", {"id": list(numbers)}, within_s)

    async def get_monitoring_report(self, criteria: Iterable[str] | None = None, within_s: float = 60.0) -> Collected:
        """Have the monitors reported (N02), of these kinds ("ThresholdMonitoring" …) or all."""
        payload = {} if criteria is None else {"monitoringCriteria": list(criteria)}
        return await self.collect("GetMonitoringReport", payload, "NotifyMonitoringReport", within_s)
