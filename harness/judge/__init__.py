"""Judges: pure functions over a trace. They know no clock, no device and no limit of their own."""

from harness.judge._core import (
    Claim,
    Conditions,
    Finding,
    JudgeFunction,
    Limits,
    Measurement,
    ResolvedLimit,
    Verdict,
    held_against,
    judge,
    judge_named,
    judge_names,
    worst,
)
from harness.judge._evaluate import Judged, claims_in, evaluate, params_of
from harness.judge._result import (
    CampaignResult,
    Continuing,
    CriterionResult,
    FindingResult,
    PurposeResult,
    Reason,
    RequirementResult,
    Tested,
)
from harness.judge.line._attribution import Callers, Whose

__all__ = [
    "Callers",
    "CampaignResult",
    "Claim",
    "Conditions",
    "Continuing",
    "CriterionResult",
    "Finding",
    "FindingResult",
    "JudgeFunction",
    "Judged",
    "Limits",
    "Measurement",
    "PurposeResult",
    "Reason",
    "RequirementResult",
    "ResolvedLimit",
    "Tested",
    "Verdict",
    "Whose",
    "claims_in",
    "evaluate",
    "held_against",
    "judge",
    "judge_named",
    "judge_names",
    "params_of",
    "worst",
]
