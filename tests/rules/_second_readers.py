"""Cases of the rules that the second blind reader's edits asked for: what keeps each, and what breaks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.rules._stream import Stream, meter, sample, stamp

Steps = Callable[[Stream], Any]
NAME = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "OfflineThreshold"}}


def available(s: Stream, status: str) -> Stream:
    """In service, it is told to be so, and goes on."""
    s.opened().boots().state("Available")
    s.answered("ChangeAvailability", {"operationalStatus": "Operative"}, {"status": status})
    return beats(s, 4)


def beats(s: Stream, times: int) -> Stream:
    """Heartbeats."""
    for _ in range(times):
        s.after(1).sends("Heartbeat", {}, {"currentTime": stamp(s.now)})
    return s


def supported(s: Stream, action: str, asked: dict[str, Any], code: str | None = None) -> Stream:
    """It is asked for what every station supports."""
    return s.opened().answered(action, asked, {"status": "Accepted"} if action == "GetBaseReport" else {}, code)


def waiting(s: Stream, **answer: str) -> Stream:
    """A car waits; 5 s later a remote start comes, and 5 s later it is told that the car waits on."""
    s.opened().boots().event("Started", 0, "CablePluggedIn", state="EVConnected", evse={"id": 1, "connectorId": 1})
    asked = {"remoteStartId": 9, "idToken": {"idToken": "A", "type": "Central"}, "evseId": 1}
    s.after(5).answered("RequestStartTransaction", asked, {"status": "Accepted"} | answer)
    return s.after(5).event("Updated", 1, "MeterValuePeriodic", state="EVConnected")


def begins(s: Stream, trigger: str) -> Stream:
    """The session that waited tells the remote start."""
    return waiting(s, transactionId="T1").event("Updated", 2, trigger, state="EVConnected", remote=9)


def triggered(s: Stream, **more: Any) -> Stream:
    """An event is triggered of a session whose values are known by name."""
    name = {"component": {"name": "SampledDataCtrlr"}, "variable": {"name": "TxUpdatedMeasurands"}}
    value = {"attributeStatus": "Accepted", "attributeValue": "Energy.Active.Import.Register"}
    s.opened().answered("GetVariables", {"getVariableData": [name]}, {"getVariableResult": [name | value]})
    s.event("Started", 0, "CablePluggedIn", state="EVConnected", evse={"id": 1, "connectorId": 1})
    return s.event("Updated", 1, "Trigger", state="EVConnected", **more)


def refuses(s: Stream, trigger: str) -> Stream:
    """The backend refuses the token of a session, which ends by it."""
    token = {"idToken": {"idToken": "A", "type": "Central"}}
    s.opened().event("Started", 0, "Authorized", state="Charging", evse={"id": 1, "connectorId": 1}, **token)
    return s.event("Ended", 1, trigger, reason="DeAuthorized")


def cancelled(s: Stream, *answers: str) -> Stream:
    """The cancelling of reservation 7, as often as there are answers."""
    for status in answers:
        s.answered("CancelReservation", {"reservationId": 7}, {"status": status})
    return s


def profiles(s: Stream, first_more: bool) -> Stream:
    """A report of profiles in two parts."""
    s.answered("GetChargingProfiles", {"requestId": 3, "chargingProfile": {}}, {"status": "Accepted"})
    for evse, more in (0, first_more), (1, False):
        s.sends("ReportChargingProfiles", {"requestId": 3, "evseId": evse, "tbc": more, "chargingProfile": []})
    return s


def updated(s: Stream, status: str) -> Stream:
    """An Absolute profile is to take an update."""
    limits = {"id": 5, "chargingProfilePurpose": "TxDefaultProfile", "chargingProfileKind": "Absolute"}
    s.answered("SetChargingProfile", {"evseId": 1, "chargingProfile": limits}, {"status": "Accepted"})
    return s.answered("UpdateDynamicSchedule", {"chargingProfileId": 5}, {"status": status})


def refused(s: Stream, *events: str) -> Stream:
    """A firmware's signing certificate is refused; the security events that follow."""
    s.answered("UpdateFirmware", {"requestId": 1, "firmware": {}}, {"status": "InvalidCertificate"})
    for event in events:
        s.sends("SecurityEventNotification", {"type": event})
    return s


