"""All that is known of one criterion, and how it is put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.decision._papers import DOCUMENT_CASE
from harness.decision._rule_voices import RuleVoice
from harness.decision._voices import SILENT, Voice
from harness.judge import Judged, Verdict, worst
from harness.plan import PlannedCriterion
from requirement_catalog import Conformance, VerifiedBy


@dataclass(frozen=True)
class Known:
    """All that is known of one criterion. `own` are findings about the criterion itself: papers and logs.

    `told` is what the device model says of its feature, where nobody declared it. `rules` speak against it.
    """

    planned: PlannedCriterion
    all_voices: Sequence[Voice] = ()
    own: Sequence[Judged] = ()
    told: tuple[str, str] | None = None
    rules: Sequence[RuleVoice] = ()

    @property
    def voices(self) -> list[Voice]:
        """Those that say something."""
        return [v for v in self.all_voices if v.verdict is not SILENT]

    @property
    def denied(self) -> list[Voice]:
        """Those that are silent because the supplier, or the charger, says that it cannot."""
        return [v for v in self.all_voices if v.settled.denied]

    @property
    def papers(self) -> list[Verdict]:
        """What was found of papers."""
        return [j.finding.verdict for j in self.own if j.claim.case == DOCUMENT_CASE and not j.claim.control]

    @property
    def logs(self) -> list[Verdict]:
        """What was found of the criterion in logs, or by a case about itself."""
        return [j.finding.verdict for j in self.own if j.claim.case != DOCUMENT_CASE and not j.claim.control]

    @property
    def evidence(self) -> list[Verdict]:
        """What tests, logs and rules say."""
        return [v.verdict for v in self.voices] + self.logs + [r.verdict for r in self.rules]

    @property
    def seen(self) -> Verdict:
        """What they say together; inconclusive when they say nothing."""
        return worst(self.evidence)

    @property
    def by_paper(self) -> bool:
        """Whether a paper may prove it, and there is one."""
        allowed = {self.planned.verified_by, *self.planned.also_by}
        return VerifiedBy.DOCUMENT_REVIEW in allowed and bool(self.papers)

    @property
    def kept_by_the_bench(self) -> bool:
        """Whether a test of it exists that ran nowhere, for want of something at the bench."""
        waits = any(due.run.lacks == "pco" for v in self.voices for due in v.settled.runs)
        return waits and self.planned.verified_by is not VerifiedBy.DOCUMENT_REVIEW

    @property
    def optional(self) -> bool:
        """Whether the standard leaves what was denied optional."""
        each = [v.settled.result.conformance is Conformance.OPTIONAL for v in self.denied]
        return self.planned.feature_optional or (bool(each) and all(each))


def of_all(known: Known, verdict: Verdict) -> str:
    """What decided, and of how many: "OCPP-K01.P002 (OCPP 2.1): 12.4 A; 3 of 400 test purposes are not proven"."""
    heard = known.voices
    deciding = [v for v in heard if v.verdict is verdict]
    found = next(
        (j.finding.seen for j in known.own if j.finding.verdict is verdict and j.claim.case != DOCUMENT_CASE), ""
    )
    ruled = [r for r in known.rules if r.verdict is verdict]
    if not deciding:
        return found or (_of_rules(ruled) if ruled else "")
    also = f"; and {_of_rules(ruled)}" if ruled else ""
    if len(heard) == 1:
        return deciding[0].why + also
    if verdict is Verdict.PASS:
        return f"all {len(heard)} test purposes hold"
    open_ = sum(v.verdict is not Verdict.PASS for v in heard)
    return f"{deciding[0].label}: {deciding[0].why}; {open_} of {len(heard)} test purposes are not proven{also}"


def _of_rules(ruled: Sequence[RuleVoice]) -> str:
    """The first of some rules, and how many more there are: "OCPP-B02.R002 (OCPP 2.1): violated 1 of 4 times: …"."""
    more = f"; and {len(ruled) - 1} more rules" if len(ruled) > 1 else ""
    return f"{ruled[0].label}: {ruled[0].why}{more}"


def by_paper(known: Known) -> str:
    paper = worst(known.papers)
    text = next(j.finding.seen for j in known.own if j.claim.case == DOCUMENT_CASE and j.finding.verdict is paper)
    if known.planned.verified_by is VerifiedBy.DOCUMENT_REVIEW:
        return text
    proof = "proven by paper; not tested" if paper is Verdict.PASS else "not tested either"
    return f"{text} ({proof}: {known.planned.blocked or 'no case ran for it'})"


def not_by_paper(known: Known) -> str:
    """Why a paper that holds is not enough: what kept the test from running."""
    why = next((v.why for v in known.voices if v.settled.runs[0].run.lacks == "pco"), known.planned.blocked)
    return f"not tested: {why}. A paper is at hand, and this tender accepts none in place of this test"


def missing(known: Known) -> str:
    planned = known.planned
    if planned.blocked:
        return planned.blocked
    if planned.declared == "undeclared" and known.told is None and planned.feature:
        return f"the supplier did not declare {planned.feature.replace('_', ' ')}, and the charger does not tell"
    return "no test purpose serves it yet, and no paper was handed in for it"
