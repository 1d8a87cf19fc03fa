"""Each rule of OCPP: a stream that keeps it and one that breaks it, differing in as little as can be."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from harness.judge.rules import CSMS, known_rules
from tests.rules._of_logs import OF_LOGS
from tests.rules._second_readers import CASES as SECOND_READERS
from tests.rules._stream import BOOT, Stream, meter, sample, stamp

Steps = Callable[[Stream], Any]
OK: dict[str, str] = {"status": "Accepted"}
NAME = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}
OTHER = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "Other"}}


def running(s: Stream) -> Stream:
    """Booted, with an authorized transaction T1 on EVSE 1, connector 1."""
    s.opened().boots().state("Occupied")
    token = {"idToken": {"idToken": "A", "type": "Central"}}
    return s.event("Started", 0, "Authorized", state="Charging", evse={"id": 1, "connectorId": 1}, **token)


def leaves(s: Stream) -> Stream:
    """Its car leaves."""
    return s.event("Ended", 1, "EVCommunicationLost", state="Idle", reason="EVDisconnected")


def cable(s: Stream, kind: str = "cType2") -> Stream:
    """What connector 1 of EVSE 1 is, as the device model tells it: a fixed cable, or a socket ("sType2")."""
    at = {
        "component": {"name": "Connector", "evse": {"id": 1, "connectorId": 1}},
        "variable": {"name": "ConnectorType"},
    }
    return gets(s, at | {"attributeStatus": "Accepted", "attributeType": "Actual", "attributeValue": kind})


def lists(s: Stream, value: str = "A", kind: str = "MemberList", **characteristics: Any) -> Stream:
    """A report of one variable, which is a list."""
    attribute = {"value": value} if value else {}
    about = {"dataType": kind, "supportsMonitoring": False, **characteristics}
    data = [NAME | {"variableAttribute": [attribute], "variableCharacteristics": about}]
    return s.sends("NotifyReport", {"requestId": 1, "seqNo": 0, "generatedAt": stamp(s.now), "reportData": data})


MONITOR = NAME | {"id": 1, "status": "Accepted", "type": "UpperThreshold", "severity": 5}


def monitors(s: Stream, *results: dict[str, Any]) -> Stream:
    """One monitor is to be set."""
    asked = {"setMonitoringData": [NAME | {"value": 1.0, "type": "UpperThreshold", "severity": 5}]}
    return s.answered("SetVariableMonitoring", asked, {"setMonitoringResult": list(results)})


def clears(s: Stream, *ids: int) -> Stream:
    """Monitors 1 and 2 are to be cleared, and those of `ids` are."""
    results = [{"id": n, "status": "Accepted"} for n in ids]
    return s.answered("ClearVariableMonitoring", {"id": [1, 2]}, {"clearMonitoringResult": results})


def ended(s: Stream) -> Stream:
    """The same, over."""
    return running(s).event("Ended", 1, "RemoteStop", reason="Remote", state="EVConnected").after(1)


def told(value: Any, status: str = "Accepted", name: dict[str, Any] = NAME, **more: Any) -> dict[str, Any]:
    """An entry of GetVariables' result."""
    found = {"attributeStatus": status, "attributeType": "Actual"} | name | more
    return found if value is None else found | {"attributeValue": value}


def gets(s: Stream, *results: dict[str, Any]) -> Stream:
    """GetVariables of one variable."""
    return s.answered("GetVariables", {"getVariableData": [NAME]}, {"getVariableResult": list(results)})


def sets(s: Stream, *results: dict[str, Any]) -> Stream:
    """SetVariables of one variable to 60."""
    asked = {"setVariableData": [NAME | {"attributeValue": "60"}]}
    return s.answered("SetVariables", asked, {"setVariableResult": list(results)})


def asks(s: Stream, action: str, answer: Any = OK, code: str | None = None, **request: Any) -> Stream:
    """The backend asks, the station answers."""
    return s.answered(action, request, answer, code)


def reads_firmware(s: Stream, now: str, told_: str) -> Stream:
    """It boots with firmware 1, then with `now`, and its device model says `told_`."""
    station = {"model": "M", "vendorName": "V"}
    for version in ("1", now):
        s.opened().boots(chargingStation=station | {"firmwareVersion": version})
    name = {"component": {"name": "ChargingStation"}, "variable": {"name": "FirmwareVersion"}}
    return gets(s, told(told_, name=name))


def report(s: Stream, action: str, *parts: dict[str, Any]) -> Stream:
    """Parts of a report."""
    for part in parts:
        s.sends(action, part)
    return s


def late(s: Stream, seconds: float = 2000) -> Stream:
    """Time passes, and the station is heard meanwhile."""
    for _ in range(100):
        s.after(seconds / 100).sends("Heartbeat", {}, {"currentTime": stamp(s.now)})
    return s


def silent(s: Stream, seconds: float) -> Stream:
    """Time passes, and the station is heard again."""
    return s.after(seconds).sends("Heartbeat", {}, {"currentTime": stamp(s.now)})


def registers(*values: float, **more: Any) -> Steps:
    """A transaction that tells a register in each event."""
    last = len(values) - 1

    def steps(s: Stream) -> None:
        for n, value in enumerate(values):
            kind = "Started" if n == 0 else "Ended" if n == last else "Updated"
            s.event(kind, n, **meter(s.now, sample(value, **more))).after(10)

    return steps


