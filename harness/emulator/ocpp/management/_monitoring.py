"""Monitors on numbers of the device model: set, cleared, reported, and heard from (N02 to N07)."""

from __future__ import annotations

import asyncio

from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._rpc import Answer
from harness.emulator.ocpp.provisioning._model import Json, Variable

CRITERIA = {
    "UpperThreshold": "ThresholdMonitoring",
    "LowerThreshold": "ThresholdMonitoring",
    "Delta": "DeltaMonitoring",
}
LEAST_SEVERE = 9
PART = 10
TICK_S = 1.0
EVENT_IDS = 500_000_000  # apart from those of connectors


class Monitoring:
    """By id: {component, variable, type, value, severity, transaction}; kept through a reboot."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._set: dict[int, Json] = {int(k): v for k, v in client.storage.load("monitors", {}).items()}
        self._seen: dict[int, float] = {}
        self._beyond: set[int] = set()
        self._event_id = EVENT_IDS

    @answers("SetVariableMonitoring")
    def set_variable_monitoring(self, request: Json) -> Json:
        """N04."""
        return {"setMonitoringResult": [self._put(each) for each in request["setMonitoringData"]]}

    @answers("ClearVariableMonitoring")
    def clear_variable_monitoring(self, request: Json) -> Json:
        """N06."""
        out = []
        for number in request["id"]:
            gone = self._set.pop(number, None)
            self._seen.pop(number, None)
            self._beyond.discard(number)
            out.append({"id": number, "status": "NotFound" if gone is None else "Accepted"})
        self._save()
        return {"clearMonitoringResult": out}

    @answers("SetMonitoringBase")
    def set_monitoring_base(self, request: Json) -> Json:
        """N03; it has no monitors of its own: all but "All" leaves it with none."""
        if request["monitoringBase"] != "All":
            self._set.clear()
            self._seen.clear()
            self._beyond.clear()
            self._save()
        self._client.model.put("MonitoringCtrlr", "ActiveMonitoringBase", request["monitoringBase"])
        return {"status": "Accepted"}

    @answers("SetMonitoringLevel")
    def set_monitoring_level(self, request: Json) -> Json:
        """N05: less severe than this (a larger number) is not told."""
        if not 0 <= request["severity"] <= LEAST_SEVERE:
            return {"status": "Rejected"}
        self._client.model.put("MonitoringCtrlr", "ActiveMonitoringLevel", str(request["severity"]))
        return {"status": "Accepted"}

    @answers("GetMonitoringReport")
    def get_monitoring_report(self, request: Json) -> Answer:
        """N02: by component and variable, or by kind of monitor."""
        criteria, asked = request.get("monitoringCriteria"), request.get("componentVariable", [])
        found = {
            number: each
            for number, each in self._set.items()
            if (criteria is None or CRITERIA[each["type"]] in criteria)
            and (not asked or any(_is_about(each, one) for one in asked))
        }
        if not found:
            return Answer({"status": "EmptyResultSet"})
        return Answer({"status": "Accepted"}, lambda: self._report(request["requestId"], found))

    async def run(self) -> None:
        """Watch what is monitored, for ever (N07)."""
        while True:
            await asyncio.sleep(TICK_S)
            for number, each in list(self._set.items()):
                variable = self._client.model.locate(each)
                value = None if isinstance(variable, str) else _number(variable)
                if value is not None and self._is_news(number, each, value):
                    self._tell(number, each, value)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _put(self, item: Json) -> Json:
        about = {"component": item["component"], "variable": item["variable"]}
        out = {"type": item["type"], "severity": item["severity"], **about}
        variable = self._client.model.locate(item)
        if isinstance(variable, str):
            return {**out, "status": variable}
        if item["type"] not in CRITERIA or not variable.monitored:
            return {**out, "status": "UnsupportedMonitorType"}
        wanted = item.get("id")
        if (wanted is not None and wanted not in self._set) or _unfit(variable, item):
            return {**out, "status": "Rejected"}
        number = wanted or 1 + max(self._set, default=0)
        kept = {"value": item["value"], "transaction": item.get("transaction", False)}
        self._set[number] = {**out, **kept}
        self._save()
        return {**out, "id": number, "status": "Accepted"}

    async def _report(self, request_id: int, found: dict[int, Json]) -> None:
        entries = [self._entry(number, each) for number, each in found.items()]
        parts = [entries[at : at + PART] for at in range(0, len(entries), PART)]
        for number, part in enumerate(parts):
            payload: Json = {"requestId": request_id, "generatedAt": self._client.time.text(), "seqNo": number}
            payload |= {"tbc": number + 1 < len(parts), "monitor": part}
            await self._client.call("NotifyMonitoringReport", payload, triggered=True)

    def _entry(self, number: int, each: Json) -> Json:
        about = {k: each[k] for k in ("type", "severity", "value", "transaction")}
        if self._client.model.version == "ocpp2.1":
            about["eventNotificationType"] = "CustomMonitor"
        return {
            "component": each["component"],
            "variable": each["variable"],
            "variableMonitoring": [{"id": number, **about}],
        }

    def _is_news(self, number: int, each: Json, value: float) -> bool:
        if each["type"] == "Delta":
            before = self._seen.setdefault(number, value)
            if abs(value - before) < each["value"]:
                return False
            self._seen[number] = value
            return True
        upper = each["type"] == "UpperThreshold"
        beyond = value > each["value"] if upper else value < each["value"]
        news = beyond is not (number in self._beyond)
        (self._beyond.add if beyond else self._beyond.discard)(number)
        return news

    def _tell(self, number: int, each: Json, value: float) -> None:
        if each["severity"] > self._client.model.integer("MonitoringCtrlr", "ActiveMonitoringLevel"):
            return
        self._event_id += 1
        now = self._client.time.text()
        event: Json = {
            "eventId": self._event_id,
            "timestamp": now,
            "trigger": "Delta" if each["type"] == "Delta" else "Alerting",
            "actualValue": f"{value:g}",
            "component": each["component"],
            "variable": each["variable"],
            "variableMonitoringId": number,
            "eventNotificationType": "CustomMonitor",
        }
        if each["type"] != "Delta" and number not in self._beyond:
            event["cleared"] = True
        payload = {"generatedAt": now, "seqNo": 0, "tbc": False, "eventData": [event]}
        self._client.outbox.put("NotifyEvent", payload)

    def _save(self) -> None:
        self._client.storage.save("monitors", self._set)


def _unfit(variable: Variable, item: Json) -> bool:
    """N04.FR.06, N04.FR.14: a threshold beyond what the variable can be, or a negative difference."""
    if item["type"] == "Delta":
        return bool(item["value"] < 0)
    below = variable.low is not None and item["value"] < variable.low
    return bool(below or (variable.high is not None and item["value"] > variable.high))


def _number(variable: Variable) -> float | None:
    try:
        return float(variable.read() if variable.read else variable.value)
    except ValueError:
        return None


def _is_about(monitor: Json, wanted: Json) -> bool:
    component, variable = wanted["component"], wanted.get("variable")
    same = str(component["name"]).lower() == str(monitor["component"]["name"]).lower()
    return same and (variable is None or str(variable["name"]).lower() == str(monitor["variable"]["name"]).lower())
