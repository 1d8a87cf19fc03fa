"""The plan: which criteria apply, which purposes run under which conditions, what limits hold; made beforehand."""

from harness.plan._applicability import applies, narrowed
from harness.plan._cases import CaseInfo, worst_s
from harness.plan._choice import Choice, PlanError
from harness.plan._make import make_plan
from harness.plan._model import (
    Bound,
    DeclaredEvse,
    DeclaredRating,
    DutFacts,
    Plan,
    PlannedCase,
    PlannedCriterion,
    PlannedFeature,
    PlannedPurpose,
    PlannedRequirement,
    PlannedRule,
    PlannedRun,
    PlannedServes,
    Waiver,
)
from harness.plan._runs import stands_in

__all__ = [
    "Bound",
    "CaseInfo",
    "Choice",
    "DeclaredEvse",
    "DeclaredRating",
    "DutFacts",
    "Plan",
    "PlanError",
    "PlannedCase",
    "PlannedCriterion",
    "PlannedFeature",
    "PlannedPurpose",
    "PlannedRequirement",
    "PlannedRule",
    "PlannedRun",
    "PlannedServes",
    "Waiver",
    "applies",
    "make_plan",
    "narrowed",
    "stands_in",
    "worst_s",
]
