"""The plan: which criteria apply, which cases will run, what limits hold; made before the first stimulus."""

from harness.plan._applicability import applies, narrowed
from harness.plan._make import CaseInfo, PlanError, make_plan
from harness.plan._model import (
    DutFacts,
    Plan,
    PlannedCase,
    PlannedCriterion,
    PlannedRequirement,
    Waiver,
)

__all__ = [
    "CaseInfo",
    "DutFacts",
    "Plan",
    "PlanError",
    "PlannedCase",
    "PlannedCriterion",
    "PlannedRequirement",
    "Waiver",
    "applies",
    "make_plan",
    "narrowed",
]
