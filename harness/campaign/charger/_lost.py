"""What is still judged of a charger that was lost: whatever looks over all that it said before."""

from __future__ import annotations

from harness.hands import Stand
from harness.judge import judge_named
from harness.plan import Plan


def claim_of_the_lost(stand: Stand, plan: Plan) -> None:
    """Claim, in the running case, what its purposes ask of the whole trace; what needs the charger stays unclaimed."""
    judges = {purpose.id: purpose.judges for purpose in plan.purposes}
    for purpose in stand.running.purposes:
        asked = [judge_named(name) for name in judges.get(purpose, ())]
        if all(getattr(judge, "whole_trace", False) for judge in asked):
            for judge in asked:
                stand.claim(judge, purpose)
