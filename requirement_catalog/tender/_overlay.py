"""What a client's tender file may say: numbers, confirmations, obligations, what it leaves out, waivers."""

from __future__ import annotations

import datetime
from enum import StrEnum

import msgspec

from requirement_catalog._model import AppliesWhen, Confidence, Obligation
from requirement_catalog.purposes._suite_model import Depth, RuleLimit


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


class RuleLimitChange(_Base, frozen=True, kw_only=True):
    """A client's own number for a rule's limit; `was` is the suite's, `now` has the tender's as source."""

    was: RuleLimit
    now: RuleLimit
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

    @property
    def agreement(self) -> tuple[str, Confidence]:
        """Where its numbers come from, as a report prints it, and what they are worth.

        They are confirmed only when it says who agreed them; a demonstration's never are.
        """
        if self.agreed_by and not self.demo:
            names = ", ".join(self.agreed_by)
            return f"tender {self.title!r} of {self.client}, agreed by {names}", Confidence.CONFIRMED
        if self.demo:
            return f"demonstration value of {self.title!r}, agreed by nobody", Confidence.CONTRACT_DEFAULT
        return f"proposed in tender {self.title!r} of {self.client}, not yet agreed", Confidence.CONTRACT_DEFAULT
