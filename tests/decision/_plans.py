"""Small plans and findings, made by hand."""

from __future__ import annotations

from typing import Any

from harness.decision import decide
from harness.judge import CampaignResult, Claim, Finding, Judged, Verdict
from harness.plan import DutFacts, Plan, PlannedCase, PlannedCriterion, PlannedRequirement, Waiver
from harness.trace import Event, Trace
from requirement_catalog import Obligation, Phase, VerifiedBy

TODAY = "2026-11-22"
CASE = "sc04::a_case"


def criterion(number: str = "SC-04.1", **more: Any) -> PlannedCriterion:
    """A mandatory criterion of the acceptance phase, proven by one case."""
    facts = {
        "id": number,
        "requirement": number.rsplit(".", 1)[0],
        "statement": "it does",
        "verified_by": VerifiedBy.TEST,
        "obligation": Obligation.MANDATORY,
        "phase": Phase.ACCEPTANCE,
        "applies": True,
        "reason": "it binds",
        "cases": (CASE,),
    }
    return PlannedCriterion(**{**facts, **more})


def plan(*criteria: PlannedCriterion, **more: Any) -> Plan:
    """A plan that runs every case its criteria name."""
    chosen = criteria or (criterion(),)
    cases = dict.fromkeys(c for each in chosen for c in each.cases)
    facts = {
        "dut": DutFacts(
            name="n",
            manufacturer="m",
            model="m",
            serial="s",
            firmware="f",
            role="station",
            current=("AC",),
            sites=("public",),
            bidirectional=True,
            emulated=False,
        ),
        "tender": "t",
        "catalogue_digest": "0",
        "evaluation_date": TODAY,
        "requirements": tuple(
            PlannedRequirement(id=r, title=r, obligation_text="o", source="s", binds=("station",))
            for r in dict.fromkeys(c.requirement for c in chosen)
        ),
        "criteria": tuple(chosen),
        "cases": tuple(
            PlannedCase(id=c, title=c, criteria=(), needs={}, disruptive=False, estimate_s=1.0, run=True) for c in cases
        ),
        "limits": {},
    }
    return Plan(**{**facts, **more})


def waiver(dated: str = "2026-01-01", until: str = "2027-01-01", of: str = "SC-04.1") -> Waiver:
    """A waiver."""
    return Waiver(criterion=of, reason="agreed", signed_by="A. B.", dated=dated, until=until)


def trace(*kinds: str | tuple[str, dict[str, Any]], ended: bool = True) -> Trace:
    """A campaign's marks; "run:CASE" is a case that ran to its end, and a pair is any event with its data."""
    events: list[Event] = []

    def add(kind: str, case: str | None = None, **data: Any) -> None:
        seq = len(events)
        events.append(
            Event(
                seq=seq,
                t_ns=seq * 10**9,
                utc="2026-11-22T12:00:00.000000Z",
                kind=kind,
                who="harness",
                data=data,
                case=case,
            )
        )

    add("campaign.started")
    for kind in kinds:
        if isinstance(kind, tuple):
            data = dict(kind[1])
            add(kind[0], data.pop("case", None), **data)
        elif kind.startswith("run:"):
            add("case.started", kind[4:])
            add("case.ended", kind[4:], outcome="completed")
        else:
            add(kind)
    if ended:
        add("campaign.ended")
    return Trace(events)


def judged(
    verdict: Verdict, of: str = "SC-04.1", *, case: str = CASE, run: int = 1, control: bool = False, seen: str = ""
) -> Judged:
    """A claim and what was found of it."""
    claim = Claim(criterion=of, judge="j", params={}, case=case, seq=1, control=control, run=run)
    return Judged(claim=claim, finding=Finding(verdict=verdict, expected="e", seen=seen or f"seen to {verdict}"))


def decided(*findings: Judged, of: Plan | None = None, seen: Trace | None = None) -> CampaignResult:
    """The decision."""
    return decide(of or plan(), trace(f"run:{CASE}") if seen is None else seen, list(findings))


def ended(outcome: str, case: str = CASE, detail: str = "why") -> list[tuple[str, dict[str, Any]]]:
    """A case that ran and ended in some way."""
    return [("case.started", {"case": case}), ("case.ended", {"case": case, "outcome": outcome, "detail": detail})]
