"""What the text leaves open, found by reading rules once more: correct stations go unaccused, wrong ones do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.rules._stream import Stream, stamp
from tests.rules.test_ocpp_rules import (
    MONITOR,
    NAME,
    asks,
    cable,
    gets,
    late,
    leaves,
    of_all,
    running,
    schedule,
    stops,
    told,
)

Steps = Callable[[Stream], Stream]
SMART = "SmartChargingCtrlr"


def replaces(s: Stream, asked: dict[str, Any], answer: dict[str, Any]) -> Stream:
    """SetVariableMonitoring of one monitor."""
    data = NAME | {"value": 1.0, "type": "UpperThreshold", "severity": 5} | asked
    return s.answered("SetVariableMonitoring", {"setMonitoringData": [data]}, {"setMonitoringResult": [answer]})


def without_id() -> dict[str, Any]:
    return {key: value for key, value in MONITOR.items() if key != "id"}


def periodic_then(s: Stream, after_s: float, trigger: str, state: str | None) -> Stream:
    """A periodic event tells that the car is suspended, and so much later another one says what it says."""
    running(s).event("Updated", 1, "MeterValuePeriodic", state="SuspendedEVSE").after(after_s)
    s.event("Updated", 2, trigger, **({"state": state} if state else {}))
    return late(s)


def card(s: Stream) -> Stream:
    """Its driver stops it by card; the cable stays in."""
    return s.event("Updated", 1, "StopAuthorized")


def leaves_later(s: Stream) -> Stream:
    """The car leaves, which ends what its driver had stopped: so it says."""
    return s.after(9).event("Ended", 3, "EVCommunicationLost", reason="Local")


def smart(s: Stream, variable: str, value: str) -> Stream:
    """A variable of SmartChargingCtrlr is read."""
    return gets(s, told(value, name={"component": {"name": SMART}, "variable": {"name": variable}}))


def reported(s: Stream) -> Stream:
    """The whole device model, which lists no further purposes of profiles."""
    asks(s, "GetBaseReport", requestId=1, reportBase="FullInventory")
    limit = {"component": {"name": SMART}, "variable": {"name": "RateUnit"}, "variableAttribute": [{"value": "A"}]}
    report = {"requestId": 1, "generatedAt": stamp(s.now), "seqNo": 0, "tbc": False, "reportData": [limit]}
    return s.sends("NotifyReport", report)


def generating(s: Stream, percent: str = "1.0") -> Stream:
    """A station that takes local generation, and tells a change of its limit above so many per cent."""
    return smart(
        smart(s, "SupportedAdditionalPurposes", "PriorityCharging,LocalGeneration"), "LimitChangeSignificance", percent
    )


def raised(s: Stream) -> Stream:
    """Local generation is told."""
    limit = {"chargingLimitSource": "EMS", "isLocalGeneration": True}
    return s.sends("NotifyChargingLimit", {"chargingLimit": limit})


V21 = "ocpp2.1"
CASES: list[tuple[str, str, str, Steps, int | None]] = [
    ("a replaced monitor has the id that the request gave", "N04.R011", "ocpp2.0.1",
     lambda s: replaces(s, {"id": 1}, without_id()), None),
    ("a new one has no id", "N04.R011", "ocpp2.0.1", lambda s: replaces(s, {}, without_id()), 1),
    ("its driver stopped it before the backend did", "F03.R004", "ocpp2.0.1",
     lambda s: leaves_later(stops(card(running(s)), "Accepted")), None),
    ("its driver's stop crossed the backend's", "F03.R004", "ocpp2.0.1",
     lambda s: stops(running(s), "Accepted").event("Ended", 1, "StopAuthorized"), None),
    ("stopped and authorized again, the backend stopped it", "F03.R004", "ocpp2.0.1",
     lambda s: leaves_later(stops(card(running(s)).event("Updated", 2, "Authorized"), "Accepted")), 1),
    ("a card told the state in place of a change", "E02.R017", "ocpp2.0.1",
     lambda s: periodic_then(s, 0.2, "StopAuthorized", "SuspendedEVSE"), 0),
    ("a card of another moment tells no change", "E02.R017", "ocpp2.0.1",
     lambda s: periodic_then(s, 20, "StopAuthorized", "SuspendedEVSE"), 1),
    ("a card that tells no state", "E02.R017", "ocpp2.0.1", lambda s: periodic_then(s, 0.2, "StopAuthorized", None), 1),
    ("the cable stays in its socket (E09)", "G01.R006", "ocpp2.0.1",
     lambda s: late(leaves(cable(running(s), "sType2"))), None),
    ("nobody told what connector it is", "G01.R006", "ocpp2.0.1", lambda s: late(leaves(running(s))), None),
    ("the session goes on and waits for its car (E10)", "G01.R006", "ocpp2.0.1",
     lambda s: late(cable(running(s)).event("Updated", 1, "EVCommunicationLost", state="Idle")), None),
    ("a fixed cable hangs there again", "G01.R006", "ocpp2.0.1", lambda s: late(leaves(cable(running(s)))), 1),
    ("2.0.1 knows no local generation", "K08.R004", "ocpp2.0.1", lambda s: schedule(of_all(s, 8), 0), 1),
    ("nobody knows whether there is local generation", "K08.R004", V21, lambda s: schedule(of_all(s, 8), 0), None),
    ("its report has no list of purposes", "K08.R004", V21, lambda s: schedule(of_all(reported(s.boots()), 8), 0), 1),
    ("it takes local generation, and told of none", "K08.R004", V21,
     lambda s: schedule(of_all(generating(s), 8), 0), 1),
    ("what it added need not be told", "K08.R004", V21, lambda s: schedule(of_all(generating(s, "50"), 8), 0), 0),
    ("it told of local generation", "K08.R004", V21, lambda s: schedule(of_all(generating(raised(s)), 8), 0), None),
]  # fmt: skip


@pytest.mark.parametrize(("what", "rule", "version", "steps", "violated"), CASES, ids=[each[0] for each in CASES])
def test_what_the_text_obliges_and_no_more(
    what: str, rule: str, version: str, steps: Steps, violated: int | None
) -> None:
    """None: the rule has nothing to say there; else how often it was violated, once it was exercised."""
    s = Stream(version=version)
    tally = steps(s if rule in ("F03.R004", "E02.R017", "G01.R006") else s.opened()).of(f"OCPP-{rule}")
    assert tally.errors == []
    assert (tally.violated if tally.exercised else None) == violated, what
