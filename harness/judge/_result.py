"""The outcome's shape: verdicts.json, from the decision down to each finding."""

from __future__ import annotations

import msgspec

from harness.judge._core import Claim, Conditions, Finding, Verdict
from requirement_catalog import Confidence, Conformance, Depth, Obligation, Phase


class FindingResult(msgspec.Struct, frozen=True, kw_only=True):
    """One claim with what its judge found."""

    claim: Claim
    finding: Finding


class PurposeResult(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on a test purpose under certain conditions.

    `cut`: its stimulus was begun and not brought to its claims, in the newest run or in an earlier one that nothing
    has made good. `proven`: whether this very judge was once seen to turn red and green; a pass that is not proven
    leaves its criteria inconclusive, a fail that is not proven never gates. `stands_in_for` names the purposes that it
    stands in for here, `brought_for` the chosen ones whose control it is, where nobody chose it itself.
    """

    purpose: str
    conditions: Conditions = Conditions()
    statement: str
    verdict: Verdict
    why: str
    serves: tuple[str, ...] = ()
    conformance: Conformance = Conformance.MANDATORY
    revision: int = 1
    cut: bool = False
    proven: bool = False
    stands_in_for: tuple[str, ...] = ()
    brought_for: tuple[str, ...] = ()
    waived: bool = False
    waiver: str | None = None
    next_who: str = ""
    next_what: str = ""
    case: str = ""
    findings: tuple[FindingResult, ...] = ()
    clauses: tuple[str, ...] = ()
    dispute: str | None = None

    @property
    def label(self) -> str:
        """The purpose with its conditions, as it is printed: "OCPP-K01.P012 (OCPP 2.1, EVSE 1)"."""
        under = str(self.conditions)
        return f"{self.purpose} ({under})" if under else self.purpose


class RulePlace(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of place at which a rule was violated: what was seen, at which events first, and how often."""

    seen: str
    events: tuple[int, ...]
    times: int = 1


class RuleOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a rule in the whole campaign under certain conditions (the version that was spoken).

    `exercised` counts how often it was set off, `violated` how often it did not hold. It is heard by the criteria that
    it `serves` where it `decides`: it was read twice, apart, and its check was seen to turn red and green (`proven`).
    Not exercised is no pass: "not_applicable", or "inconclusive" where a purpose ran that is there to bring it about.
    """

    rule: str
    conditions: Conditions = Conditions()
    statement: str
    verdict: Verdict
    why: str
    exercised: int = 0
    violated: int = 0
    serves: tuple[str, ...] = ()
    decides: bool = False
    proven: bool = False
    readings: int = 1
    confidence: Confidence = Confidence.CORROBORATED  # of what it was read from
    conformance: Conformance = Conformance.MANDATORY
    revision: int = 1
    waived: bool = False
    waiver: str | None = None
    next_who: str = ""
    next_what: str = ""
    places: tuple[RulePlace, ...] = ()
    errors: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    dispute: str | None = None

    @property
    def label(self) -> str:
        """The rule with its conditions, as it is printed: "OCPP-B02.R002 (OCPP 2.1)"."""
        under = str(self.conditions)
        return f"{self.rule} ({under})" if under else self.rule


class CriterionResult(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one criterion, why, on what proof, and who must do what next when it holds the decision up.

    `purposes` are the labels of the results that it is the conjunction of, worst first; they stand in
    `CampaignResult.purposes`. `rules` are those of rules that speak against it, from `CampaignResult.rules`; one that
    held says nothing. `findings` are those about the criterion itself: papers and logs.
    """

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
    purposes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
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
    purposes: tuple[str, ...] = ()  # labels of the results that it comes from
    rules: tuple[str, ...] = ()


class CutRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run of a case that was cut, or came to no verdict, for `purposes`; a later run does not make good for it.

    `id` is how a person names it ("sc04_remote_control::…#1"). `at` (UTC) is when its stimulus stopped. `seen` is what
    it had shown until then, with `failed` where that was a fail. It `stands` against a GO until it is explained: by
    `reason`, which `signed_by` gave on the day `dated`, after the bundles `sealed_before` (SHA-256) had been sealed.
    """

    id: str
    case: str
    run: int
    title: str = ""
    conditions: Conditions = Conditions()
    purposes: tuple[str, ...] = ()
    at: str = ""
    why: str
    seen: tuple[str, ...] = ()
    failed: bool = False
    stands: bool = True
    reason: str = ""
    signed_by: str = ""
    dated: str = ""
    sealed_before: tuple[str, ...] = ()

    @property
    def when(self) -> str:
        """The moment for people: "2026-11-22 10:00:00 UTC"."""
        return f"{self.at[:10]} {self.at[11:19]} UTC" if self.at else "an unknown time"

    @property
    def explained(self) -> str:
        """The person's reason with name and day; empty where there is none."""
        late = ", after the evidence had been sealed" if self.sealed_before else ""
        return f"{self.reason}, signed by {self.signed_by} on {self.dated}{late}" if self.reason else ""


class Continuing(msgspec.Struct, frozen=True, kw_only=True):
    """An obligation of the operation phase that continues after go-live."""

    criterion: str
    statement: str
    due: str
    verdict: Verdict


class Tested(msgspec.Struct, frozen=True, kw_only=True):
    """Who was tested, found in the trace; an empty text was told by nothing on the wire.

    `declared` is the profile's word by the same names. `differs` says in plain words where the wire contradicts it (or
    itself, from one boot to the next); `declared_only` names what nothing on the wire confirms, which gates nothing.
    """

    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    firmware_after: str = ""  # what it ran at the end, when an update case changed it
    certificate: str = ""  # the subject of the certificate that it proved to hold
    emulated: bool = False
    began: str = ""  # UTC of the first and the last event
    ended: str = ""
    boots: int = 0
    declared: dict[str, str] = {}
    differs: tuple[str, ...] = ()
    declared_only: tuple[str, ...] = ()
    kind: str = ""  # "emulated", "program" (on the bench's own computer), "elsewhere", "nothing"; "" of older ones

    @property
    def about(self) -> str:
        """What sort of thing was tested, in words that say no more than the trace does."""
        return ABOUT["emulated" if self.emulated else self.kind]


ABOUT = {
    "emulated": "an emulated charger, no real one, and proves nothing about a product",
    "program": "a program on the bench's own computer: its trace shows no charger elsewhere",
    "elsewhere": "a charger that connected from elsewhere; that it is a real one no trace can tell",
    "nothing": "no charger at all: nothing in its trace came from one",
    "": "a charger of which this chargeproof cannot tell what it was",
}


class CampaignResult(msgspec.Struct, frozen=True, kw_only=True):
    """verdicts.json: the decision, every reason, every requirement, every purpose, every rule."""

    schema: str = "chargeproof/verdicts/2"
    decision: str  # "GO", "HOLD", or "SELECTION" where a person narrowed the run
    reasons: tuple[Reason, ...]
    continuing: tuple[Continuing, ...]
    requirements: tuple[RequirementResult, ...]
    purposes: tuple[PurposeResult, ...] = ()
    rules: tuple[RuleOutcome, ...] = ()
    counts: dict[str, int]  # verdict -> number of applicable mandatory acceptance criteria
    tested: Tested = Tested()
    depth: Depth = Depth.ACCEPTANCE
    beyond: int = 0  # purposes that lie beyond this depth
    narrowed: tuple[str, ...] = ()
    emulated: bool
    partial: bool  # narrowed or interrupted: never a GO for the whole tender
    interrupted: bool
    evaluation_date: str
    cut_runs: tuple[CutRun, ...] = ()
    harness_errors: tuple[str, ...] = ()
    judge_versions: dict[str, str] = {}