def periodic(s: Stream, *seconds: float) -> Stream:
    """Periodic events of the running transaction, by their own times."""
    for n, at in enumerate(seconds, 1):
        s.after(60).event("Updated", n, "MeterValuePeriodic", timestamp=stamp(at))
    return s


def beside(s: Stream, begun: float, told: float, after_s: float = 9, **more: Any) -> Stream:
    """A transaction on EVSE 1 begins at a register, and MeterValues tell it a while later."""
    s.event("Started", 0, **ON_ONE, **meter(s.now, sample(begun, context="Transaction.Begin")))
    return s.after(after_s).sends("MeterValues", {"evseId": 1, **meter(s.now, sample(told)), **more})


def powered(s: Stream, grew: float) -> None:
    """Half a minute at 12 kW."""
    for n, wh in enumerate((1000.0, 1000.0 + grew)):
        values = sample(12000, "Power.Active.Import", "W"), sample(wh)
        s.event("Started" if n == 0 else "Updated", n, **meter(s.now, *values)).after(30)


def firmware(s: Stream, *states: str, request: int | None = 7) -> Stream:
    """An update and its states."""
    asks(s, "UpdateFirmware", requestId=7, firmware={})
    for state in states:
        s.sends("FirmwareStatusNotification", {"status": state} | ({} if request is None else {"requestId": request}))
    return s


def offline(flag: dict[str, bool]) -> Steps:
    """A minute offline, and an event from then."""

    def steps(s: Stream) -> None:
        running(s).after(5).closed().after(60).opened()
        s.sends("TransactionEvent", {
            "eventType": "Updated", "timestamp": stamp(s.now - 30), "triggerReason": "Trigger", "seqNo": 1,
            "transactionInfo": {"transactionId": "T1"},
        } | flag)  # fmt: skip

    return steps


def profile(limit: int = 10, **more: Any) -> dict[str, Any]:
    """A charging profile."""
    periods = [{"startPeriod": 0, "limit": limit}]
    schedule = [{"id": 1, "chargingRateUnit": "A", "chargingSchedulePeriod": periods}]
    return {"id": 5, "stackLevel": 0, "chargingProfilePurpose": "TxDefaultProfile", "chargingSchedule": schedule} | more


def schedule(s: Stream, *starts: int, duration: int = 60, evse: int = 1, unit: str = "A") -> Stream:
    """GetCompositeSchedule of EVSE 1, 60 s, in A."""
    periods = [{"startPeriod": each, "limit": 10} for each in starts]
    found = {"evseId": evse, "duration": duration, "chargingRateUnit": unit, "chargingSchedulePeriod": periods}
    return asks(s, "GetCompositeSchedule", OK | {"schedule": found}, evseId=1, duration=60, chargingRateUnit="A")


def whole(s: Stream, limit: int, **more: Any) -> dict[str, Any]:
    """A lasting limit of the whole station."""
    schedule_ = profile(limit)["chargingSchedule"][0] | {"startSchedule": stamp(s.now - 60)}
    kinds = {"chargingProfilePurpose": "ChargingStationMaxProfile", "chargingProfileKind": "Absolute"}
    return profile(limit, chargingSchedule=[schedule_], **(kinds | more))


def of_all(s: Stream, limit: int, **more: Any) -> Stream:
    """The same set, after those there were are gone."""
    asks(s, "ClearChargingProfile", chargingProfileCriteria={"chargingProfilePurpose": "ChargingStationMaxProfile"})
    return asks(s, "SetChargingProfile", evseId=0, chargingProfile=whole(s, limit, **more))


BY_REMOTE = ("Started", 0, "RemoteStart")


def charges(s: Stream) -> Stream:
    """It comes to charge, and ends."""
    s.event("Updated", 1, "ChargingStateChanged", state="Charging")
    return s.event("Ended", 2, "RemoteStop", reason="Remote")


def flows(s: Stream, state: str) -> None:
    """Half a minute at 12 kW, in a state."""
    s.event("Started", 0, state="EVConnected", **meter(s.now, sample(0, context="Transaction.Begin")))
    s.event("Updated", 1, state=state).after(3)
    s.event("Updated", 2, **meter(s.now, sample(10))).after(30).event("Updated", 3, **meter(s.now, sample(110)))


def triggered_too_early(s: Stream) -> None:
    """A heartbeat before the answer to its trigger, and none after it."""
    s.raw('[2,"t","TriggerMessage",{"requestedMessage":"Heartbeat"}]', CSMS).after(0.1)
    s.sends("Heartbeat", {}, {"currentTime": stamp(s.now)}).raw('[3,"t",{"status":"Accepted"}]')
    for _ in range(12):
        security(s.after(2), "SettingSystemTime")


def kept_to(s: Stream, then_s: float) -> None:
    """Values each minute, and one after so many seconds."""
    name = {"component": {"name": "SampledDataCtrlr"}, "variable": {"name": "TxUpdatedInterval"}}
    gets(running(s), told("60", name=name))
    for n, after_s in enumerate((60, 60, then_s), 1):
        s.after(after_s).event("Updated", n, "MeterValuePeriodic")


def stops(s: Stream, status: str, tx: str = "T1") -> Stream:
    return asks(s, "RequestStopTransaction", {"status": status}, transactionId=tx)


def starts(s: Stream, answer: dict[str, Any] = OK) -> Stream:
    request = {"remoteStartId": 9, "idToken": {"idToken": "A", "type": "Central"}, "evseId": 1}
    return s.answered("RequestStartTransaction", request, answer)


