"""Answers by status and field, reports to their last part, and messages that were promised."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
NESTED = {"chargingProfile": {"id": 2, "chargingSchedule": {"chargingSchedulePeriod": {"limit": 11.0}}}}


def answered(payload: dict[str, Any] | str) -> T:
    """One request and its answer."""
    return T().asks("GetTransactionStatus", {}).named("a").answers(payload)


@pytest.mark.parametrize(
    ("answer", "wanted", "verdict"),
    [
        ("Rejected", {"accept": ["Rejected"]}, PASS),
        ("Accepted", {"accept": ["Rejected"]}, FAIL),
        ({"ongoingIndicator": True}, {"holds": {"ongoingIndicator": True}}, PASS),
        ({"ongoingIndicator": False}, {"holds": {"ongoingIndicator": True}}, FAIL),
        ({"messagesInQueue": False}, {"holds": {"ongoingIndicator": True}}, FAIL),
        ({"messagesInQueue": False}, {"lacks": ["ongoingIndicator"]}, PASS),
        ({"ongoingIndicator": False}, {"lacks": ["ongoingIndicator"]}, FAIL),
        ({"status": "Accepted", "list": [{"kind": "A"}, {"kind": "B"}]}, {"holds": {"list": {"kind": "B"}}}, PASS),
        ({"status": "Accepted", "list": [{"kind": "A"}]}, {"holds": {"list": {"kind": "B"}}}, FAIL),
        ({"variable": {"name": "offlinethreshold"}}, {"holds": {"variable": {"name": "OfflineThreshold"}}}, PASS),
        ({"variable": {"name": "OfflineLimit"}}, {"holds": {"variable": {"name": "OfflineThreshold"}}}, FAIL),
        ({"kind": "a"}, {"holds": {"kind": "A"}}, FAIL),  # only names of components and variables have no case
    ],
)
def test_an_answer_is_held_against_status_and_fields(answer: Any, wanted: dict[str, Any], verdict: Verdict) -> None:
    """Its status is one of those that fit, what it has to hold is in it, and what it must not is not."""
    assert answered(answer).claims("answers.says", call="@a", **wanted).judged().verdict is verdict


def test_an_error_code_counts_as_a_status() -> None:
    """A CALLERROR is what an unknown action deserves."""
    t = T().asks("NoSuchAction", {}).named("a").errs("NotImplemented")
    assert t.claims("answers.says", call="@a", accept=["NotImplemented", "NotSupported"]).judged().verdict is PASS


def test_silence_is_for_another_judge() -> None:
    """Whether it answers at all is not what these judges look at."""
    t = T().asks("GetVariables", {}).named("a").wait(10)
    assert t.claims("answers.says", call="@a", accept=["Accepted"]).judged().verdict is INCONCLUSIVE
    t = T().asks("GetVariables", {}).named("a").wait(10)
    assert t.claims("answers.is_error", call="@a").judged().verdict is INCONCLUSIVE


def test_a_malformed_request_deserves_an_error() -> None:
    """Any error will do; a result will not."""
    t = T().asks("GetVariables", {}).named("a").errs("FormatViolation")
    assert t.claims("answers.is_error", call="@a").judged().verdict is PASS
    t = T().asks("GetVariables", {}).named("a").answers({"getVariableResult": []})
    assert t.claims("answers.is_error", call="@a").judged().verdict is FAIL


def report(*parts: dict[str, Any], status: str = "Accepted", **wanted: Any) -> Verdict:
    """What comes of a request for a report and these parts of it."""
    t = T().asks("GetReport", {"requestId": 4}).named("a").answers(status)
    for part in parts:
        t = t.wait(0.1).says("NotifyReport", {"requestId": 4, "generatedAt": t.stamp(), **part}).is_answered({})
    return t.claims("answers.reports", call="@a", report="NotifyReport", **wanted).judged().verdict


FIRST, LAST = {"seqNo": 0, "tbc": True}, {"seqNo": 1, "tbc": False, **NESTED}


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        ((FIRST, LAST), PASS),
        (({"seqNo": 0},), PASS),
        ((FIRST,), FAIL),
        ((), FAIL),
        ((LAST,), FAIL),
        ((FIRST, {"seqNo": 2}), FAIL),
        ((FIRST, {"requestId": 5, "seqNo": 1}), FAIL),
        (({"tbc": True}, {}), PASS),
    ],
)
def test_a_report_comes_to_its_end(parts: tuple[dict[str, Any], ...], verdict: Verdict) -> None:
    """All of its parts come, numbered from 0 where they are numbered, and the last says that none follows."""
    assert report(*parts) is verdict


def test_a_report_that_was_refused_is_none() -> None:
    """Rejected fails, whatever comes afterwards."""
    assert report(FIRST, LAST, status="Rejected") is FAIL


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [("NotSupported", INCONCLUSIVE), ({"status": "Rejected"}, FAIL), ({"status": "NotSupported"}, INCONCLUSIVE)],
)
def test_a_report_that_a_station_need_not_know_is_left_out_for_nothing(answer: Any, verdict: Verdict) -> None:
    """GetReport is optional (Part 1, 4.6): without it nothing is shown; one that promises it has to send it."""
    t = T().asks("GetReport", {"requestId": 4}).named("a")
    t = t.errs(answer) if isinstance(answer, str) else t.answers(answer)
    assert t.claims("answers.reports_if_it_can", call="@a", report="NotifyReport").judged().verdict is verdict


def test_a_promise_of_a_report_is_kept() -> None:
    """Accepted, and nothing comes: a fail, as of any report."""
    t = T().asks("GetReport", {"requestId": 4}).named("a").answers("Accepted")
    assert t.claims("answers.reports_if_it_can", call="@a", report="NotifyReport").judged().verdict is FAIL


def test_a_report_holds_what_was_asked_for() -> None:
    """Down to a number in a list in a list."""
    assert report(FIRST, LAST, holds=NESTED) is PASS
    other = {"chargingProfile": {"id": 2, "chargingSchedule": {"chargingSchedulePeriod": {"limit": 12.0}}}}
    assert report(FIRST, LAST, holds=other) is FAIL


def told(*events: dict[str, Any], **wanted: Any) -> Verdict:
    """What comes of these transaction events."""
    t = T().event("step.started", "harness", text="begin").named("begin")
    for event in events:
        t = t.wait(0.1).says("TransactionEvent", event).is_answered({})
    return t.claims("answers.tells", since="@begin", action="TransactionEvent", **wanted).judged().verdict


HERE, THERE = {"evse": {"id": 1}}, {"evse": {"id": 2}}


def test_one_message_that_holds_it_is_enough() -> None:
    """Where any message may tell it."""
    assert told({}, HERE, THERE, holds=HERE) is PASS
    assert told({}, THERE, holds=HERE) is FAIL
    assert told(holds={}) is FAIL


def test_each_of_those_that_are_meant_has_to_hold_it() -> None:
    """Where `where` says which are meant, no one of them may tell otherwise; the others may."""
    assert told({}, HERE, HERE, where={"evse": {}}, holds=HERE) is PASS
    assert told({}, HERE, THERE, where={"evse": {}}, holds=HERE) is FAIL
    assert told({}, where={"evse": {}}, holds=HERE) is FAIL


def test_what_came_before_does_not_count() -> None:
    """Only what is told after `since`."""
    t = T().says("TransactionEvent", HERE).is_answered({}).event("step.started", "harness", text="begin").named("begin")
    t = t.claims("answers.tells", since="@begin", action="TransactionEvent", holds=HERE)
    assert t.judged().verdict is FAIL


def passed_over(*answers: str, last: bool = True) -> Verdict:
    """What comes of requests that are answered so, "" for not at all; `last`: another one is answered afterwards."""
    t = T().connects(1)
    names = [f"call{n}" for n in range(len(answers))]
    for name, answer in zip(names, answers, strict=True):
        t = t.wait(1).asks("GetDisplayMessages").named(name)
        t = t.errs(answer) if answer.startswith("Not") else t.answers(answer) if answer else t
    t = t.wait(1).asks("GetVariables").answers({}) if last else t
    return t.claims("answers.none_passed_over", calls=[f"@{name}" for name in names]).judged().verdict


def test_any_answer_is_one() -> None:
    """Done, refused, or not supported."""
    assert passed_over("Accepted", "Unknown", "NotSupported", "NotImplemented") is PASS


def test_silence_is_none_where_something_later_was_answered() -> None:
    """Where nothing was, the answer may yet come."""
    assert passed_over("Accepted", "") is FAIL
    assert passed_over("", "Accepted", last=False) is FAIL
    assert passed_over("Accepted", "", last=False) is INCONCLUSIVE
