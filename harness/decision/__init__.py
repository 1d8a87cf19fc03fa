"""The decision: from findings to purposes, to criteria, and to GO, HOLD or SELECTION."""

from harness.decision._decide import decide
from harness.decision.identity._bound import bound_problems
from harness.decision.identity._identity import who_was_tested

__all__ = ["bound_problems", "decide", "who_was_tested"]
