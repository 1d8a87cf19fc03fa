"""The device model and everyday management: variables, reports, triggers, reset, availability, logs."""

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
        data = [_named(each, "attributeType") for each in wanted]
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
        data = [{**_named(each, "attributeType"), "attributeValue": value} for each, value in values]
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
            payload["componentVariable"] = [_named(each, None) for each in variables]
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
        """Ask for an upload of the log to `location` (N01); `csms.files.url("log")` takes it."""
        log: dict[str, Any] = {"remoteLocation": location}
        if oldest is not None:
            log["oldestTimestamp"] = oldest
        if latest is not None:
            log["latestTimestamp"] = latest
        payload = {"log": log, "logType": kind, "requestId": request_id or self.next_number()}
        return await self.call("GetLog", payload, within_s)


def _named(wanted: tuple[Any, ...], attribute: str | None) -> dict[str, Any]:
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
