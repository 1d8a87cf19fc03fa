"""What a purpose is judged by: its criteria's limits by role, of several the strictest."""

from __future__ import annotations

import pytest

from requirement_catalog import (
    Confidence,
    ResolvedLimit,
    Sense,
    limits_of_purpose,
    load_catalogue,
    load_suites,
    load_tender,
    resolve_limits,
)


def limit(value: float, sense: Sense = Sense.AT_MOST, **more: object) -> ResolvedLimit:
    return ResolvedLimit(**{"name": f"{value:g}", "value": value, "unit": "s", "sense": sense, **more})  # type: ignore[arg-type]


def test_a_purpose_of_one_criterion_has_its_limits_and_no_others() -> None:
    """What another criterion names stays out of a judge's reach."""
    resolved = {"SC-01.1": {"response": limit(5)}, "SC-01.2": {"dwell": limit(2)}}
    assert limits_of_purpose(["SC-01.1"], resolved) == {"response": limit(5)}
    assert limits_of_purpose([], resolved) == {}


@pytest.mark.parametrize("criteria", [["SC-01.1", "SC-01.2"], ["SC-01.2", "SC-01.1"]])
def test_of_several_the_strictest_counts_by_its_sense(criteria: list[str]) -> None:
    """At most: the smallest; at least: the largest; in whatever order they stand."""
    resolved = {
        "SC-01.1": {"response": limit(5), "dwell": limit(2, Sense.AT_LEAST)},
        "SC-01.2": {"response": limit(3), "dwell": limit(60, Sense.AT_LEAST)},
    }
    found = limits_of_purpose(criteria, resolved)
    assert (found["response"].value, found["dwell"].value) == (3, 60)


def test_a_tolerance_is_part_of_how_strict_a_limit_is() -> None:
    """3 s with a tolerance of 4 s let more through than 5 s."""
    resolved = {"SC-01.1": {"response": limit(5)}, "SC-01.2": {"response": limit(3, tolerance=4.0)}}
    assert limits_of_purpose(resolved, resolved)["response"].value == 5


@pytest.mark.parametrize("criteria", [["SC-01.1", "SC-01.2"], ["SC-01.2", "SC-01.1"]])
def test_of_equally_strict_limits_the_less_sure_one_counts(criteria: list[str]) -> None:
    """Else a number that nobody confirmed would decide because the same number stands somewhere else."""
    resolved = {
        "SC-01.1": {"off": limit(3, confidence=Confidence.CONTRACT_DEFAULT)},
        "SC-01.2": {"off": limit(3, confidence=Confidence.SECONDARY)},
    }
    assert limits_of_purpose(criteria, resolved)["off"].confidence is Confidence.SECONDARY


def test_a_role_that_means_two_things_is_refused() -> None:
    """Amperes against watts: no number can settle which one counts."""
    resolved = {"SC-01.1": {"over": limit(0, unit="A")}, "SC-01.2": {"over": limit(0, unit="W")}}
    with pytest.raises(
        ValueError, match=r"the role 'over' means two things: at_most in A \(0\) and at_most in W \(0\)"
    ):
        limits_of_purpose(resolved, resolved)


def test_limits_of_its_own_count_beside_its_criteria_s() -> None:
    """A purpose beyond the tender serves no criterion, and has nothing but its own."""
    own = {"response": limit(4)}
    assert limits_of_purpose([], {}, own) == own
    assert limits_of_purpose(["SC-01.1"], {"SC-01.1": {"response": limit(9)}}, own) == own


def test_every_shipped_purpose_has_its_limits() -> None:
    """No purpose serves criteria whose roles contradict each other; what it waits out is among its limits."""
    catalogue = load_catalogue()
    resolved = resolve_limits(catalogue, load_tender(catalogue))
    for purpose in load_suites().purposes:
        found = limits_of_purpose([each.criterion for each in purpose.serves], resolved)
        assert set(purpose.cost.waits) <= set(found), purpose.id