def remote(s: Stream, token: str = "A", **more: Any) -> Stream:
    started = {"idToken": {"idToken": token, "type": "Central"}} | more
    return starts(s.boots()).event("Started", 0, "RemoteStart", **started)


def notices(s: Stream, *numbers: tuple[int, bool]) -> Stream:
    for number, more in numbers:
        s.sends("NotifyEvent", {"generatedAt": stamp(s.now), "seqNo": number, "tbc": more, "eventData": []})
    return s


def gap(s: Stream, *numbers: int) -> Stream:
    running(s)
    for number in numbers:
        s.event("Updated", number)
    return late(s)


def heartbeats_set_the_clock(s: Stream) -> Stream:
    """Booted, and it said that its clock is set by heartbeats."""
    source = {"component": {"name": "ClockCtrlr"}, "variable": {"name": "TimeSource"}}
    return gets(s.boots(), told("Heartbeat", name=source))


def ahead(s: Stream, seconds: float) -> Stream:
    """An event by a clock that is ahead."""
    return s.sends("NotifyEvent", {"generatedAt": stamp(s.now + seconds), "seqNo": 0, "eventData": []})


def security(s: Stream, kind: str) -> Stream:
    return s.sends("SecurityEventNotification", {"type": kind, "timestamp": stamp(s.now)})


CHARGING = {"state": "Charging"}
DOWN = {"operationalStatus": "Inoperative"}
ON_ONE = {"evse": {"id": 1, "connectorId": 1}}
RESET = {"type": "Immediate"}


# rule: (kept by, broken by)
def knows(s: Stream, name: str, value: str, kind: str = "MemberList", mutability: str = "ReadWrite") -> Stream:
    """It reports a variable ("component.variable"): its value, type and mutability."""
    component, variable = name.split(".")
    traits = {"dataType": kind, "supportsMonitoring": False}
    item = {"component": {"name": component}, "variable": {"name": variable}, "variableCharacteristics": traits}
    item["variableAttribute"] = [{"value": value, "mutability": mutability}]
    return s.sends("NotifyReport", {"requestId": 1, "generatedAt": stamp(0), "seqNo": 0, "reportData": [item]})


def metered(s: Stream, of: str, *kinds: str, **more: Any) -> Stream:
    """It reports a list of measurands that holds the register, then tells a session's events."""
    knows(s, f"SampledDataCtrlr.{of}", "Energy.Active.Import.Register")
    for number, kind in enumerate(kinds):
        last = more if number == len(kinds) - 1 else {}
        s.event(kind, number, evse={"id": 1, "connectorId": 1}, **last)
    return s


def only(s: Stream, asked: str, name: str) -> Stream:
    """Asked for one component, it reports a variable."""
    asks(s, "GetReport", requestId=1, componentVariable=[{"component": {"name": asked}}])
    return knows(s, name, "1")


def is_set(s: Stream, value: str) -> Stream:
    """It accepts a value for an integer."""
    what = {"component": {"name": "TxCtrlr"}, "variable": {"name": "EVConnectionTimeOut"}}
    knows(s, "TxCtrlr.EVConnectionTimeOut", "30", "integer")
    result = {"setVariableResult": [what | {"attributeStatus": "Accepted"}]}
    return asks(s, "SetVariables", result, setVariableData=[what | {"attributeValue": value}])


def is_read(s: Stream, mutability: str) -> Stream:
    """It tells the value of a variable that its report calls so."""
    what = {"component": {"name": "TxCtrlr"}, "variable": {"name": "EVConnectionTimeOut"}}
    return gets(knows(s, "TxCtrlr.EVConnectionTimeOut", "30", "integer", mutability), told("30", name=what))


def frees(s: Stream, status: str) -> Stream:
    """A default limit was accepted, and shall be cleared by its number."""
    return asks(limits(s, "Accepted"), "ClearChargingProfile", {"status": status}, chargingProfileId=5)


