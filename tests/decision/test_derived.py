"""What follows from other criteria (BI-16.4)."""

from __future__ import annotations

from typing import Any

import pytest

from harness.decision import basis_of
from harness.decision._derived import DERIVED
from harness.judge import Verdict
from harness.trace import Trace
from requirement_catalog import Obligation, Phase, VerifiedBy
from tests.decision._plans import criterion, decided, judged, one, plan, waiver

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
FIRST, SECOND, THIRD = "OCPP-K01.P001", "OCPP-K01.P002", "OCPP-K01.P003"


def family(*others: Any, **more: Any) -> Any:
    """BI-16.4, and what it follows from."""
    graph = criterion("BI-16.4", verified_by=VerifiedBy.LOG_ANALYSIS, all_of=("SC", "PR"))
    served = plan(*others, **more).runs
    return plan(*others, graph, runs=served, **more)


def graph_of(result: Any) -> Any:
    """BI-16.4's result."""
    return one(result, "BI-16.4")


def test_each_row_has_its_test_here() -> None:
    """The rows, in order, and the tests below that name them."""
    assert [row.name for row in DERIVED] == [
        "some are open",  # test_it_is_as_bad_as_the_worst_of_them_and_names_it
        "a selection",  # test_a_selection_cannot_prove_it
        "none applies",  # test_nothing_to_follow_from_proves_nothing
        "all are proven",  # test_it_holds_when_all_of_them_hold
    ]


def test_it_holds_when_all_of_them_hold() -> None:
    """SC and PR pass; what is no part of them does not count."""
    chosen = family(criterion("SC-04.1"), criterion("PR-15.1"), criterion("GEN-01.1"))
    result = decided(judged(PASS), judged(PASS, SECOND), judged(FAIL, THIRD), of=chosen)
    assert graph_of(result).verdict is PASS


@pytest.mark.parametrize("verdict", [FAIL, INCONCLUSIVE, Verdict.ERROR, Verdict.PENDING])
def test_it_is_as_bad_as_the_worst_of_them_and_names_it(verdict: Verdict) -> None:
    """One of two is not proven."""
    chosen = family(criterion("SC-04.1"), criterion("PR-15.1"))
    result = decided(judged(PASS), judged(verdict, SECOND), of=chosen)
    assert graph_of(result).verdict is verdict
    assert "PR-15.1" in graph_of(result).why


def test_waived_parts_count_as_proven_and_wishes_do_not_count() -> None:
    """And neither does what does not apply, or can only be shown in service."""
    chosen = family(
        criterion("SC-04.1"),
        criterion("SC-04.2", obligation=Obligation.WISH),
        criterion("SC-05.3", phase=Phase.OPERATION),
        criterion("PR-15.1", applies=False),
        waivers=(waiver(),),
    )
    result = decided(judged(FAIL), judged(FAIL, SECOND), judged(FAIL, THIRD), of=chosen)
    assert graph_of(result).verdict is PASS
    assert result.decision == "GO"


def test_its_own_waiver_counts() -> None:
    """BI-16.4 itself may be waived when it fails."""
    chosen = family(criterion("SC-04.1"), waivers=(waiver(of="BI-16.4"), waiver()))
    assert graph_of(decided(judged(FAIL), of=chosen)).verdict is PASS
    chosen = family(criterion("SC-04.1"), waivers=(waiver(of="BI-16.4"),))
    assert graph_of(decided(judged(FAIL), of=chosen)).waived


def test_a_selection_cannot_prove_it() -> None:
    """SC-04 alone was run: the others may fail. A fail among those that ran is a fail all the same."""
    chosen = family(criterion("SC-04.1"), narrowed=("-r SC-04", "-r BI-16"))
    assert graph_of(decided(judged(PASS), of=chosen)).verdict is INCONCLUSIVE
    assert graph_of(decided(judged(FAIL), of=chosen)).verdict is FAIL


def test_nothing_to_follow_from_proves_nothing() -> None:
    """No smart charging criterion in the plan."""
    assert graph_of(decided(judged(PASS), of=family(criterion("GEN-01.1")))).verdict is INCONCLUSIVE


def test_every_criterion_that_holds_stands_somewhere_in_what_a_go_rests_on() -> None:
    """What was seen, papers and what follows add up to all that passed: no reader has to look for the missing one."""
    chosen = family(criterion("SC-04.1"), criterion("PR-15.1"))
    basis = basis_of(chosen, Trace([]), decided(judged(PASS), judged(PASS, SECOND), of=chosen))
    assert basis.follows == ("BI-16.4",)
    assert {*basis.seen, *basis.papers} == {"SC-04.1", "PR-15.1"}
