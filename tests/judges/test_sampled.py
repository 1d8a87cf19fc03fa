"""What a charger samples, against itself: the times of its samples, and the currents of its phases."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def value(t: T, *samples: dict[str, Any], age_s: float = 0.0, **more: Any) -> dict[str, Any]:
    """A meter value, taken so long ago."""
    context = {"context": "Sample.Periodic"}
    told = samples or ({"value": 1.0},)
    return {"timestamp": t.stamp(t.now_s - age_s), "sampledValue": [{**context, **s, **more} for s in told]}


def stamped(age_s: float, kind: str = "Updated", *, every: str = "Accepted", context: str = "Sample.Periodic") -> T:
    """A session that began a minute before, and one event with a sample that is so old."""
    about = {"component": {"name": "SampledDataCtrlr"}, "variable": {"name": "TxUpdatedInterval"}}
    t = T().connects().asks("SetVariables", {"setVariableData": [{**about, "attributeValue": "1"}]}).named("every")
    t.answers({"setVariableResult": [{**about, "attributeStatus": every}]})
    t.tells("Started", 0, meterValue=[value(t, context="Transaction.Begin")]).wait(200)
    t.tells(kind, 1, meterValue=[value(t, age_s=age_s, context=context)]).wait(1)
    return t.claims("sampled.at_their_time", "SC-04.7", since=0, every="@every")


@pytest.mark.parametrize(
    ("age_s", "how", "verdict"),
    [
        (0, {}, PASS),
        (1.5, {}, PASS),
        (-3600, {}, FAIL),  # of another hour: later
        (3600, {}, FAIL),  # and earlier
        (-3600, {"kind": "Ended"}, FAIL),
        (3600, {"kind": "Ended"}, FAIL),
        (190, {"kind": "Ended"}, PASS),  # its end may tell what was sampled all along
        (190, {}, FAIL),  # an event on the way tells that of its interval alone (J02.FR.10)
        (190, {"every": "Rejected"}, PASS),  # of an interval that nobody knows
        (3600, {"context": "Sample.Clock"}, PASS),  # what is aligned to the clock may be from before
    ],
)
def test_a_sample_is_of_its_event(age_s: float, how: Any, verdict: Verdict) -> None:
    """Within its session, not later than its event, and no older than the interval."""
    assert stamped(age_s, **how).judged().verdict is verdict


def test_without_samples_their_time_is_unknown() -> None:
    """A charger that samples nothing is not blamed for its times."""
    t = T().connects().tells("Started", 0).wait(1).claims("sampled.at_their_time", "SC-04.7", since=0)
    assert t.judged().verdict is INCONCLUSIVE


def amps(phase: str | None, a: float, **more: Any) -> dict[str, Any]:
    """One current."""
    where = {} if phase is None else {"phase": phase}
    return {"value": a, "measurand": "Current.Import", "unitOfMeasure": {"unit": "A"}, **where, **more}


def watts(w: float, **more: Any) -> dict[str, Any]:
    """The power of all phases."""
    return {"value": w, "measurand": "Power.Active.Import", "unitOfMeasure": {"unit": "W"}, **more}


THREE = [amps("L1", 16), amps("L2", 16), amps("L3", 16)]


def phases(*samples: dict[str, Any]) -> T:
    """One sample in a session."""
    t = T().connects().tells("Started", 0).wait(10)
    return t.tells("Updated", 1, meterValue=[value(t, *samples)]).claims("sampled.every_phase", "SC-04.7", since=0)


@pytest.mark.parametrize(
    ("samples", "verdict"),
    [
        ([watts(11040), *THREE], PASS),
        ([watts(11040), amps("L1-N", 16), amps("L2-N", 16), amps("L3-N", 16)], PASS),
        ([watts(11040), THREE[0]], FAIL),
        ([watts(11040), *THREE[:2]], FAIL),
        ([watts(11.04, unitOfMeasure={"unit": "kW"}), THREE[0]], FAIL),
        ([watts(3680), amps("L1", 16)], PASS),  # a car on one phase, or a charger of one
        ([watts(11040), amps(None, 16)], PASS),  # the current of all phases
        ([watts(11040), amps(None, 16), THREE[0]], PASS),
        ([watts(11040)], PASS),  # currents are optional
        ([THREE[0]], PASS),  # with nothing to hold it against
        ([watts(11040, location="Inlet"), amps("L1", 30, location="Outlet")], PASS),  # measured elsewhere
        ([watts(0), amps("L1", 0)], PASS),
    ],
)
def test_currents_by_phase_are_those_of_all_phases(samples: Any, verdict: Verdict) -> None:
    """One phase of three beside the power of three is wrong; one current for all is not, and none is not."""
    assert phases(*samples).judged().verdict is verdict