CASES: dict[str, tuple[Steps, Steps]] = {
    "B05.R007": (lambda s: is_set(s, "60"), lambda s: is_set(s, "soon")),
    "B06.R009": (lambda s: is_read(s, "ReadWrite"), lambda s: is_read(s, "WriteOnly")),
    "B08.R011": (lambda s: only(s, "TxCtrlr", "TxCtrlr.X"), lambda s: only(s, "TxCtrlr", "AuthCtrlr.Enabled")),
    "E01.R014": (
        lambda s: metered(s, "TxStartedMeasurands", "Started", **meter(0, sample(0))),
        lambda s: metered(s, "TxStartedMeasurands", "Started"),
    ),
    "E06.R011": (
        lambda s: metered(s, "TxEndedMeasurands", "Started", "Ended", **meter(0, sample(0))),
        lambda s: metered(s, "TxEndedMeasurands", "Started", "Ended"),
    ),
    "K10.R001": (lambda s: frees(s, "Accepted"), lambda s: frees(s, "Unknown")),
    "A04.R001": (
        lambda s: security(s.boots(), "StartupOfTheDevice"),
        lambda s: late(s.boots().state("Available")),
    ),
    "B01.R001": (
        lambda s: asks(s.opened().boots(), "Reset", **RESET).closed().opened().boots(reason="RemoteReset"),
        lambda s: (
            asks(s.opened().boots(), "Reset", **RESET).closed().opened().state("Available").boots(reason="RemoteReset")
        ),
    ),
    "B01.R002": (
        lambda s: s.boots().sends("BootNotification", {}, open=True).sends("BootNotification", {}, open=True),
        lambda s: s.boots().sends("BootNotification", {}, open=True).after(9).state("Available"),
    ),
    "B01.R003": (
        lambda s: asks(s.boots(), "Reset", **RESET).boots(reason="RemoteReset"),
        lambda s: asks(s.boots(), "Reset", **RESET).boots(reason="PowerUp"),
    ),
    "B01.R005": (
        lambda s: heartbeats_set_the_clock(s).after(60).state("Available"),
        lambda s: ahead(heartbeats_set_the_clock(s).after(60), 60),
    ),
    "B01.R006": (lambda s: s.boots().state("Available"), lambda s: late(s.boots().sends("Heartbeat", {}))),
    "B01.R008": (
        lambda s: reads_firmware(s, "2", "2"),
        lambda s: reads_firmware(s, "2", "1"),
    ),
    "B01.R007": (
        lambda s: s.boots().boots(),
        lambda s: s.boots().boots(chargingStation={"model": "X", "vendorName": "V"}),
    ),
    "B02.R002": (
        lambda s: asks(s.boots("Pending"), "TriggerMessage", requestedMessage="Heartbeat").sends("Heartbeat", {}),
        lambda s: s.boots("Pending").sends("Heartbeat", {}),
    ),
    "B02.R004": (
        lambda s: s.opened().boots("Pending", 60).after(60).boots(),
        lambda s: s.opened().boots("Pending", 60).after(20).boots(),
    ),
    "B02.R005": (lambda s: starts(s.boots("Pending"), {"status": "Rejected"}), lambda s: starts(s.boots("Pending"))),
    "B02.R008": (
        lambda s: s.boots("Pending", 60).after(60).boots(),
        lambda s: late(s.boots("Pending", 60).after(5).sends("Heartbeat", {})),
    ),
    "B03.R002": (lambda s: s.boots("Rejected", 60).after(60).boots(), lambda s: s.boots("Rejected").state("Available")),
    "B03.R008": (
        lambda s: asks(s.boots("Rejected"), "Reset", None, "SecurityError", **RESET),
        lambda s: asks(s.boots("Rejected"), "Reset", **RESET),
    ),
    "B05.R001": (lambda s: sets(s, told(None)), lambda s: sets(s, told(None), told(None))),
    "B05.R002": (lambda s: sets(s, told(None)), lambda s: sets(s, told(None, name=OTHER))),
    "B05.R003": (lambda s: sets(s, told(None)), lambda s: sets(s, told(None, attributeType="Target"))),
    "B05.R010": (lambda s: gets(sets(s, told(None)), told("60.0")), lambda s: gets(sets(s, told(None)), told("30"))),
    "B06.R001": (lambda s: gets(s, told("1")), lambda s: gets(s)),
    "B06.R002": (lambda s: gets(s, told("1")), lambda s: gets(s, told("1", name=OTHER))),
    "B06.R003": (lambda s: gets(s, told("1")), lambda s: gets(s, told("1", attributeType="MaxSet"))),
    "B06.R006": (lambda s: gets(s, told(None, "UnknownVariable")), lambda s: gets(s, told("1", "UnknownVariable"))),
    "B06.R010": (lambda s: gets(s, told("")), lambda s: gets(s, told(None))),
    "B07.R007": (
        lambda s: lists(s, valuesList="A,W"),
        lambda s: lists(s),
    ),
    "B07.R008": (
        lambda s: lists(s, "W,A", valuesList="A,W"),
        lambda s: lists(s, "A,VA", valuesList="A,W"),
    ),
    "B11.R003": (
        lambda s: asks(s.opened().boots(), "Reset", **RESET).closed().after(30).opened().boots(),
        lambda s: late(asks(s.opened().boots(), "Reset", **RESET).closed().after(9).opened().state("Available")),
    ),
    "B12.R001": (
        lambda s: asks(running(s), "Reset", {"status": "Scheduled"}, type="OnIdle"),
        lambda s: late(late(asks(running(s), "Reset", type="OnIdle"), 60)),
    ),
    "B12.R004": (
        lambda s: asks(running(s), "Reset", **RESET).event("Ended", 1, "ResetCommand", reason="ImmediateReset"),
        lambda s: late(late(asks(running(s), "Reset", **RESET), 60)),
    ),
    "E01.R001": (lambda s: gap(s, 2, 1, 3), lambda s: late(gap(s, 2, 3))),
    "E01.R002": (lambda s: gap(s, 1, 2), lambda s: running(s).after(9).event("Updated", 0, "MeterValueClock")),
    "E01.R003": (lambda s: running(s).event("Started", 0, tx="T2"), lambda s: ended(s).event("Started", 5)),
    "E01.R004": (lambda s: ended(s), lambda s: ended(s).event("Updated", 2)),
    "E01.R005": (lambda s: s.event("Started", 0), lambda s: s.event("Updated", 0)),
    "E01.R006": (lambda s: running(s).event("Updated", 1, **CHARGING), lambda s: s.event("Started", 0, **CHARGING)),
    "E01.R007": (
        lambda s: ended(s).event("Started", 0, tx="T2", **ON_ONE),
        lambda s: running(s).event("Started", 0, tx="T2", **ON_ONE),
    ),
    "E01.R008": (
        lambda s: s.event("Updated", 1, "ChargingStateChanged", **CHARGING),
        lambda s: s.event("Updated", 1, "ChargingStateChanged"),
    ),
    "E01.R009": (
        lambda s: periodic(running(heartbeats_set_the_clock(s)), 60, 120),
        lambda s: periodic(running(heartbeats_set_the_clock(s)), 60, -30),
    ),
    "E01.R010": (
        lambda s: running(s).event("Updated", 1, **ON_ONE),
        lambda s: running(s).event("Updated", 1, evse={"id": 2, "connectorId": 1}),
    ),
    "E01.R011": (
        lambda s: s.event("Started", 0, "CablePluggedIn", state="EVConnected"),
        lambda s: s.event("Started", 0, "CablePluggedIn", state="Idle"),
    ),
    "E01.R012": (
        lambda s: s.event("Started", 0, **ON_ONE),
        lambda s: s.event("Started", 0, evse={"id": 1, "connectorId": 0}),
    ),
    "E02.R001": (running, lambda s: s.event("Started", 0, "Authorized")),
    "E02.R017": (
        lambda s: running(s).event("Updated", 1, "ChargingStateChanged", state="SuspendedEV"),
        lambda s: (
            running(s).event("Updated", 1, "MeterValuePeriodic", state="SuspendedEV").event("Ended", 2, "RemoteStop")
        ),
    ),
    "E02.R018": (
        lambda s: s.event("Updated", 1, numberOfPhasesUsed=3, **CHARGING),
        lambda s: s.event("Updated", 1, numberOfPhasesUsed=4, **CHARGING),
    ),
    "E04.R003": (offline({"offline": True}), offline({})),
    "E04.R004": (
        lambda s: running(s).after(20).state("Occupied").event("Updated", 1, **CHARGING),
        lambda s: running(s).after(20).state("Occupied").event("Updated", 1, offline=True, **CHARGING),
    ),
    "E06.R008": (
        lambda s: s.event("Ended", 1, "RemoteStop", reason="Remote"),
        lambda s: s.event("Ended", 1, "RemoteStop"),
    ),
    "E06.R016": (
        lambda s: s.event("Ended", 1, "EVCommunicationLost", state="Idle", reason="EVDisconnected"),
        lambda s: s.event("Ended", 1, "EVCommunicationLost", reason="EVDisconnected", **CHARGING),
    ),
    "E06.R017": (
        lambda s: s.event("Ended", 1, "ResetCommand", reason="ImmediateReset"),
        lambda s: s.event("Ended", 1, "ResetCommand", reason="Local"),
    ),
    "E06.R018": (
        lambda s: running(s).event("Ended", 1, "EVCommunicationLost", reason="EVDisconnected", state="Idle"),
        lambda s: running(s).event("Ended", 1, "EVCommunicationLost", reason="Local", state="Idle"),
    ),
    "E01.R013": (lambda s: flows(s, "Charging"), lambda s: flows(s, "EVConnected")),
    "E01.R015": (
        lambda s: charges(remote(s, remote=9)),
        lambda s: charges(starts(s.boots()).event(*BY_REMOTE, remote=9)),
    ),
    "E06.R020": (
        lambda s: running(s).event("Ended", 1, "AbnormalCondition", reason="GroundFault"),
        lambda s: running(s).event("Ended", 1, "ChargingStateChanged", reason="GroundFault"),
    ),
    "E14.R002": (
        lambda s: asks(running(s), "GetTransactionStatus", {"ongoingIndicator": True}, transactionId="T1"),
        lambda s: asks(ended(s), "GetTransactionStatus", {"ongoingIndicator": True}, transactionId="T1"),
    ),
    "E14.R006": (
        lambda s: asks(s, "GetTransactionStatus", {"messagesInQueue": False}),
        lambda s: asks(s, "GetTransactionStatus", {"messagesInQueue": False, "ongoingIndicator": False}),
    ),
    "F01.R001": (lambda s: remote(s, remote=9), lambda s: remote(s, remote=8)),
    "F01.R004": (lambda s: remote(s, remote=9), lambda s: remote(s, "B", remote=9)),
    "F02.R005": (
        lambda s: remote(s, remote=9),
        lambda s: starts(s.boots()).event("Started", 0, "RemoteStart", remote=9),
    ),
    "F02.R021": (
        lambda s: remote(s, remote=9),
        lambda s: starts(s.boots()).event("Started", 0, "Authorized", remote=9),
    ),
    "F01.R013": (
        lambda s: starts(s.boots(), OK | {"transactionId": "T1"}).event("Updated", 1, "RemoteStart", remote=9),
        lambda s: starts(s.boots(), OK | {"transactionId": "T1"}).event(
            "Updated", 1, "Authorized", idToken={"idToken": "a", "type": "Central"}
        ),
    ),
    "F03.R002": (
        lambda s: stops(running(s), "Accepted").event("Ended", 1, "RemoteStop", reason="Remote"),
        lambda s: late(stops(running(s), "Accepted").event("Updated", 1)),
    ),
    "F03.R003": (
        lambda s: s.event("Ended", 1, "RemoteStop", reason="Remote"),
        lambda s: s.event("Ended", 1, "RemoteStop", reason="Local"),
    ),
    "F03.R004": (
        lambda s: stops(running(s), "Accepted").event("Ended", 1, "RemoteStop", reason="Remote"),
        lambda s: stops(running(s), "Accepted").after(5).event("Ended", 1, "StopAuthorized"),
    ),
    "F03.R007": (lambda s: stops(running(s), "Accepted"), lambda s: late(stops(running(s), "Rejected"))),
    "F03.R008": (lambda s: stops(ended(s), "Rejected"), lambda s: stops(ended(s), "Accepted")),
    "F05.R002": (
        lambda s: asks(
            running(s), "UnlockConnector", {"status": "OngoingAuthorizedTransaction"}, evseId=1, connectorId=1
        ),
        lambda s: late(late(asks(running(s), "UnlockConnector", {"status": "Unlocked"}, evseId=1, connectorId=1), 60)),
    ),
    "F06.R007": (
        lambda s: running(s).event("Updated", 1, **CHARGING),
        lambda s: running(s).event("Updated", 1),
    ),
    "F06.R004": (
        lambda s: asks(s, "TriggerMessage", requestedMessage="Heartbeat"),
        lambda s: triggered_too_early(s),
    ),
    "F06.R010": (
        lambda s: asks(s, "TriggerMessage", requestedMessage="Heartbeat").sends("Heartbeat", {}),
        lambda s: late(asks(s, "TriggerMessage", requestedMessage="MeterValues").state("Available")),
    ),
    "F06.R017": (
        lambda s: asks(s.boots(), "TriggerMessage", {"status": "Rejected"}, requestedMessage="BootNotification"),
        lambda s: asks(s.boots(), "TriggerMessage", requestedMessage="BootNotification"),
    ),
    "G01.R003": (running, lambda s: late(running(s).state("Available").event("Updated", 1, **CHARGING))),
    "G01.R004": (
        lambda s: running(s).state("Available").event("Updated", 1, state="EVConnected"),
        lambda s: late(running(s).state("Available").after(9).sends("Heartbeat", {})),
    ),
    "G01.R005": (
        lambda s: running(s.state("Available", 1, 2)).event("Updated", 1, **CHARGING).after(9).event("Ended", 2),
        lambda s: (
            running(s)
            .state("Available")
            .state("Occupied", 1, 2)
            .event("Updated", 1, **CHARGING)
            .after(9)
            .event("Ended", 2)
        ),
    ),
    "G01.R006": (
        lambda s: leaves(cable(running(s))).state("Available"),
        lambda s: late(leaves(cable(running(s))).sends("Heartbeat", {})),
    ),
    "G01.R010": (lambda s: s.state("Available"), lambda s: s.state("Available", 0)),
    "G01.R011": (
        lambda s: late(s.boots().state("Available").state("Available", 2)),
        lambda s: late(late(late(s.boots().state("Available").state("Available", 3), 40), 60)),
    ),
    "G02.R001": (
        lambda s: silent(s.opened().boots(interval=60), 59),
        lambda s: silent(s.opened().boots(interval=60), 200),
    ),
    "G03.R004": (
        lambda s: asks(s.state("Available"), "ChangeAvailability", operationalStatus="Inoperative").state(
            "Unavailable"
        ),
        lambda s: late(asks(s.state("Available"), "ChangeAvailability", operationalStatus="Inoperative").boots()),
    ),
    "G03.R005": (
        lambda s: asks(running(s), "ChangeAvailability", {"status": "Scheduled"}, operationalStatus="Inoperative"),
        lambda s: late(late(asks(running(s), "ChangeAvailability", operationalStatus="Inoperative"), 60)),
    ),
    "H01.R011": (
        lambda s: asks(s.state("Occupied"), "ReserveNow", {"status": "Occupied"}, evseId=1),
        lambda s: late(late(asks(s.state("Occupied"), "ReserveNow", evseId=1), 9)),
    ),
    "J02.R010": (
        lambda s: s.after(60).event("Updated", 1, **two_moments(50, 60)),
        lambda s: s.after(60).event("Updated", 1, **two_moments(50, 70)),
    ),
    "J02.R011": (
        lambda s: intervals(s.opened(), 60),
        lambda s: intervals(s.opened(), 600),
    ),
    "J02.R016": (registers(1, 5, 9), registers(1, 9, 5)),
    "J02.R025": (lambda s: kept_to(s, 60), lambda s: kept_to(s, 200)),
    "J02.R017": (
        lambda s: begin_again(s, 100),
        lambda s: begin_again(s, 50),
    ),
    "J02.R018": (lambda s: powered(s, 100), lambda s: powered(s, 900)),
    "J02.R019": (registers(1, 5), registers(1, 500_000)),
    "J02.R020": (registers(1, 2), registers(1, 2, unit="W")),
    "J02.R021": (registers(50, 60, what="SoC", unit="Percent"), registers(50, 160, what="SoC", unit="Percent")),
    "J02.R022": (lambda s: beside(s, 100, 200), lambda s: beside(s, 200, 100)),
    "J02.R023": (
        lambda s: s.event("Started", 0, **meter(0, sample(0, context="Transaction.Begin"))),
        lambda s: s.event("Started", 0, **meter(0, sample(0))),
    ),
    "J02.R024": (
        lambda s: running(s).event("Ended", 1, **meter(0, sample(0, context="Transaction.End"))),
        lambda s: running(s).event("Ended", 1, **meter(0, sample(0, context="Sample.Periodic"))),
    ),
    "K01.R009": (
        lambda s: limits(ended(s), "Rejected", chargingProfilePurpose="TxProfile", transactionId="T1"),
        lambda s: limits(ended(s), "Accepted", chargingProfilePurpose="TxProfile", transactionId="T1"),
    ),
    "K01.R028": (
        lambda s: limits(s.state("Available"), "Rejected", evse=99),
        lambda s: limits(s.state("Available"), "Accepted", evse=99),
    ),
    "K08.R002": (lambda s: schedule(s, 0), lambda s: schedule(s, 0, unit="W")),
    "K08.R003": (lambda s: schedule(s, 0, 10, 20), lambda s: schedule(s, 0, 20, 10)),
    "K08.R004": (lambda s: schedule(of_all(s, 10), 0), lambda s: schedule(of_all(s, 8), 0)),
    "K09.R004": (
        lambda s: limits(s, "Accepted").sends("ReportChargingProfiles", {"chargingProfile": [profile(10)]}),
        lambda s: limits(s, "Accepted").sends("ReportChargingProfiles", {"chargingProfile": [profile(16)]}),
    ),
    "K12.R004": (
        lambda s: s.sends("NotifyChargingLimit", {"chargingLimit": {"chargingLimitSource": "EMS"}}),
        lambda s: s.sends("NotifyChargingLimit", {"chargingLimit": {"chargingLimitSource": "CSO"}}),
    ),
    "L01.R001": (lambda s: firmware(s, "Downloading"), lambda s: late(firmware(s).state("Available"))),
    "L01.R003": (
        lambda s: firmware(s, "Downloading", "Downloaded", "Installing"),
        lambda s: firmware(s, "Downloading", "Installing"),
    ),
    "L01.R004": (
        lambda s: firmware(s, "InvalidSignature").sends(
            "SecurityEventNotification", {"type": "InvalidFirmwareSignature"}
        ),
        lambda s: late(firmware(s, "InvalidSignature").state("Available")),
    ),
    "L01.R010": (
        lambda s: firmware(s.boots(), "Downloading"),
        lambda s: firmware(s.boots(), "Downloading", request=8),
    ),
    "L01.R020": (lambda s: firmware(s, "Downloading"), lambda s: firmware(s, "Downloading", request=None)),
    "L01.R031": (
        lambda s: security(firmware(s, "Installed"), "FirmwareUpdated"),
        lambda s: late(firmware(s, "Installed").state("Available")),
    ),
    "M03.R004": (
        lambda s: asks(s, "GetInstalledCertificateIds", {"status": "NotFound"}),
        lambda s: asks(s, "GetInstalledCertificateIds", {"status": "Accepted"}),
    ),
    "N01.R007": (lambda s: uploads(s, 1, "Uploading"), lambda s: uploads(s, 2, "Uploading")),
    "N01.R008": (lambda s: uploads(s, 1, "Uploading"), lambda s: late(uploads(s, 1).state("Available"))),
    "N01.R009": (
        lambda s: uploads(s, 1, "Uploading", "Uploaded"),
        lambda s: late(uploads(s, 1, "Uploading").state("Available"), 9999),
    ),
    "N01.R013": (
        lambda s: uploads(s, 1, "Uploading"),
        lambda s: s.sends("LogStatusNotification", {"status": "Uploading"}),
    ),
    "N04.R001": (lambda s: monitors(s, MONITOR), lambda s: monitors(s, MONITOR, MONITOR)),
    "N04.R002": (lambda s: monitors(s, MONITOR), lambda s: monitors(s, MONITOR | OTHER)),
    "N04.R011": (lambda s: monitors(s, MONITOR), lambda s: monitors(s, {k: MONITOR[k] for k in MONITOR if k != "id"})),
    "N06.R005": (lambda s: clears(s, 1, 2), lambda s: clears(s, 1)),
    "N07.R007": (
        lambda s: notices(s.boots(), (0, True), (1, False)),
        lambda s: notices(s.boots(), (0, True), (2, False)),
    ),
    "P4.R001": (lambda s: s.state("Available"), lambda s: s.raw('[2,"1","Heartbeat"]')),
    "P4.R002": (lambda s: s.sends("Heartbeat", {}), lambda s: s.sends("MakeCoffee", {})),
    "P4.R003": (lambda s: s.sends("Heartbeat", {}), lambda s: s.sends("Heartbeat", {"beat": 1})),
    "P4.R004": (
        lambda s: s.sends("Heartbeat", {}, id="1").sends("Heartbeat", {}, id="1"),
        lambda s: s.sends("Heartbeat", {}, id="1").sends("MeterValues", {}, id="1"),
    ),
    "P4.R005": (lambda s: asks(s, "Reset"), lambda s: asks(s.opened(), "Reset").raw('[3,"b99",{}]')),
    "P4.R006": (
        lambda s: s.boots().sends("Heartbeat", {}, open=True).after(60).state("Available"),
        lambda s: s.boots().sends("Heartbeat", {}, open=True).after(1).state("Available"),
    ),
    "P4.R007": (
        lambda s: asks(s.opened().boots(), "Reset", **RESET),
        lambda s: late(s.opened().boots().raw(json.dumps([2, "b1", "Reset", RESET]), CSMS)),
    ),
    "P4.R008": (
        lambda s: asks(s, "Reset", None, "InternalError", **RESET),
        lambda s: asks(s, "Reset", None, "FormatViolation", **RESET),
    ),
    "P4.R009": (lambda s: asks(s, "MakeCoffee", None, "NotImplemented"), lambda s: asks(s, "MakeCoffee", {})),
    "P4.R010": (
        lambda s: asks(s, "Reset", None, "FormatViolation", type="Hard"),
        lambda s: asks(s, "Reset", {"status": "Rejected"}, type="Hard"),
    ),
    "P4.R012": (
        lambda s: s.sends("X", {"timestamp": "2026-11-01T10:00:00.123Z"}),
        lambda s: s.sends("X", {"timestamp": "2026-11-01T10:00:00.1234Z"}),
    ),
    "P4.R013": (
        lambda s: s.sends("X", {"timestamp": "2026-11-01T10:00:00+01:00"}),
        lambda s: s.sends("X", {"timestamp": "2026-11-01T10:00:00"}),
    ),
    "P4.R014": (
        lambda s: asks(s.opened(), "Reset"),
        lambda s: s.opened().raw('[2,"b","Reset",{}]', CSMS).closed().opened().raw('[3,"b",{"status":"Accepted"}]'),
    ),
    "P4.R015": (lambda s: s.sends("Heartbeat", {}), lambda s: s.raw('[6,"1","NotifyPeriodicEventStream",{}]')),
}
# reports: (rule that they are sent, that they name their request, that their parts are in order), request, report
REPORTS: list[tuple[tuple[str, str, str], str, str]] = [
    (("B07.R003", "B07.R004", "B07.R010"), "GetBaseReport", "NotifyReport"),
    (("B08.R003", "", ""), "GetReport", "NotifyReport"),
    (("N02.R003", "N02.R004", "N02.R010"), "GetMonitoringReport", "NotifyMonitoringReport"),
    (("K09.R002", "K09.R001", ""), "GetChargingProfiles", "ReportChargingProfiles"),
    (("R04.R032", "R04.R031", ""), "GetDERControl", "ReportDERControl"),
]


