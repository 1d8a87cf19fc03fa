"""A case and its limits for the tests of what cases hold."""

from __future__ import annotations

from harness.hands import Running
from harness.judge import Conditions, ResolvedLimit
from harness.plan import PlannedCase

SLOW, QUICK = "OCPP-K01.P001", "OCPP-K01.P002"


def seconds(name: str, value: float) -> ResolvedLimit:
    """A limit in s."""
    return ResolvedLimit(name=name, value=value, unit="s")


def running(
    *purposes: str,
    serves: tuple[str, ...] = (),
    conditions: Conditions | None = None,
    judges: dict[str, tuple[str, ...]] | None = None,
) -> Running:
    """A running case with these purposes; it serves `serves`, or just them."""
    limits = {
        SLOW: {"response": seconds("slow", 9.0), "dwell": seconds("dwell", 2.0)},
        QUICK: {"response": seconds("quick", 4.0)},
    }
    made = Running(limits, judges)
    made.case = PlannedCase(
        id="a::case@2.1",
        title="A case",
        function="a::case",
        purposes=purposes,
        conditions=conditions or Conditions(version="2.1"),
        estimate_s=1.0,
        worst_s=2.0,
        run=True,
    )
    made.serves = serves or purposes
    return made
