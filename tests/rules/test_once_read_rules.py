"""Rules that one person had read, read by a second one: what the text allows beside them, and nobody is accused of."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from harness.judge.rules import CSMS
from tests.rules._second_readers import NAME, beats, cleared, refuses, settings, triggered, waiting
from tests.rules._stream import Stream, meter, sample
from tests.rules.test_ocpp_rules import (
    asks,
    gets,
    is_read,
    is_set,
    kept_to,
    knows,
    metered,
    only,
    profile,
    remote,
    starts,
    told,
)

Steps = Callable[[Stream], Any]
STARTED = {"component": {"name": "SampledDataCtrlr"}, "variable": {"name": "TxStartedMeasurands"}}
MONITOR = NAME | {"value": 1.0, "type": "UpperThreshold", "severity": 5}


def threshold(s: Stream) -> Stream:
    """Its report calls a variable a number."""
    return knows(s, "OCPPCommCtrlr.HeartbeatInterval", "1", "integer")


def sets_soon(s: Stream) -> Stream:
    """It takes "soon" for a number."""
    what = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}
    result = {"setVariableResult": [what | {"attributeStatus": "Accepted"}]}
    return asks(s, "SetVariables", result, setVariableData=[what | {"attributeValue": "soon"}])


def boots_with(s: Stream, firmware: str) -> Stream:
    """It boots with a firmware."""
    return s.opened().boots(chargingStation={"model": "M", "vendorName": "V", "firmwareVersion": firmware})


def unanswered(s: Stream, action: str, **request: Any) -> Stream:
    """The backend asks, and the line is lost before the answer."""
    s.raw(json.dumps([2, f"u{s.at}", action, request]), CSMS)
    return s.closed().after(1).opened()


def in_both(s: Stream) -> Stream:
    """The number of a report of one component is that of a base report too."""
    asks(s, "GetReport", requestId=1, componentVariable=[{"component": {"name": "TxCtrlr"}}])
    return knows(asks(s, "GetBaseReport", requestId=1, reportBase="FullInventory"), "AuthCtrlr.Enabled", "1")


def begun(s: Stream, *growth: tuple[float, float, str]) -> Stream:
    """A car waits while a register tells (seconds, Wh, location)."""
    both = [sample(0, context="Transaction.Begin", location=where) for where in ("Inlet", "Outlet")]
    s.event("Started", 0, state="EVConnected", **meter(s.now, *both))
    for number, (seconds, value, where) in enumerate(growth, 1):
        s.after(seconds).event("Updated", number, state="EVConnected", **meter(s.now, sample(value, location=where)))
    return s


def plugs(s: Stream) -> Stream:
    """A car waits for 5 s."""
    s.opened().boots().event("Started", 0, "CablePluggedIn", state="EVConnected", evse={"id": 1, "connectorId": 1})
    return s.after(5)


def untold(s: Stream, number: int) -> Stream:
    """What a remote start began charges, and ends with an event of this number, without a token."""
    starts(s.opened().boots())
    s.event("Started", 0, "RemoteStart", state="EVConnected", remote=9)
    s.event("Updated", 1, "ChargingStateChanged", state="Charging", remote=9)
    return s.event("Ended", number, "RemoteStop", reason="Remote")


def available(s: Stream, *told_before: str, answer: str = "Rejected", after: str = "") -> Stream:
    """Connectors are told as they are, and it is told to be in service."""
    s.opened().boots()
    for connector, state in enumerate(told_before, 1):
        s.state(state, connector=connector)
    asks(s, "ChangeAvailability", {"status": answer}, operationalStatus="Operative")
    return beats(s.state(after) if after else s, 5)


def reserves(s: Stream, answer: str, then: str, *before: str) -> Stream:
    """Reservation 7 is asked for and cancelled."""
    s.opened().boots()
    for each in (*before, answer):
        asks(s, "ReserveNow", {"status": each}, id=7, evseId=1)
    return asks(s, "CancelReservation", {"status": then}, reservationId=7)


def cancelled_twice(s: Stream) -> Stream:
    """Cancelled, asked for again without an answer, and cancelled."""
    asks(s.opened(), "CancelReservation", {"status": "Accepted"}, reservationId=7)
    unanswered(s, "ReserveNow", id=7)
    return asks(s, "CancelReservation", {"status": "Accepted"}, reservationId=7)


def boots_meanwhile(s: Stream) -> Stream:
    """It kept to the interval before a boot, and has another one since."""
    kept_to(s, 60)
    s.closed().opened().boots().event("Updated", 4, "MeterValuePeriodic")
    return s.after(300).event("Updated", 5, "MeterValuePeriodic")


def reported(s: Stream, *parts: tuple[int, bool]) -> Stream:
    """Parts of report 3: the EVSE, and whether more follow."""
    for evse, more in parts:
        s.sends("ReportChargingProfiles", {"requestId": 3, "evseId": evse, "tbc": more, "chargingProfile": []})
    return s


def asked_again(s: Stream, *before: tuple[int, bool]) -> Stream:
    """Report 3 is asked for a second time after these parts, and a last one comes; then two more."""
    for parts in before, ((7, False), (8, True), (9, False)):
        asks(s, "GetChargingProfiles", requestId=3, chargingProfile={})
        reported(s, *parts)
    return s


def installed(s: Stream, **more: Any) -> Stream:
    """A default limit of EVSE 1."""
    given = profile(10, id=7, chargingProfilePurpose="TxDefaultProfile", **more)
    return asks(s.opened().boots(), "SetChargingProfile", evseId=1, chargingProfile=given)


def unknown(s: Stream) -> Stream:
    """It knows no limit of EVSE 1."""
    return asks(s, "ClearChargingProfile", {"status": "Unknown"}, chargingProfileCriteria={"evseId": 1})


def updated(s: Stream) -> Stream:
    """Profile 7 takes an update."""
    return asks(s, "UpdateDynamicSchedule", chargingProfileId=7)


def lasts(s: Stream) -> Stream:
    """A limit for a minute."""
    schedule = [{"duration": 60, "chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10}]}]
    return installed(s, chargingSchedule=schedule)


def set_meanwhile(s: Stream, between: Steps) -> Stream:
    """Monitor 1 is cleared twice, and something between."""
    cleared(s.opened(), "Accepted")
    between(s)
    return cleared(s, "Accepted")


def of_other_values(s: Stream, between: Steps) -> Stream:
    """The values of a beginning are known; then something, and a session without them."""
    gets(boots_with(s, "1"), told("Energy.Active.Import.Register", name=STARTED))
    between(s)
    return s.event("Started", 0, "CablePluggedIn", evse={"id": 1, "connectorId": 1})


def sets_later(s: Stream) -> Stream:
    """Other values are to hold from the next boot on."""
    result = {"setVariableResult": [STARTED | {"attributeStatus": "RebootRequired"}]}
    return asks(s, "SetVariables", result, setVariableData=[STARTED | {"attributeValue": ""}])


def grid(s: Stream) -> Stream:
    """Setting A is asked for anew without an answer, before B supersedes nothing."""
    asked = {"isDefault": False, "controlId": "B", "controlType": "FreqDroop", "freqDroop": {"priority": 9}}
    unanswered(s.opened(), "SetDERControl", **asked)
    return s


V21, V201 = "ocpp2.1", "ocpp2.0.1"
CASES: list[tuple[str, str, str, Steps, int | None]] = [
    ("an empty text is no value of any type", "B05.R007", V201, lambda s: is_set(s.opened(), ""), None),
    ("other firmware may have other types", "B05.R007", V201,
     lambda s: sets_soon(boots_with(threshold(boots_with(s, "1")), "2")), None),
    ("the same firmware has the same types", "B05.R007", V201,
     lambda s: sets_soon(boots_with(threshold(boots_with(s, "1")), "1")), 1),
    ("what may be read, is", "B06.R009", V201, lambda s: is_read(s.opened(), "ReadOnly"), 0),
    ("its number is that of a base report too", "B08.R011", V201, lambda s: in_both(s.opened()), None),
    ("its number is its own", "B08.R011", V201, lambda s: only(s.opened(), "TxCtrlr", "AuthCtrlr.Enabled"), 1),
    ("energy flows for a moment before it is told", "E01.R013", V201,
     lambda s: begun(s.opened(), (20, 12, "Outlet")), None),
    ("the station's own consumption", "E01.R013", V201,
     lambda s: begun(s.opened(), (5, 10, "Inlet"), (30, 110, "Inlet")), None),
    ("it goes on to flow", "E01.R013", V201, lambda s: begun(s.opened(), (5, 10, "Outlet"), (30, 110, "Outlet")), 1),
    ("the event with the token may have been lost", "E01.R015", V201, lambda s: untold(s, 4), None),
    ("it ends without a token", "E01.R015", V201, lambda s: untold(s, 2), 1),
    ("the values of a beginning hold from a boot on", "E01.R014", V201, lambda s: of_other_values(s, sets_later), None),
    ("other firmware may tell other values", "E01.R014", V201,
     lambda s: of_other_values(s, lambda s: boots_with(s, "2")), None),
    ("its setting was not answered", "E01.R014", V201,
     lambda s: of_other_values(
         s,
         lambda s: unanswered(s, "SetVariables", setVariableData=[STARTED | {"attributeValue": ""}]),
     ), None),
    ("the same firmware tells the same values", "E01.R014", V201,
     lambda s: of_other_values(s, lambda s: boots_with(s, "1")), 1),
    ("a session starts with its signed values", "F02.R021", V201,
     lambda s: starts(s.opened().boots()).event("Started", 0, "SignedDataReceived", remote=9), 0),
    ("it goes out of service meanwhile", "G03.R003", V201, lambda s: available(s, "Available", after="Faulted"), None),
    ("one of several is out of service", "G03.R003", V201, lambda s: available(s, "Available", "Faulted"), None),
    ("another state may wait for a session from before", "G03.R003", V201, lambda s: available(s, "Occupied"), None),
    ("in service, it refuses to be so", "G03.R003", V201, lambda s: available(s, "Available", "Reserved"), 1),
    ("it was asked for again, and nobody knows", "H02.R001", V201, cancelled_twice, None),
    ("refused the second time, the first one stays", "H02.R001", V201,
     lambda s: reserves(s, "Occupied", "Accepted", "Accepted"), None),
    ("refused, there is none to cancel", "H02.R001", V201, lambda s: reserves(s, "Occupied", "Accepted"), 1),
    ("refused, its cancelling is too", "H02.R001", V201, lambda s: reserves(s, "Occupied", "Rejected"), 0),
    ("another interval since a boot", "J02.R025", V201, boots_meanwhile, 0),
    ("asked for again while it goes on", "K09.R005", V201, lambda s: asked_again(s.opened(), (1, True)), 0),
    ("asked for again after its last part", "K09.R005", V201,
     lambda s: asked_again(s.opened(), (1, True), (2, False)), 1),
    ("a limit with a duration may be over", "K10.R001", V201, lambda s: unknown(lasts(s)), None),
    ("another one may have replaced it", "K10.R001", V201,
     lambda s: unknown(unanswered(installed(s), "SetChargingProfile", evseId=1, chargingProfile={"id": 8})), None),
    ("what was set is known", "K10.R001", V201, lambda s: unknown(installed(s)), 1),
    ("it may have become dynamic", "K28.R011", V21,
     lambda s: updated(
         unanswered(installed(s, chargingProfileKind="Absolute"), "SetChargingProfile", chargingProfile={"id": 7})
     ), None),
    ("it is not dynamic", "K28.R011", V21, lambda s: updated(installed(s, chargingProfileKind="Absolute")), 1),
    ("a new monitor may have its number", "N06.R002", V201,
     lambda s: set_meanwhile(s, lambda s: unanswered(s, "SetVariableMonitoring", setMonitoringData=[MONITOR])), None),
    ("a boot may bring it back", "N06.R002", V201, lambda s: set_meanwhile(s, lambda s: s.boots()), None),
    ("nothing brought it back", "N06.R002", V201, lambda s: set_meanwhile(s, lambda s: s), 1),
    ("what it is to be now nobody knows", "R04.R021", V21, lambda s: settings(grid(s)), 1),
    ("a session that is charging is somebody's", "F01.R014", V201,
     lambda s: starts(s.opened().boots().event("Started", 0, state="Charging", evse={"id": 1})), None),
    ("a session that begins by it", "F01.R014", V201,
     lambda s: remote(starts(s.opened().boots())), None),
    ("it had ended", "F01.R014", V201,
     lambda s: starts(plugs(s)).event("Ended", 1, "EVCommunicationLost", reason="EVDisconnected"), None),
    ("it waits on", "F01.R014", V201, lambda s: waiting(s), 1),
    ("a token that is refused may only suspend it", "E06.R015", V201,
     lambda s: refuses(s, "EVCommunicationLost"), None),
    ("nothing is measured by name", "F06.R018", V201,
     lambda s: s.opened().event("Started", 0, evse={"id": 1}).event("Updated", 1, "Trigger"), None),
    ("what is measured is told", "F06.R018", V201, lambda s: triggered(s, **meter(0, sample(1))), 0),
    ("no values of a beginning are asked for", "E01.R014", V201,
     lambda s: metered(s, "TxEndedMeasurands", "Started"), None),
]  # fmt: skip


@pytest.mark.parametrize(("what", "rule", "version", "steps", "violated"), CASES, ids=[each[0] for each in CASES])
def test_what_the_text_allows_nobody_is_accused_of(
    what: str, rule: str, version: str, steps: Steps, violated: int | None
) -> None:
    """None: the rule has nothing to say there; else how often it was violated, once it was exercised."""
    s = Stream(version=version)
    steps(s)
    tally = s.of(f"OCPP-{rule}")
    assert tally.errors == []
    assert (tally.violated if tally.exercised else None) == violated, what