def two_moments(first: float, second: float) -> dict[str, Any]:
    """Meter values of two moments in one event."""
    return {"meterValue": meter(first, sample(1))["meterValue"] + meter(second, sample(2))["meterValue"]}


def intervals(s: Stream, seconds: float) -> None:
    """Meter values at an interval of 60 s, and how long they really take."""
    name = {"component": {"name": "SampledDataCtrlr"}, "variable": {"name": "TxUpdatedInterval"}}
    s.answered("GetVariables", {"getVariableData": [name]}, {"getVariableResult": [told("60", name=name)]})
    s.event("Started", 0, **ON_ONE).after(30).state("Occupied").after(seconds - 30).event(
        "Updated", 1, "MeterValuePeriodic"
    )


def begin_again(s: Stream, value: float, at_s: float = 0) -> None:
    """What the end says of the begin, which was 100 Wh, and when that was read."""
    begin = {"context": "Transaction.Begin"}
    s.event("Started", 0, **meter(0, sample(100, **begin))).after(60)
    s.event("Ended", 1, **meter(at_s, sample(value, **begin)))


def limits(s: Stream, status: str, evse: int = 1, **more: Any) -> Stream:
    """SetChargingProfile."""
    return asks(s, "SetChargingProfile", {"status": status}, evseId=evse, chargingProfile=profile(**more))


