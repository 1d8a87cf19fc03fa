"""The catalogue's types: requirements, criteria, limits and contract parameters, frozen and validated."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec


class Confidence(StrEnum):
    """How sure we are of a number (design, *Words*); only the first three decide a verdict."""

    CONFIRMED = "confirmed"
    CONTRACT_DEFAULT = "contract_default"
    CORROBORATED = "corroborated"
    SECONDARY = "secondary"
    RECALLED = "recalled"

    @property
    def decides(self) -> bool:
        """Whether a limit of this confidence may produce a pass or a fail."""
        return self not in (Confidence.SECONDARY, Confidence.RECALLED)


class VerifiedBy(StrEnum):
    """The way a criterion is shown to hold."""

    TEST = "test"
    OPERATOR_INSPECTION = "operator_inspection"
    DOCUMENT_REVIEW = "document_review"
    LOG_ANALYSIS = "log_analysis"


class Phase(StrEnum):
    """When a criterion can be proven: before go-live, or only in service."""

    ACCEPTANCE = "acceptance"
    OPERATION = "operation"


class Obligation(StrEnum):
    """How strongly the tender asks for it."""

    MANDATORY = "mandatory"
    WISH = "wish"
    INFORMATION = "information"


class Sense(StrEnum):
    """The direction of a limit."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


