"""Campaigns whose run goes badly, is cut in some way, and whose case is run again with better luck."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from harness.evidence import open_private
from harness.judge import Claim, Finding, Limits, Verdict, held_against, judge
from harness.trace import Recorder, Trace
from tests.evidence._campaign import CASE, PURPOSE, StepClock, boot, first_data, prepare, the_plan
from tests.evidence._campaign import judged as judged_anew
from tests.evidence._tricks import SAYS, WHY, profile_of

ABOUT = {"purpose": PURPOSE, "criterion": None, "judge": "tests.current_at_most", "params": {}, "control": False}
End = Callable[[Recorder], object]


@judge("tests.newest_at_most")
def newest_at_most(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The newest sample, held against the purpose's limit; what an earlier run drew is that run's."""
    newest = trace.of("bench.sample")[-1]
    verdict, measured = held_against("current", newest.data["values"]["i_l1_a"], limits["over"], uncertainty=0.1)
    return Finding(verdict=verdict, expected="at most 10 A", seen=f"{measured.value:g} A", acted="dut")


@judge("tests.sees_nothing")
def sees_nothing(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """A judge whose instrument was silent."""
    return Finding(verdict=Verdict.INCONCLUSIVE, expected="at most 10 A", seen="the meter was silent")


def ended(outcome: str, detail: str = "") -> End:
    """A case that ended in this way without its claim."""
    return lambda r: r.record("case.ended", "harness", {"outcome": outcome, "detail": detail})


def broken_off(recorder: Recorder) -> None:
    """A person pressed Ctrl-C."""
    recorder.record("case.broken_off", "operator", {})
    ended("not_seen", "a person broke the run off")(recorder)


def a_silent_instrument(recorder: Recorder) -> None:
    """The case came to its claim, and its judge could not see enough."""
    recorder.record("claim", "harness", {**ABOUT, "judge": "tests.sees_nothing"})
    ended("completed")(recorder)


ENDS: dict[str, End] = {
    "killed": lambda recorder: None,
    "Ctrl-C": broken_off,
    "the network unplugged": ended("not_seen", "the connection to the charger broke"),
    "an exception of the case's own": ended("error", "ZeroDivisionError"),
    "a person who does not answer": ended("pending", "nobody answered"),
    "a case that comes to its end and claims nothing": ended("completed"),
    "an instrument unplugged": a_silent_instrument,
}


def ran_badly(
    place: Path, end: End, *, after: End = lambda r: None, again: bool = True, real: bool = False, begun: bool = True
) -> Path:
    """A charger that draws 30 A where 10 A are allowed; the run is cut, and the case run `again`, well, at 9 A.

    A `real` charger's journal is private, and not judged yet.
    """
    evidence, profile = place / "evidence", profile_of(emulated=not real)
    plan = the_plan(profile, dut=msgspec.structs.replace(the_plan().dut, emulated=not real))
    prepare(evidence, plan, profile)
    recorder = Recorder(open_private(evidence, []) if real else evidence / "trace.jsonl", StepClock())
    first = first_data(evidence, plan)
    recorder.record("campaign.started", "harness", first)
    recorder.record("evaluation.date", "harness", {"date": plan.evaluation_date})
    boot(recorder, SAYS)
    recorder.case = CASE
    _begin(recorder, begun)
    recorder.record("bench.sample", "bench.meter", {"values": {"i_l1_a": 30.0}})
    end(recorder)
    recorder.case = None
    if again:
        _run_again(recorder, first)
    after(recorder)
    recorder.close()
    if not real:
        judged_anew(evidence)
    return evidence


def _run_again(recorder: Recorder, first: dict[str, Any]) -> None:
    recorder.record("campaign.rerun", "harness", {"cases": [CASE], **first})
    boot(recorder, SAYS)
    recorder.case = CASE
    _begin(recorder)
    recorder.record("bench.sample", "bench.meter", {"values": {"i_l1_a": 9.0}})
    recorder.record("claim", "harness", {**ABOUT, "judge": "tests.newest_at_most"})
    ended("completed")(recorder)
    recorder.case = None
    recorder.record("campaign.ended", "harness", {})


def _begin(recorder: Recorder, begun: bool = True) -> None:
    recorder.record("case.started", "harness", {"title": "limit", "function": CASE, "purposes": [PURPOSE]})
    if begun:
        recorder.record("case.begun", "harness", {"before": []})


def explained(recorder: Recorder) -> None:
    """A person says why."""
    recorder.record("run.explained", "operator", WHY)