def uploads(s: Stream, request: int, *states: str) -> Stream:
    """A log's upload, request 1, and what is told of it."""
    asks(s.boots(), "GetLog", requestId=1, logType="SecurityLog", log={})
    for state in states:
        s.sends("LogStatusNotification", {"status": state, "requestId": request})
    return s


def of_reports() -> dict[str, tuple[Steps, Steps]]:
    """The cases of all reports, which are alike."""
    found: dict[str, tuple[Steps, Steps]] = {}
    for (sent, named, ordered), request, action in REPORTS:
        first, last = {"requestId": 1, "seqNo": 0, "tbc": True}, {"requestId": 1, "seqNo": 1}

        def whole(s: Stream, request: str = request, action: str = action, *parts: dict[str, Any]) -> Stream:
            return report(asks(s.boots(), request, requestId=1), action, *parts)

        def with_parts(*parts: dict[str, Any], request: str = request, action: str = action) -> Steps:
            return lambda s: late(report(asks(s.boots(), request, requestId=1), action, *parts).state("Available"))

        good = with_parts(first, last)
        found[sent] = good, with_parts(first)
        if named:
            found[named] = good, with_parts(first, last | {"requestId": 2})
        if ordered:
            found[ordered] = good, with_parts(first, last | {"seqNo": 2})
    return found


