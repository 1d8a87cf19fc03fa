"""Voltage under a fault of the pilot, whether some stood before it or none."""

from __future__ import annotations

import pytest

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def fault(before: bool, after_s: list[tuple[bool, float]]) -> Verdict:
    """A session with voltage or without, a short to earth, and what the contacts show then (voltage, for so long)."""
    t = T().stays("C", before, 1).acts("pilot", "STATE E").named("fault")
    for on, for_s in after_s:
        t.stays("E", on, for_s)
    return t.claims("pilot_faults.no_voltage", "SC-07.6", since="@fault").judged().verdict


@pytest.mark.parametrize(
    ("before", "after_s", "expected"),
    [
        (True, [(True, 0.3), (False, 6)], PASS),
        (True, [(True, 4), (False, 6)], FAIL),  # three seconds are allowed
        (True, [(False, 2.5), (True, 3)], FAIL),  # it comes back while the fault stands
        (False, [(False, 6)], PASS),
        (False, [(False, 2.5), (True, 0.3), (False, 3)], FAIL),  # it came for a moment
        (False, [(False, 1)], INCONCLUSIVE),  # watched too short
    ],
)
def test_either_is_judged_by_what_it_is(before: bool, after_s: list[tuple[bool, float]], expected: Verdict) -> None:
    """Voltage that stood has to go in time; where none stood, none may come."""
    assert fault(before, after_s) is expected
