"""What a station sends instead of what it owes shows that nothing holds it up; and what was correct all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.rules._correct import not_accused, noticed
from tests.rules._stream import Stream, stamp
from tests.rules.test_ocpp_rules import asks, profile

BEAT = "Heartbeat"
EVENT = {"type": "StartupOfTheDevice", "timestamp": stamp(0)}


def busy(s: Stream, calls: int = 25, every_s: float = 2, action: str = BEAT) -> Stream:
    """It sends so many calls."""
    state = {"timestamp": stamp(s.now), "connectorStatus": "Available", "evseId": 1, "connectorId": 1}
    for _ in range(calls):
        s.after(every_s).sends(action, state if action == "StatusNotification" else {}, {"currentTime": stamp(s.now)})
    return s


def booted(s: Stream) -> Stream:
    """Connected, and accepted."""
    return s.opened().boots()


def told_late(s: Stream) -> None:
    """After nineteen others, which is no proof."""
    busy(booted(s), 19).sends("SecurityEventNotification", EVENT)


def many_connectors(s: Stream) -> None:
    """Over a slow line it tells the states of forty connectors first."""
    busy(booted(s), 40, action="StatusNotification").sends("SecurityEventNotification", EVENT)


def at_once(s: Stream) -> None:
    """Many calls within a moment: the event may be in the making."""
    busy(booted(s), 100, 0.1).sends("SecurityEventNotification", EVENT)


def lost_meanwhile(s: Stream) -> None:
    """The line is lost, and what came before that shows nothing any more."""
    busy(booted(s), 15)
    busy(s.closed().after(5).opened(), 15).sends("SecurityEventNotification", EVENT)


@pytest.mark.parametrize("steps", [told_late, many_connectors, at_once, lost_meanwhile])
def test_what_comes_a_little_later_is_not_missed(steps: Callable[[Stream], Any]) -> None:
    """Few others, rows of states, a moment, a lost line: none of them shows that it will never come."""
    not_accused("A04.R001", steps)


def test_what_many_others_pass_over_is_missed_in_a_short_log() -> None:
    """Twenty heartbeats and more than half a minute: long before its five minutes are over."""
    noticed("A04.R001", lambda s: busy(booted(s)))


def installed(s: Stream, **more: Any) -> Stream:
    """A default limit of EVSE 1, accepted."""
    given = profile(10, id=7, chargingProfilePurpose="TxDefaultProfile", **more)
    return asks(booted(s), "SetChargingProfile", evseId=1, chargingProfile=given)


def unknown(s: Stream, evse: int = 1) -> Stream:
    """Asked to clear what the EVSE has, it knows none."""
    return asks(s, "ClearChargingProfile", {"status": "Unknown"}, chargingProfileCriteria={"evseId": evse})


@pytest.mark.parametrize(
    "steps",
    [
        lambda s: unknown(installed(s), 2),
        lambda s: unknown(installed(s, validTo=stamp(1))),
        lambda s: unknown(installed(s).boots()),
        lambda s: unknown(asks(installed(s), "ClearChargingProfile", chargingProfileId=7)),
    ],
)
def test_a_limit_that_may_be_gone_may_be_unknown(steps: Callable[[Stream], Any]) -> None:
    """That of another EVSE, one that has ended, one from before a boot, one that was cleared."""
    not_accused("K10.R001", steps)


def test_a_limit_that_is_there_is_known() -> None:
    """Accepted and not cleared, it matches."""
    noticed("K10.R001", lambda s: unknown(installed(s)))


def reports(s: Stream, component: str, told: str = "Enabled", **wanted: Any) -> Stream:
    """Asked for a component, it reports a variable."""
    asks(booted(s), "GetReport", requestId=3, componentVariable=[{"component": {"name": "AuthCtrlr"}, **wanted}])
    item = {
        "component": {"name": component, "evse": {"id": 1}},
        "variable": {"name": told},
        "variableAttribute": [],
    }
    return s.sends("NotifyReport", {"requestId": 3, "generatedAt": stamp(0), "seqNo": 0, "reportData": [item]})


def test_a_report_may_write_and_detail_what_was_asked_for() -> None:
    """Other capitals, an EVSE that the request left out; another component or variable it may not hold."""
    not_accused("B08.R011", lambda s: reports(s, "authctrlr"))
    noticed("B08.R011", lambda s: reports(s, "TxCtrlr"))
    noticed("B08.R011", lambda s: reports(s, "AuthCtrlr", "OfflineTxForUnknownIdEnabled", variable={"name": "Enabled"}))


def takes(s: Stream, kind: str, value: str) -> Stream:
    """Its report tells a variable's type, and it accepts a value."""
    what = {"component": {"name": "TxCtrlr"}, "variable": {"name": "X"}}
    attribute = {"mutability": "ReadWrite", "value": "1"}
    traits = {"dataType": kind, "supportsMonitoring": False}
    item = what | {"variableAttribute": [attribute], "variableCharacteristics": traits}
    booted(s).sends("NotifyReport", {"requestId": 1, "generatedAt": stamp(0), "seqNo": 0, "reportData": [item]})
    result = {"setVariableResult": [what | {"attributeStatus": "Accepted"}]}
    return asks(s, "SetVariables", result, setVariableData=[what | {"attributeValue": value}])


@pytest.mark.parametrize(
    ("kind", "good", "bad"), [("integer", "-7", "soon"), ("decimal", "1e3", "1,5"), ("boolean", "TRUE", "yes")]
)
def test_a_value_that_is_none_of_its_type_is_not_taken(kind: str, good: str, bad: str) -> None:
    """However it is written; a text it may take for a variable of text."""
    not_accused("B05.R007", lambda s: takes(s, kind, good))
    not_accused("B05.R007", lambda s: takes(s, "string", bad))
    noticed("B05.R007", lambda s: takes(s, kind, bad))
