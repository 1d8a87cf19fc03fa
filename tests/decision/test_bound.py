"""A plan and a trace belong together by the digests in the trace's first event, and in each rerun's."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from harness.decision import bound_problems
from harness.plan import Bound
from harness.trace import Trace
from tests.decision._plans import CASE, plan, trace

PLAN = plan()
DIGEST = "ab" * 32
START: dict[str, Any] = {"schema": "chargeproof/trace/2", "plan": DIGEST, "bound": msgspec.to_builtins(PLAN.bound)}


def problems(*marks: Any, start: dict[str, Any] | None = None, seen: Trace | None = None) -> list[str]:
    """What stands against plan and trace."""
    return bound_problems(
        PLAN, DIGEST, seen if seen is not None else trace(*marks, start=START if start is None else start)
    )


def test_a_campaign_that_was_made_from_this_plan() -> None:
    """Nothing stands against it, nor against a rerun from the same."""
    assert problems(f"run:{CASE}") == []
    assert problems(f"run:{CASE}", "campaign.ended", ("campaign.rerun", START)) == []


@pytest.mark.parametrize("name", Bound.__struct_fields__)
def test_another_profile_overlay_catalogue_or_suite(name: str) -> None:
    """Each is named."""
    changed = {**START["bound"], name: "other"}
    (said,) = problems(start={**START, "bound": changed})
    assert f"made from another {name}" in said


def test_another_plan() -> None:
    """One byte of plan.json is enough."""
    (said,) = problems(start={**START, "plan": "cd" * 32})
    assert "another plan" in said


def test_a_rerun_of_another_campaign() -> None:
    """It holds its own digests, and they are held against the plan too."""
    (said,) = problems("campaign.ended", ("campaign.rerun", {**START, "plan": "cd" * 32}))
    assert said.startswith("the rerun at event 2")
    assert len(problems("campaign.ended", "campaign.rerun")) == 5


def test_a_trace_that_binds_nothing() -> None:
    """The older schema, an empty one, one that begins in the middle, two in one."""
    assert "which does not say" in problems(start={})[0]
    assert problems(seen=trace(ended=False)[:0]) == ["the trace does not begin with the start of a campaign"]
    assert problems(seen=trace(f"run:{CASE}", start=START)[1:])
    assert "more than one campaign" in problems(("campaign.started", START))[0]
