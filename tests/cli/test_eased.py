"""The last box of a run says what its tender asks less than the catalogue, so that its GO is taken for no more."""

from __future__ import annotations

import msgspec
import pytest

from harness.cli.view._eased import eased
from harness.plan import Plan
from requirement_catalog import Obligation
from tests.evidence._campaign import the_plan
from tests.evidence._tricks import two_criteria


def second(**changed: object) -> Plan:
    """A plan of two criteria that the catalogue demands, the second one changed."""
    plan = two_criteria(the_plan())
    first, other = plan.criteria
    return msgspec.structs.replace(plan, criteria=(first, msgspec.structs.replace(other, **changed)))


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (second(), []),
        (
            second(obligation=Obligation.WISH),
            ["the tender makes A MERE WISH of 1 criterion that the catalogue demands: SC-04.3"],
        ),
        (
            second(reason="this tender leaves it out: no need"),
            ["the tender LEAVES OUT 1 criterion of the catalogue: SC-04.3"],
        ),
    ],
)
def test_what_a_tender_asks_less_stands_in_the_box(plan: Plan, told: list[str]) -> None:
    """A demanded criterion made a wish, or left out, is named beside GO; an unchanged tender says nothing."""
    assert [line.plain for line in eased(plan)] == told
