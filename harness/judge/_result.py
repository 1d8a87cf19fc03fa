"""The outcome's shape: verdicts.json, from the decision down to each finding."""

from __future__ import annotations

import msgspec

from harness.judge._core import Claim, Finding, Verdict
from requirement_catalog import Obligation, Phase


class FindingResult(msgspec.Struct, frozen=True, kw_only=True):
    """One claim with what its judge found."""

    claim: Claim
    finding: Finding


class CriterionResult(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one criterion, why, on what proof, and who must do what next when it holds the decision up."""

    id: str
    requirement: str
    statement: str
    verdict: Verdict
    obligation: Obligation
    phase: Phase
    why: str
    proven_by: str = ""  # "test", "document_review", "operator_inspection", "log_analysis" or empty
    waived: bool = False
    waiver: str | None = None
    gates: bool = False  # whether it takes part in the decision
    next_who: str = ""
    next_what: str = ""
    findings: tuple[FindingResult, ...] = ()
    clauses: tuple[str, ...] = ()
    dispute: str | None = None


class RequirementResult(msgspec.Struct, frozen=True, kw_only=True):
    """A requirement with its criteria; the verdict is the worst of those that apply and gate."""

    id: str
    title: str
    obligation_text: str
    source: str
    verdict: Verdict
    criteria: tuple[CriterionResult, ...]


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One reason for HOLD."""

    criterion: str
    verdict: Verdict
    why: str
    who: str
    what: str


class Continuing(msgspec.Struct, frozen=True, kw_only=True):
    """An obligation of the operation phase that continues after go-live."""

    criterion: str
    statement: str
    due: str
    verdict: Verdict


class CampaignResult(msgspec.Struct, frozen=True, kw_only=True):
    """verdicts.json: the decision, every reason, every requirement."""

    schema: str = "chargeproof/verdicts/1"
    decision: str  # "GO" or "HOLD"
    reasons: tuple[Reason, ...]
    continuing: tuple[Continuing, ...]
    requirements: tuple[RequirementResult, ...]
    counts: dict[str, int]  # verdict -> number of applicable acceptance criteria
    emulated: bool
    partial: bool  # a selection of requirements or an interrupted run: never a GO for the whole tender
    interrupted: bool
    evaluation_date: str
    harness_errors: tuple[str, ...] = ()
    judge_versions: dict[str, str] = {}