def scheduled(s: Stream, *states: str) -> Stream:
    """A download in 60 s; 60 s later it is told by these states."""
    s.state("Available")
    firmware = {"retrieveDateTime": stamp(s.now + 60)}
    s.answered("UpdateFirmware", {"requestId": 1, "firmware": firmware}, {"status": "Accepted"}).after(60)
    for state in states:
        s.sends("FirmwareStatusNotification", {"status": state, "requestId": 1})
    return s


def cleared(s: Stream, *statuses: str) -> Stream:
    """Monitor 1 is cleared, as often as there are statuses."""
    for status in statuses:
        said = {"clearMonitoringResult": [{"id": 1, "status": status}]}
        s.answered("ClearVariableMonitoring", {"id": [1]}, said)
    return s


def alerts(s: Stream, **more: Any) -> Stream:
    """An event of a monitor that was set."""
    event = {"eventNotificationType": "CustomMonitor", "trigger": "Alerting", "actualValue": "1"}
    return s.sends("NotifyEvent", {"generatedAt": stamp(s.now), "seqNo": 0, "eventData": [NAME | event | more]})


def settings(s: Stream, **named: Any) -> Stream:
    """Grid setting A runs for 600 s; B, which goes before it, starts."""
    for identity, priority, more in ("A", 5, {}), ("B", 2, named):
        curve = {"priority": priority, "startTime": stamp(s.now), "duration": 600}
        asked = {"isDefault": False, "controlId": identity, "controlType": "FreqDroop", "freqDroop": curve}
        s.answered("SetDERControl", asked, {"status": "Accepted"})
        told = {"controlId": identity, "started": True, "timestamp": stamp(s.now)}
        s.sends("NotifyDERStartStop", told | more).after(10)
    return s


READ = {"getVariableData": [NAME]}
SET = {"setVariableData": [NAME | {"attributeValue": "60"}]}
ALL = {"requestId": 1, "reportBase": "FullInventory"}
CASES: dict[str, tuple[Steps, Steps]] = {
    "B05.R011": (
        lambda s: supported(s, "SetVariables", SET),
        lambda s: supported(s, "SetVariables", SET, "NotSupported"),
    ),
    "B06.R011": (
        lambda s: supported(s, "GetVariables", READ),
        lambda s: supported(s, "GetVariables", READ, "NotImplemented"),
    ),
    "B07.R012": (
        lambda s: supported(s, "GetBaseReport", ALL),
        lambda s: supported(s, "GetBaseReport", ALL, "NotSupported"),
    ),
    "E06.R015": (lambda s: refuses(s, "Deauthorized"), lambda s: refuses(s, "StopAuthorized")),
    "F01.R014": (lambda s: waiting(s, transactionId="T1"), lambda s: waiting(s)),
    "F01.R019": (lambda s: begins(s, "RemoteStart"), lambda s: begins(s, "ChargingRateChanged")),
    "F06.R018": (lambda s: triggered(s, **meter(0, sample(1))), lambda s: triggered(s)),
    "G03.R003": (lambda s: available(s, "Accepted"), lambda s: available(s, "Rejected")),
    "H02.R001": (
        lambda s: cancelled(s, "Accepted", "Rejected"),
        lambda s: cancelled(s, "Accepted", "Accepted"),
    ),
    "K09.R005": (lambda s: profiles(s.opened(), True), lambda s: profiles(s.opened(), False)),
    "K28.R011": (lambda s: updated(s, "Rejected"), lambda s: updated(s, "Accepted")),
    "L01.R002": (
        lambda s: refused(s.opened(), "InvalidFirmwareSigningCertificate"),
        lambda s: refused(s.opened(), "StartupOfTheDevice", "ResetOrReboot"),
    ),
    "L01.R013": (
        lambda s: scheduled(s.opened(), "DownloadScheduled", "Downloading"),
        lambda s: scheduled(s.opened(), "Downloading"),
    ),
    "N06.R002": (lambda s: cleared(s, "Accepted", "NotFound"), lambda s: cleared(s, "Accepted", "Accepted")),
    "N07.R006": (lambda s: alerts(s, variableMonitoringId=1), lambda s: alerts(s)),
    "R04.R021": (lambda s: settings(s.opened(), supersededIds=["A"]), lambda s: settings(s.opened())),
}
