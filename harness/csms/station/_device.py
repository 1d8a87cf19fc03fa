"""The device model and everyday management: variables, reports, triggers, reset, availability, logs, and drivers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from harness.csms.station._exchange import Answer
from harness.csms.station._link import StationLink
from harness.csms.station._reports import Collected

Variable = tuple[str, str] | tuple[str, str, str] | tuple[str, str, str, int]


class DeviceOperations(StationLink):
    """Get/SetVariables (B05, B06), reports (B07, B08), TriggerMessage (F06), Reset (B11), availability, logs."""

    async def get_variables(self, wanted: Iterable[Variable], within_s: float | None = None) -> Answer:
        """Read variables: (component, variable[, attribute type[, evse id]]); "Name[instance]" names an instance."""
        data = [named(each, "attributeType") for each in wanted]
        return await self.call("GetVariables", {"getVariableData": data}, within_s)

    async def variable(self, component: str, name: str, *, within_s: float | None = None) -> str | None:
        """The actual value of one variable; None when the station does not give it."""
        answer = await self.get_variables([(component, name)], within_s)
        for result in answer.payload.get("getVariableResult", []):
            if result.get("attributeStatus") == "Accepted":
                value = result.get("attributeValue")
                return value if isinstance(value, str) else None
        return None

    async def set_variables(self, values: Iterable[tuple[Variable, str]], within_s: float | None = None) -> Answer:
        """Write variables: ((component, variable[, attribute type[, evse id]]), value)."""
        data = [{**named(each, "attributeType"), "attributeValue": value} for each, value in values]
        return await self.call("SetVariables", {"setVariableData": data}, within_s)

    async def get_base_report(self, base: str = "FullInventory", within_s: float = 60.0) -> Collected:
        """The device model; `entries("reportData")` of the result lists its variables."""
        return await self.collect("GetBaseReport", {"reportBase": base}, "NotifyReport", within_s)

    async def get_report(
        self,
        variables: Iterable[Variable | tuple[str]] | None = None,
        criteria: Iterable[str] | None = None,
        within_s: float = 60.0,
    ) -> Collected:
        """A part of the device model, by component (and variable) or by criteria ("Active", "Problem" …)."""
        payload: dict[str, Any] = {}
        if variables is not None:
            payload["componentVariable"] = [named(each, None) for each in variables]
        if criteria is not None:
            payload["componentCriteria"] = list(criteria)
        return await self.collect("GetReport", payload, "NotifyReport", within_s)

    async def trigger_message(
        self,
        message: str,
        evse_id: int | None = None,
        connector_id: int | None = None,
        *,
        custom: str | None = None,
        within_s: float | None = None,
    ) -> Answer:
        """Ask the station to send `message` now (F06); `custom` is 2.1's customTrigger."""
        payload: dict[str, Any] = {"requestedMessage": message}
        if evse_id is not None:
            payload["evse"] = {"id": evse_id} | ({"connectorId": connector_id} if connector_id is not None else {})
        if custom is not None:
            payload["customTrigger"] = custom
        return await self.call("TriggerMessage", payload, within_s)

    async def reset(self, how: str = "OnIdle", evse_id: int | None = None, within_s: float | None = None) -> Answer:
        """Reset the station (or one EVSE): "Immediate", "OnIdle", in 2.1 also "ImmediateAndResume"."""
        return await self.call("Reset", {"type": how} | ({"evseId": evse_id} if evse_id is not None else {}), within_s)

    async def change_availability(
        self,
        status: str = "Operative",
        evse_id: int | None = None,
        connector_id: int | None = None,
        within_s: float | None = None,
    ) -> Answer:
        """Make the station, an EVSE or a connector "Operative" or "Inoperative" (G03, G04)."""
        payload: dict[str, Any] = {"operationalStatus": status}
        if evse_id is not None:
            payload["evse"] = {"id": evse_id} | ({"connectorId": connector_id} if connector_id is not None else {})
        return await self.call("ChangeAvailability", payload, within_s)

    async def get_log(
        self,
        location: str,
        kind: str = "DiagnosticsLog",
        *,
        request_id: int | None = None,
        oldest: str | None = None,
        latest: str | None = None,
        within_s: float | None = None,
    ) -> Answer:
        """Ask for an upload of the log to `location` (N01); `csms.files.upload_url("log")` takes it."""
        log: dict[str, Any] = {"remoteLocation": location}
        if oldest is not None:
            log["oldestTimestamp"] = oldest
        if latest is not None:
            log["latestTimestamp"] = latest
        payload = {"log": log, "logType": kind, "requestId": request_id or self.next_number()}
        return await self.call("GetLog", payload, within_s)


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


def named(wanted: tuple[Any, ...], attribute: str | None) -> dict[str, Any]:
    """Component and variable as OCPP names them; `attribute` is the field that takes the attribute's type."""
    component = _instance(wanted[0])
    if len(wanted) > 3:
        component["evse"] = {"id": wanted[3]}
    named: dict[str, Any] = {"component": component}
    if len(wanted) > 1:
        named["variable"] = _instance(wanted[1])
    if attribute is not None and len(wanted) > 2 and wanted[2]:
        named[attribute] = wanted[2]
    return named


def _instance(text: str) -> dict[str, Any]:
    name, bracket, rest = text.partition("[")
    return {"name": name, "instance": rest.rstrip("]")} if bracket else {"name": name}
