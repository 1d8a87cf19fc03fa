"""The decision: from findings to purposes, to criteria, and to GO, HOLD or SELECTION."""

from harness.decision._decide import decide
from harness.decision._papers import Basis, basis_of
from harness.decision.identity._bound import bound_problems
from harness.decision.identity._identity import who_was_tested
from harness.decision.runs._runs import CaseRun, Explanation, case_runs, explanation_fault

__all__ = [
    "Basis",
    "CaseRun",
    "Explanation",
    "basis_of",
    "bound_problems",
    "case_runs",
    "decide",
    "explanation_fault",
    "who_was_tested",
]
