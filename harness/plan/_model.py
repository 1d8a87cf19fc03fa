"""The plan: what applies to this DUT and why, which purposes run under which conditions, and the limits, frozen."""

from __future__ import annotations

import msgspec

from harness.judge import Conditions, ResolvedLimit
from requirement_catalog import Confidence, Conformance, Depth, Hands, Needs, Obligation, Phase, VerifiedBy


class Waiver(msgspec.Struct, frozen=True, kw_only=True):
    """A dated, signed-for exception: excuses `fail`, never `error`. Dates are ISO 8601 (YYYY-MM-DD).

    `of` is a criterion's id, a purpose's or a rule's; for the latter two `revision` is the one that was waived.
    """

    of: str
    reason: str
    signed_by: str
    dated: str
    until: str
    revision: int | None = None


class PlannedCriterion(msgspec.Struct, frozen=True, kw_only=True):
    """One criterion as it stands for this DUT and tender.

    `applies` comes from the tender's scope and the product's kind; `declared` is the PICS answer for its feature
    ("yes", "no", "undeclared" or None when it hangs on no feature). `blocked` says why nothing can run for it, if so.
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
    blocked: str | None = None
    clauses: tuple[str, ...] = ()
    module: str | None = None
    due: str | None = None
    dispute: str | None = None
    all_of: tuple[str, ...] = ()  # derived from other criteria of these requirements or families
    feature: str | None = None
    told_by: tuple[str, ...] = ()  # device-model variables that tell an undeclared feature, "Component.Variable"
    told_when: str | None = None  # what they must say: "true", "reported", "is X", "contains X"
    papers_accepted: str = ""  # the tender's reason to let a paper take a test's place; "": it lets none


class PlannedRequirement(msgspec.Struct, frozen=True, kw_only=True):
    """A requirement's heading for reports."""

    id: str
    title: str
    obligation_text: str
    source: str
    binds: tuple[str, ...]


class PlannedPurpose(msgspec.Struct, frozen=True, kw_only=True):
    """A test purpose of the tender's depth, as its suite gives it.

    `proven` tells whether it was once seen red and green by the very judge that is installed; `proof` by what.
    """

    id: str
    statement: str
    revision: int = 1
    answers_to: tuple[str, ...] = ()
    conformance: Conformance = Conformance.MANDATORY
    depth: Depth = Depth.ACCEPTANCE
    applies: str = "always"
    judges: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    proven: bool = False
    proof: str = ""
    dispute: str | None = None


class PlannedServes(msgspec.Struct, frozen=True, kw_only=True):
    """A criterion that applies and that a rule serves, under these conditions ("version")."""

    criterion: str
    when: dict[str, str] = {}


class PlannedRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as its suite gives it: every rule for such a device watches the campaign's trace, whatever the depth.

    `unless`, `state_from` and `numbers` (its limits) are what the engine heeds. `own` are the purposes that are there
    to bring it about, by its own row or by theirs: where one ran and the rule was not exercised, that is told (at its
    `depth`), unless it lies with the station whether it is `set_off` ("perhaps").
    """

    id: str
    statement: str
    revision: int = 1
    answers_to: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    conformance: Conformance = Conformance.MANDATORY
    depth: Depth = Depth.ACCEPTANCE
    applies: str = "always"
    unless: tuple[str, ...] = ()
    state_from: str = "connection"
    numbers: dict[str, float] = {}
    set_off: str = "surely"
    serves: tuple[PlannedServes, ...] = ()
    own: tuple[str, ...] = ()
    readings: int = 1
    confidence: Confidence = Confidence.CORROBORATED
    proven: bool = False
    proof: str = ""
    dispute: str | None = None


class PlannedFeature(msgspec.Struct, frozen=True, kw_only=True):
    """A feature that a purpose or rule hangs on: what was declared, what of the device model tells it if nothing."""

    name: str
    declared: str
    told_by: tuple[str, ...] = ()
    told_when: str | None = None


class PlannedRun(msgspec.Struct, frozen=True, kw_only=True):
    """A purpose under certain conditions: what one result is due for.

    `serves` holds the criteria that it serves under these conditions. Where it serves none it lies beyond the tender,
    or `brought_for` names the chosen purposes whose control it is, though nobody chose it. When it does not run,
    `lacks` says what kind of thing keeps it from running, `reason` in plain words, and `move` whose move it is:

    | lacks | meaning |
    | --- | --- |
    | "" | it runs |
    | "product" | it is for another kind of product: not applicable |
    | "declared" | the supplier declares that it is not supported |
    | "evse" | this EVSE is declared not to have it, and a standard leaves that open: not applicable there |
    | "owed" | this EVSE is declared not to have it, and it is owed at every EVSE: a fail there |
    | "pco" | the bench lacks a point of control and observation: another purpose may stand in (`instead_of`) |
    | "choice" | a person left it out (selection, --no-disruptive, a re-run of other cases) |
    | "case" | no case serves it yet |
    | "stand-in" | the purpose that it would stand in for runs itself |
    """

    purpose: str
    conditions: Conditions = Conditions()
    serves: tuple[str, ...] = ()
    brought_for: tuple[str, ...] = ()
    case: str = ""
    run: bool = True
    lacks: str = ""
    reason: str = ""
    move: str = ""


class PlannedCase(msgspec.Struct, frozen=True, kw_only=True):
    """A test case in the order of execution, once for each of its conditions; `run` False has its `reason`.

    `id` ends in the conditions where a case runs under several ("sc04_remote_control::limit@2.1"); `function` is the
    same without them.
    """

    id: str
    title: str
    function: str
    purposes: tuple[str, ...]
    conditions: Conditions = Conditions()
    needs: Needs = Needs()
    before: tuple[str, ...] = ()
    hands: Hands = Hands.NONE
    disruptive: str | None = None
    estimate_s: float
    worst_s: float = 0.0  # when it is given up, though each of its waits has a bound of its own
    run: bool
    reason: str = ""


class DeclaredEvse(msgspec.Struct, frozen=True, kw_only=True):
    """One EVSE as its profile says: its kinds of current where they were told, and the features that it has not."""

    number: int
    current: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


class DeclaredRating(msgspec.Struct, frozen=True, kw_only=True):
    """What one EVSE is built for, as its profile says; `phases` 0 where it has no AC."""

    evse: int
    phases: int
    charge_w: float
    discharge_w: float


class DutFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who the DUT is, as its profile says: declared, and worth no more than that.

    What is not told is left out in writing, so that dut.json of an earlier build is still what its plan says.
    """

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
    evses: tuple[DeclaredEvse, ...] = ()  # all that the profile names
    ratings: tuple[DeclaredRating, ...] = ()  # of the same


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """SHA-256 (hex) of what the campaign was made from; the trace's first event holds the same and the plan's own."""

    profile: str
    overlay: str = ""
    catalogue: str
    suites: str


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was decided before the first stimulus; written to plan.json and never changed.

    `limits`: by the id of a purpose (or of a criterion, for papers and logs), then by role. `beyond` counts the
    purposes that lie beyond the tender's depth. `overdue` names the instruments whose calibration had run out on the
    day of the test, with the day on which it did ("meter": "2026-01-15"). `narrowed` says by what a person made the run
    smaller than the tender.
    """

    schema: str = "chargeproof/plan/2"
    dut: DutFacts
    tender: str
    client: str = ""
    depth: Depth = Depth.ACCEPTANCE
    beyond: int = 0
    bound: Bound
    evaluation_date: str
    requirements: tuple[PlannedRequirement, ...]
    criteria: tuple[PlannedCriterion, ...]
    purposes: tuple[PlannedPurpose, ...]
    rules: tuple[PlannedRule, ...] = ()
    features: tuple[PlannedFeature, ...] = ()  # that the purposes and rules hang on
    runs: tuple[PlannedRun, ...]
    cases: tuple[PlannedCase, ...]
    limits: dict[str, dict[str, ResolvedLimit]]
    overdue: dict[str, str] = {}
    waivers: tuple[Waiver, ...] = ()
    narrowed: tuple[str, ...] = ()  # "-r SC-04", "--depth short"; empty: the whole tender
    estimate_s: float = 0.0  # best case
    worst_s: float = 0.0  # worst case: every wait runs to its bound

    @property
    def catalogue_digest(self) -> str:
        """The digest of the catalogue's content."""
        return self.bound.catalogue