class _Base(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every catalogue record shares: immutable, and a misspelt key is an error."""


class Provenance(_Base, frozen=True, kw_only=True):
    """Where a number comes from and how sure we are."""

    source: str
    confidence: Confidence
    second_source: str | None = None  # named when confidence is corroborated
    checked_by: str | None = None  # an overlay that confirms names who read which edition
    reason: str | None = None  # why a contract default was chosen


class Limit(_Base, frozen=True, kw_only=True):
    """A number that a judge gets under one role; exactly one of `value`, `contract` and `reference` gives it.

    `contract` is a contract parameter's name, `reference` a reference number's; unit and sense are then theirs, unless
    the limit says otherwise. A `value` of its own needs unit, sense, source and the range in which it makes sense.
    """

    value: float | None = None
    contract: str | None = None
    reference: str | None = None
    sense: Sense | None = None
    unit: str | None = None
    tolerance: float = 0.0  # in `unit`; added to the limit on the DUT's side
    tolerance_contract: str | None = None
    range: tuple[float, float] | None = None  # of a value of its own: outside it the number makes no sense
    source: str = ""
    confidence: Confidence = Confidence.CONTRACT_DEFAULT
    second_source: str | None = None


class AppliesWhen(_Base, frozen=True, kw_only=True):
    """The product kinds a requirement or criterion applies to; an empty list leaves that fact open."""

    current: tuple[str, ...] = ()  # "AC", "DC": applies when the product has any of them
    site: tuple[str, ...] = ()  # "public", "semi_public", "private"
    bidirectional: bool | None = None
    product: tuple[str, ...] = ()  # "station", "backend"


class Source(_Base, frozen=True, kw_only=True):
    """The requirement's place in the tender document."""

    document: str
    table: str
    number: str
    page: int | None = None
    note: str | None = None


class StandardReference(_Base, frozen=True, kw_only=True):
    """A standard by its name in standards.yaml, and the oldest edition that is good enough."""

    standard: str
    edition: str | None = None  # "2017", "2.0.1": this one or a later one; None accepts any


class PaperKind(StrEnum):
    """What sort of paper proves something."""

    CERTIFICATE = "certificate"
    PROGRAMME_EVIDENCE = "programme_evidence"
    TEST_REPORT = "test_report"
    DECLARATION = "declaration"
    AGREEMENT = "agreement"
    REGISTER = "register"


class PaperAbout(StrEnum):
    """What the paper speaks of: the product (model must match), the maker's process, or the contract."""

    PRODUCT = "product"
    PROCESS = "process"
    CONTRACT = "contract"


class NeededDocument(_Base, frozen=True, kw_only=True):
    """A paper that a criterion needs: any of `standards`, any of `kinds`, with all of `scope` named in it."""

    paper: str  # what to ask the supplier for
    standards: tuple[StandardReference, ...] = ()
    scope: tuple[str, ...] = ()
    kinds: tuple[PaperKind, ...] = (PaperKind.CERTIFICATE, PaperKind.PROGRAMME_EVIDENCE)
    about: PaperAbout = PaperAbout.PRODUCT


class Criterion(_Base, frozen=True, kw_only=True):
    """One testable part of a requirement: a sentence that is true or false of the DUT."""

    id: str
    statement: str
    verified_by: VerifiedBy
    also_by: tuple[VerifiedBy, ...] = ()  # other ways the source allows (a certificate, say)
    phase: Phase = Phase.ACCEPTANCE
    obligation: Obligation = Obligation.MANDATORY
    module: str | None = None  # the module the source names: "Core", "Smart Charging", ...
    clauses: tuple[str, ...] = ()  # ids in the referenced standards: "OCPP 2.0.1 K01.FR.31"
    feature: str | None = None  # PICS item it depends on
    feature_optional: bool = False  # the standard leaves that feature optional
    limits: dict[str, Limit] = {}  # by role ("response", "dwell"); the first is printed first
    applies_when: AppliesWhen | None = None
    all_of: tuple[str, ...] = ()  # requirement ids or families ("SC"): holds when all of theirs that gate are proven
    not_tested_because: str | None = None
    due: str | None = None  # for the operation phase: when it must be shown
    dispute: str | None = None  # what a supplier may object, and how it is settled
    documents: tuple[NeededDocument, ...] = ()  # every one of them is needed when proven by document review
    documents_of: str | None = (
        None  # another criterion's papers prove this one; "all" means those of every applicable one
    )

    @property
    def paper_may_do(self) -> bool:
        """Whether it is proven by test, and by a certificate where the tender says so."""
        return self.verified_by is VerifiedBy.TEST and VerifiedBy.DOCUMENT_REVIEW in self.also_by

    @property
    def gates(self) -> bool:
        """Whether D5.4 makes it mandatory before go-live."""
        return self.obligation is Obligation.MANDATORY and self.phase is Phase.ACCEPTANCE


class Requirement(_Base, frozen=True, kw_only=True):
    """One of the 23 requirements of D5.4 Annex 1, in our own words."""

    id: str
    title: str
    obligation_text: str
    source: Source
    binds: tuple[str, ...]  # "station", "backend", "contractor"
    applies_when: AppliesWhen = AppliesWhen()
    criteria: tuple[Criterion, ...] = ()


class ContractParameter(_Base, frozen=True, kw_only=True):
    """A number that D5.4 leaves to client and contractor, with our default and its reason."""

    name: str
    value: float
    unit: str
    reason: str
    meaning: str
    range: tuple[float, float]  # outside it the number makes no sense, and an overlay is refused
    sense: Sense = Sense.AT_MOST  # which side of the number is good
    confidence: Confidence = Confidence.CONTRACT_DEFAULT
    source: str = "chargeproof default, not agreed by a client"
    checked_by: str | None = None


class ReferenceNumber(_Base, frozen=True, kw_only=True):
    """A number that a standard fixes and a judge needs, with where we have it from."""

    name: str
    value: float
    unit: str
    meaning: str
    source: str
    confidence: Confidence
    range: tuple[float, float]
    second_source: str | None = None
    sense: Sense = Sense.AT_MOST
    checked_by: str | None = None


class Feature(_Base, frozen=True, kw_only=True):
    """A thing a product can or cannot do, as its supplier declares it (PICS).

    Of several EVSEs one may be without it: `only_at` names the kinds of current that it is about, so that an EVSE of
    another kind has none of it; `optional_at` those at which a standard (`optional_by`) leaves it open.
    """

    name: str
    meaning: str
    told_by: tuple[str, ...] = ()  # device-model variables that tell it when the supplier did not: "Component.Variable"
    told_when: str | None = None  # what those variables must say
    only_at: tuple[Literal["AC", "DC"], ...] = ()
    optional_at: tuple[Literal["AC", "DC"], ...] = ()
    optional_by: str = ""
