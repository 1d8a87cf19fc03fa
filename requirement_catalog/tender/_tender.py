"""The tender: contract parameters with what a client's overlay changes, confirms, waives or leaves out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import msgspec

from requirement_catalog._model import (
    AppliesWhen,
    Confidence,
    ContractParameter,
    Criterion,
    Obligation,
    Phase,
    ReferenceNumber,
    Requirement,
    Sense,
)
from requirement_catalog.purposes._suite_model import Depth, Rule, RuleLimit
from requirement_catalog.tender._overlay import (
    Confirmation,
    DecisionRule,
    ObligationChange,
    PapersAccepted,
    RuleLimitChange,
    Waiver,
)


class _Base(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Immutable, and a misspelt key is an error."""


class TenderChange(_Base, frozen=True, kw_only=True):
    """One thing in which a tender differs from the catalogue, in plain words for the report's first page.

    `kind`: "demo", "extent", "depth", "scope", "limit", "confirmation", "obligation", "left_out", "papers", "waiver",
    "decision_rule" or "date". `eases` tells whether it asks less of the charger, or lets it off.
    """

    kind: str
    of: str  # the id or name that it is about; "" for the tender as a whole
    text: str
    eases: bool = False


class PixitRange(_Base, frozen=True, kw_only=True):
    """Between which numbers a value of a lab's profile (PIXIT) makes sense; what is outside is refused."""

    name: str
    unit: str
    range: tuple[float, float]
    reason: str


class DefaultTender(_Base, frozen=True, kw_only=True):
    """tenders/default.yaml: every contract parameter with our default and its reason."""

    title: str
    note: str
    depth: Depth = Depth.ACCEPTANCE
    decision_rule: DecisionRule = DecisionRule.INCONCLUSIVE_WITHIN_UNCERTAINTY
    accept_papers_for: tuple[PapersAccepted, ...] = ()
    parameters: tuple[ContractParameter, ...]
    pixit: tuple[PixitRange, ...] = ()


class Tender(_Base, frozen=True, kw_only=True):
    """What one contract asks: the catalogue's defaults with an overlay applied. Made by `load_tender`."""

    title: str
    client: str  # "" without an overlay
    demo: bool
    evaluation_date: datetime.date | None
    decision_rule: DecisionRule
    scope: AppliesWhen | None
    depth: Depth
    parameters: dict[str, ContractParameter]
    reference_numbers: dict[str, ReferenceNumber]
    confirmations: dict[str, Confirmation]  # of numbers that stand with a criterion, by "SC-07.8 off"
    rule_limits: dict[str, RuleLimitChange]  # those that it changes, by "OCPP-G03.R004 told"
    obligations: dict[str, ObligationChange]
    left_out: dict[str, str]
    papers_accepted: dict[str, str]  # by criterion or requirement: why a paper may take the place of a test
    waivers: tuple[Waiver, ...]
    changes: tuple[TenderChange, ...]  # in what it differs from the catalogue, what eases it first
    digest: str  # SHA-256 of the overlay as read; "" without one

    @property
    def name(self) -> str:
        """The tender's title."""
        return self.title

    def obligation_of(self, criterion: Criterion) -> Obligation:
        """How strongly this tender asks for it: the criterion's own change, else its requirement's, else the source's.

        What the tender leaves out is `information`: shown, but it decides nothing.
        """
        if self.left_out_because(criterion):
            return Obligation.INFORMATION
        for key in (criterion.id, criterion.id.split(".")[0]):
            if key in self.obligations:
                return self.obligations[key].obligation
        return criterion.obligation

    def limits_of(self, rule: Rule) -> dict[str, RuleLimit]:
        """A rule's limits by name, as this tender has them."""
        changed = {role: self.rule_limits.get(f"{rule.id} {role}") for role in rule.limits}
        return rule.limits | {role: each.now for role, each in changed.items() if each is not None}

    def mandatory(self, criteria: Iterable[Criterion]) -> list[Criterion]:
        """Those of the criteria that it makes mandatory before go-live, whatever product is tested."""
        mine = [c for c in criteria if c.phase is Phase.ACCEPTANCE]
        return [c for c in mine if self.obligation_of(c) is Obligation.MANDATORY]

    def left_out_because(self, item: Criterion | Requirement) -> str | None:
        """The reason why this tender does not ask for it, or None when it does."""
        return self.left_out.get(item.id) or self.left_out.get(item.id.split(".")[0])

    def accepts_paper_because(self, criterion: Criterion) -> str:
        """Why this tender lets a paper take the place of a test that the bench cannot run; "" where it does not."""
        if not criterion.paper_may_do:
            return ""
        return self.papers_accepted.get(criterion.id) or self.papers_accepted.get(criterion.id.split(".")[0], "")

    def waiver_of(self, id: str) -> Waiver | None:
        """The waiver of a criterion, purpose or rule, in force or not; None when there is none."""
        return next((each for each in self.waivers if each.of == id), None)


class ResolvedLimit(_Base, frozen=True, kw_only=True):
    """A limit with its contract parameters filled in, ready to be frozen into a plan."""

    name: str
    value: float
    unit: str
    sense: Sense
    tolerance: float = 0.0
    source: str = ""
    confidence: Confidence = Confidence.CONTRACT_DEFAULT
