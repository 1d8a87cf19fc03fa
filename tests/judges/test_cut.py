"""Claims that were cut off before they could be made: a fail that was seen stands, anything else counts as nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from harness.judge import Claim, Finding, Limits, Verdict, claims_in, evaluate, judge, judge_named, judge_names
from harness.judge._cut import FAIL_EARLY
from harness.trace import Trace
from tests.judges._trace import CASE, LIMITS, T, _OfAnyId

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


@judge("tests.always_fails")
def always_fails(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """A judge whose fail over the first part of a window says nothing of the whole."""
    return Finding(verdict=FAIL, expected="more", seen=f"nothing up to {claim.seq}")


def intends(t: T, name: str = "setpoints.limit_holds", *, control: bool = False, **params: Any) -> T:
    """The case says what it will claim; named "intended"."""
    resolved = {
        key: t[value[1:]] if isinstance(value, str) and value[:1] == "@" else value for key, value in params.items()
    }
    t.event("claim.intended", "harness", criterion="SC-04.2", judge=name, params=resolved, control=control)
    return t.named("intended")


def found(t: T) -> Finding:
    """What became of the newest claim."""
    return evaluate(Trace(t.events), _OfAnyId(LIMITS))[-1].finding


def ignored(for_s: float) -> T:
    """A limit of 10 A that a car drawing 16 A does not follow, in a window that is open."""
    return intends(T().draws(16, 2).limits_to(10), limit="@limit").draws(16, for_s)


def followed() -> T:
    """The same limit followed after a second."""
    return intends(T().draws(16, 2).limits_to(10), limit="@limit").draws(16, 1).draws(9.9, 4)


def test_a_fail_that_was_seen_when_the_process_was_killed_is_one() -> None:
    """The response time is 10 s, and nothing came after it: no mark, no end."""
    seen = found(ignored(12))
    assert seen.verdict is FAIL and seen.seen.endswith("; then the run was cut")


def test_what_may_still_have_come_is_no_fail() -> None:
    """Cut within the response time."""
    seen = found(ignored(5))
    assert seen.verdict is INCONCLUSIVE and "counts for nothing" in seen.seen


def test_a_pass_that_was_seen_by_then_counts_for_nothing() -> None:
    """It had followed, and held for as long as the contract asks."""
    assert found(followed()).verdict is INCONCLUSIVE


ENDS: dict[str, Callable[[T], T]] = {
    "its own cut": lambda t: t.event("claim.cut", "harness", intended=t["intended"]),
    "a person's": lambda t: t.event("case.broken_off", "operator"),
    "the case's end": lambda t: t.event("case.ended", "harness", outcome="not_seen"),
    "the case run anew": lambda t: t.event("case.started", "harness", title=CASE),
    "a rerun": lambda t: t.event("campaign.rerun", "harness"),
    "a recovery": lambda t: t.event("campaign.recovered", "harness"),
}


@pytest.mark.parametrize("end", ENDS)
def test_the_window_ends_where_it_was_cut(end: str) -> None:
    """What flows when the limit has been lifted again, by us, is no offence."""
    assert found(ENDS[end](followed()).draws(16, 20)).verdict is INCONCLUSIVE
    assert found(followed().draws(16, 20)).verdict is FAIL
    assert found(ENDS[end](ignored(12)).draws(9, 5)).verdict is FAIL


def test_another_claim_s_cut_ends_nothing() -> None:
    """Two windows, one in the other."""
    assert found(followed().event("claim.cut", "harness", intended=1).draws(16, 20)).verdict is FAIL


def test_a_claim_that_was_made_is_judged_once() -> None:
    """The claim names what it was intended by."""
    t = followed()
    about = {"criterion": "SC-04.2", "judge": "setpoints.limit_holds", "params": {"limit": t["limit"]}}
    made = claims_in(Trace(t.event("claim", "harness", **about, intended=t["intended"]).events))
    assert [(c.cut, c.seq) for c in made] == [(False, len(t.events) - 1)]
    assert found(t).verdict is PASS


def test_both_runs_have_their_own() -> None:
    """The first was cut, the second claimed; each is judged in its own run."""
    t = ignored(12).event("case.started", "harness", title=CASE)
    t = t.draws(16, 2).limits_to(10).draws(9.9, 11).claims("setpoints.limit_holds", limit="@limit")
    both = {j.claim.run: (j.claim.cut, j.finding.verdict) for j in evaluate(Trace(t.events), _OfAnyId(LIMITS))}
    assert both == {1: (True, FAIL), 2: (False, PASS)}


def test_a_judge_that_may_be_early_accuses_nobody() -> None:
    """Only those whose fail cannot be made good later are believed."""
    seen = found(intends(T().draws(16, 2), "tests.always_fails").draws(16, 2))
    assert seen.verdict is INCONCLUSIVE and "(fail, which counts for nothing)" in seen.seen


def test_an_instrument_s_plug_that_was_pulled_hides_nothing() -> None:
    """The meter saw the offence, then nothing more; the whole window has a silence over which nobody can judge."""
    pulled = ignored(12).wait(9).event("case.broken_off", "operator")
    assert found(pulled).verdict is FAIL
    assert found(ignored(5).wait(9).event("case.broken_off", "operator")).verdict is INCONCLUSIVE


def test_a_control_voids_what_was_cut_as_well() -> None:
    """Where it failed; one that was still to come says nothing, neither way."""
    failed = T().draws(12, 2).claims("setpoints.draws_at_least", as_control=True, value=14, unit="A")
    assert found(intends(failed.limits_to(10), limit="@limit").draws(16, 12)).verdict is INCONCLUSIVE
    to_come = intends(ignored(12), "setpoints.draws_at_least", control=True, value=14, unit="A")
    judged = {j.claim.control: j.finding.verdict for j in evaluate(Trace(to_come.events), _OfAnyId(LIMITS))}
    assert judged == {True: INCONCLUSIVE, False: FAIL}


def test_a_station_s_window_is_its_own() -> None:
    """Killed while another EVSE told something last: what is judged is of the EVSE that the claim is about."""
    t = T().of(evse=1)
    t.event("claim.intended", "harness", criterion="SC-04.2", judge="tests.always_fails", params={})
    t.of(evse=1).draws(16, 1).of(evse=2).draws(16, 1)
    (one,) = evaluate(Trace(t.events), _OfAnyId(LIMITS))
    newest = max(e.seq for e in t.events if e.evse == 1)
    assert f"nothing up to {newest} " in one.finding.seen


def reconnecting() -> T:
    """A charger that is back a minute after the network's return."""
    t = T().connects(1).wait(1).acts("csms.network", "cut").named("cut").closes(by="harness")
    t = intends(
        t.wait(5).acts("csms.network", "restore").named("restored"),
        "connectivity.reconnects",
        cut="@cut",
        restored="@restored",
    )
    return t.wait(60).connects(2).wait(1).says("Heartbeat")


def switching_off() -> T:
    """A voltage that is off 0.3 s after the car was no longer ready."""
    t = T().stays("C", True, 1).acts("pilot", "not_ready").named("since")
    return intends(t, "pilot.switches_off", since="@since").stays("B", True, 0.3).stays("B", False, 2)


@pytest.mark.parametrize("good", [followed, reconnecting, switching_off])
def test_no_cut_makes_a_fail_of_what_is_good(good: Callable[[], T]) -> None:
    """Wherever a good window is cut; the judge who sees all of it passes it."""
    events = good().events
    first = next(e.seq for e in events if e.kind == "claim.intended")
    for end in range(first + 1, len(events) + 1):
        (last,) = [j for j in evaluate(Trace(events[:end]), _OfAnyId(LIMITS)) if j.claim.cut]
        assert last.finding.verdict is INCONCLUSIVE, (end, last.finding.seen)
    claim = msgspec.structs.replace(last.claim, intended=None)
    assert judge_named(claim.judge)(Trace(events), claim, Limits(LIMITS)).verdict is PASS


def test_who_is_believed_early_is_a_judge() -> None:
    """A name that no judge has would believe nobody."""
    assert set(judge_names()) >= FAIL_EARLY
