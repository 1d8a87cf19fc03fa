"""The plan: which criteria apply, which cases will run, what limits hold; made before the first stimulus."""

from harness.plan._applicability import applies, narrowed
from harness.plan._make import CaseInfo, PlanError, make_plan
from harness.plan._model import (
    Bound,
    DutFacts,
    Plan,
    PlannedCase,
    PlannedCriterion,
    PlannedPurpose,
    PlannedRequirement,
    PlannedRun,
    Waiver,
)

__all__ = [
    "Bound",
    "CaseInfo",
    "DutFacts",
    "Plan",
    "PlanError",
    "PlannedCase",
    "PlannedCriterion",
    "PlannedPurpose",
    "PlannedRequirement",
    "PlannedRun",
    "Waiver",
    "applies",
    "make_plan",
    "narrowed",
]
