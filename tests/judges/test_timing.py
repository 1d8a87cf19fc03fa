"""Answers: in time, accepted, or missing for whose reason."""

from __future__ import annotations

import pytest

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def asked(after_s: float = 0.2, status: str = "Accepted") -> T:
    """One request, answered after some time."""
    return T().asks("SetChargingProfile").named("a").wait(after_s).answers(status)


@pytest.mark.parametrize(("after_s", "verdict"), [(0.2, PASS), (5.0, PASS), (5.1, FAIL)])
def test_an_answer_in_time_passes(after_s: float, verdict: Verdict) -> None:
    """Five seconds are the contract's; exactly five still pass."""
    assert asked(after_s).claims("timing.answered", call="@a").judged().verdict is verdict


def test_a_refusal_is_no_acceptance() -> None:
    """Rejected fails, with the reason the charger gave."""
    answer = {"status": "Rejected", "statusInfo": {"reasonCode": "InvalidSchedule"}}
    finding = T().asks("SetChargingProfile").named("a").answers(answer).claims("timing.answered", call="@a").judged()
    assert finding.verdict is FAIL
    assert "InvalidSchedule" in finding.seen


def test_a_callerror_is_no_acceptance() -> None:
    """CALLERROR fails by its code."""
    finding = T().asks("SetChargingProfile").named("a").errs("InternalError").claims("timing.answered", call="@a")
    assert "InternalError" in finding.judged().seen
    assert finding.judged().verdict is FAIL


def test_the_slowest_of_several_decides() -> None:
    """Two quick answers and a slow one."""
    t = asked().wait(1).asks("SetChargingProfile").named("b").wait(6).answers()
    assert t.claims("timing.answered", calls=["@a", "@b"]).judged().verdict is FAIL


def test_no_answer_in_time_fails() -> None:
    """Silence for longer than the contract allows."""
    t = T().asks("SetChargingProfile").named("a").wait(6)
    assert t.claims("timing.answered", call="@a").judged().verdict is FAIL


def test_no_answer_yet_is_no_fail() -> None:
    """The claim came two seconds after the request."""
    t = T().asks("SetChargingProfile").named("a").wait(2)
    assert t.claims("timing.answered", call="@a").judged().verdict is INCONCLUSIVE


@pytest.mark.parametrize(("by", "verdict"), [("harness", INCONCLUSIVE), ("dut", FAIL)])
def test_who_broke_the_connection_matters(by: str, verdict: Verdict) -> None:
    """We closed before the time was up: nobody's fault. The charger hung up: no answer is no answer."""
    t = T().connects(1).asks("SetChargingProfile").named("a").wait(1).closes(1, by=by).wait(10)
    assert t.claims("timing.answered", call="@a").judged().verdict is verdict


def test_another_connections_end_is_no_excuse() -> None:
    """We closed a connection of another station."""
    t = T().connects(1).asks("SetChargingProfile").named("a").wait(1).closes(2, by="harness").wait(10)
    assert t.claims("timing.answered", call="@a").judged().verdict is FAIL


def test_a_second_answer_does_not_repair_the_first() -> None:
    """The first answer counts: Rejected stays Rejected."""
    t = asked(status="Rejected").wait(0.1)
    t.answers("Accepted", to=t["a"], remark="duplicate")
    assert t.claims("timing.answered", call="@a").judged().verdict is FAIL


def test_an_answer_to_another_call_is_none() -> None:
    """Two calls under way, one answer."""
    t = T().asks("SetChargingProfile").named("a").asks("GetVariables").named("b").answers("Accepted").wait(6)
    assert t.claims("timing.answered", call="@a").judged().verdict is FAIL
