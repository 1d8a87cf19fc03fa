"""The tender: contract parameters, and what a client's overlay changes, confirms, waives or leaves out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from enum import StrEnum

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
from requirement_catalog.purposes._suite_model import Depth


class _Base(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Immutable, and a misspelt key is an error."""


class DecisionRule(StrEnum):
    """What a measured value within its uncertainty of the limit means (ISO/IEC Guide 98-4 speaks of guard bands)."""

    INCONCLUSIVE_WITHIN_UNCERTAINTY = "inconclusive_within_uncertainty"
    ACCEPT_WITHIN_UNCERTAINTY = "accept_within_uncertainty"
    REJECT_WITHIN_UNCERTAINTY = "reject_within_uncertainty"


class ParameterChange(_Base, frozen=True, kw_only=True):
    """A client's own number for a contract parameter, in the parameter's unit."""

    value: float
    reason: str


class Confirmation(_Base, frozen=True, kw_only=True):
    """Somebody read the standard: this number is confirmed. `value` is what that person read."""

    limit: str  # a reference number, or a criterion with a number of its own ("SC-07.8", or "SC-07.8 off" by its role)
    value: float
    edition: str
    checked_by: str
    dated: datetime.date

    @property
    def source(self) -> str:
        """Where the number is from, as a report prints it."""
        return f"{self.edition}, read by {self.checked_by} on {self.dated}"


class ObligationChange(_Base, frozen=True, kw_only=True):
    """A tender asks for something more or less strongly than D5.4; give a criterion or a whole requirement."""

    of: str
    obligation: Obligation
    reason: str


class LeftOut(_Base, frozen=True, kw_only=True):
    """A requirement or criterion that this tender does not ask for."""

    of: str
    reason: str


class PapersAccepted(_Base, frozen=True, kw_only=True):
    """A paper may take the place of a test that the bench cannot run; give a criterion or a whole requirement."""

    of: str
    reason: str


class Waiver(_Base, frozen=True, kw_only=True):
    """A dated, signed-for exception. Excuses a fail, never an error; must go when what it excuses passes."""

    of: str  # the id of a criterion, a test purpose or a rule
    reason: str
    signed_by: str
    dated: datetime.date
    until: datetime.date
    revision: int | None = None  # of the purpose or rule, as it was waived: a changed meaning voids it

    def in_force(self, on: datetime.date) -> bool:
        """Whether the waiver holds on that day (both ends included)."""
        return self.dated <= on <= self.until


class WaiverEntry(_Base, frozen=True, kw_only=True):
    """A waiver as a tender file gives it: `of:`, or `criterion:` as older files call it."""

    of: str | None = None
    criterion: str | None = None
    reason: str
    signed_by: str
    dated: datetime.date
    until: datetime.date
    revision: int | None = None

    @property
    def id(self) -> str:
        """What it waives."""
        return self.of or self.criterion or ""

    def waiver(self) -> Waiver:
        """The same under one name."""
        return Waiver(
            of=self.id,
            reason=self.reason,
            signed_by=self.signed_by,
            dated=self.dated,
            until=self.until,
            revision=self.revision,
        )


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


class Overlay(_Base, frozen=True, kw_only=True):
    """A client's tender file, laid over the catalogue and tenders/default.yaml."""

    title: str
    client: str
    dated: datetime.date
    note: str | None = None
    demo: bool = False  # for the emulated demonstration: may change values, never raises a confidence
    agreed_by: tuple[str, ...] = ()  # who of client and contractor agreed the numbers; none: they are proposals
    evaluation_date: datetime.date | None = None  # judge papers and duties as of this day (a demonstration, a dispute)
    depth: Depth | None = None  # how much of the suites is run: short, acceptance or thorough
    decision_rule: DecisionRule | None = None
    scope: AppliesWhen | None = None
    parameters: dict[str, ParameterChange] = {}
    confirm: tuple[Confirmation, ...] = ()
    obligations: tuple[ObligationChange, ...] = ()
    leave_out: tuple[LeftOut, ...] = ()
    accept_papers_for: tuple[PapersAccepted, ...] | None = None  # the whole list, in place of the default tender's
    waivers: tuple[WaiverEntry, ...] = ()


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
