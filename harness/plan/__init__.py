"""The plan: which criteria apply, which cases will run, what limits hold; made before the first stimulus."""

from harness.plan._model import (
    DutFacts,
    Plan,
    PlannedCase,
    PlannedCriterion,
    PlannedRequirement,
    Waiver,
)

__all__ = ["DutFacts", "Plan", "PlannedCase", "PlannedCriterion", "PlannedRequirement", "Waiver"]
