"""What this client's tender asks less than the catalogue, for the last box of a run: no GO may be taken for more."""

from __future__ import annotations

from typing import Any

from harness.cli._say import styled
from harness.evidence import LEFT_OUT, made_wishes
from harness.plan import Plan

_NAMED = 8


def eased(plan: Plan) -> list[Any]:
    """A line for what the tender leaves out, and one for what the catalogue demands and it merely wishes."""
    left_out = tuple(c.id for c in plan.criteria if c.reason.startswith(LEFT_OUT))
    wishes = made_wishes(plan)
    told = (
        ("LEAVES OUT", "of the catalogue", left_out),
        ("makes A MERE WISH of", "that the catalogue demands", wishes),
    )
    return [
        styled("the tender {} {} {}: {}", what, _counted(len(ids)), why, _some(ids)) for what, why, ids in told if ids
    ]


def _counted(number: int) -> str:
    return f"{number} {'criterion' if number == 1 else 'criteria'}"


def _some(ids: tuple[str, ...]) -> str:
    more = len(ids) - _NAMED
    return ", ".join(ids[:_NAMED]) + (f" and {more} more" if more > 0 else "")
