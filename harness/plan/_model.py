"""The plan: which criteria apply to this DUT and why, which cases will run, and the limits frozen for the campaign."""

from __future__ import annotations

import msgspec

from harness.judge import ResolvedLimit
from requirement_catalog import Obligation, Phase, VerifiedBy


class Waiver(msgspec.Struct, frozen=True, kw_only=True):
    """A dated, signed-for exception: excuses `fail`, never `error`. Dates are ISO 8601 (YYYY-MM-DD)."""

    criterion: str
    reason: str
    signed_by: str
    dated: str
    until: str


class PlannedCriterion(msgspec.Struct, frozen=True, kw_only=True):
    """One criterion as it stands for this DUT and tender.

    `applies` comes from the tender's scope and the product's kind; `declared` is the PICS answer for its feature
    ("yes", "no", "undeclared" or None when it hangs on no feature). `blocked` says why no case can run, if so.
    """

    id: str
    requirement: str
    statement: str
    verified_by: VerifiedBy
    also_by: tuple[VerifiedBy, ...] = ()
    obligation: Obligation
    phase: Phase
    applies: bool
    reason: str
    declared: str | None = None
    feature_optional: bool = False
    cases: tuple[str, ...] = ()
    blocked: str | None = None
    clauses: tuple[str, ...] = ()
    module: str | None = None
    due: str | None = None
    dispute: str | None = None
    all_of: tuple[str, ...] = ()  # derived from other criteria of these requirements or families
    feature: str | None = None
    told_by: tuple[str, ...] = ()  # device-model variables that tell an undeclared feature, "Component.Variable"
    told_when: str | None = None  # what they must say: "true", "reported", "is X", "contains X"


class PlannedRequirement(msgspec.Struct, frozen=True, kw_only=True):
    """A requirement's heading for reports."""

    id: str
    title: str
    obligation_text: str
    source: str
    binds: tuple[str, ...]


class PlannedCase(msgspec.Struct, frozen=True, kw_only=True):
    """A test case in the order of execution; `run` False has its `reason` in plain words."""

    id: str
    title: str
    criteria: tuple[str, ...]
    needs: dict[str, str]
    disruptive: bool
    estimate_s: float
    run: bool
    reason: str = ""


class DutFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Who the DUT is, as its profile says."""

    name: str
    manufacturer: str
    model: str
    serial: str
    firmware: str
    role: str
    current: tuple[str, ...]
    sites: tuple[str, ...]
    bidirectional: bool
    emulated: bool


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was decided before the first stimulus; written to plan.json and never changed."""

    schema: str = "chargeproof/plan/1"
    dut: DutFacts
    tender: str
    client: str = ""
    catalogue_digest: str
    evaluation_date: str
    requirements: tuple[PlannedRequirement, ...]
    criteria: tuple[PlannedCriterion, ...]
    cases: tuple[PlannedCase, ...]
    limits: dict[str, ResolvedLimit]
    waivers: tuple[Waiver, ...] = ()
    selection: tuple[str, ...] = ()  # requirements asked for with --requirement; empty: all
    estimate_s: float = 0.0