ALL = CASES | of_reports() | SECOND_READERS | OF_LOGS


@pytest.mark.parametrize("rule", sorted(ALL))
def test_a_rule_is_kept_and_broken(rule: str) -> None:
    """Green: exercised, and not violated. Red: violated. Neither makes any rule fail in itself."""
    version = "ocpp2.1" if rule.startswith(("R04", "K28")) else "ocpp2.0.1"
    green, red = Stream(version=version), Stream(version=version)
    ALL[rule][0](green)
    ALL[rule][1](red)
    kept, broken = green.of(f"OCPP-{rule}"), red.of(f"OCPP-{rule}")
    assert kept.exercised > 0 and not kept.violated, [place.seen for place in kept.places.values()]
    assert broken.violated > 0
    assert not [t.errors for s in (green, red) for t in s.watch.tallies if t.errors]


def test_every_rule_has_a_case_here() -> None:
    """A new rule arrives with what keeps it and what breaks it."""
    assert {f"OCPP-{rule}" for rule in ALL} == set(known_rules())


def test_a_log_of_one_side_blames_the_station_for_nothing_that_the_other_side_said() -> None:
    """Some backends write down only what they receive: no answer is seen, and no question."""
    stream = Stream().opened()
    stream.sends("BootNotification", BOOT, open=True).after(1)
    for n in range(5):
        stream.sends("Heartbeat", {}, open=True).after(1).raw(json.dumps([3, f"b{n}", {"status": "Accepted"}]))
    assert stream.red() == []
