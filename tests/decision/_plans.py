"""Small plans, traces and findings, made by hand."""

from __future__ import annotations

from typing import Any

from harness.decision import decide
from harness.judge import CampaignResult, Claim, Conditions, CriterionResult, Finding, Judged, Verdict
from harness.plan import (
    Bound,
    DutFacts,
    Plan,
    PlannedCase,
    PlannedCriterion,
    PlannedPurpose,
    PlannedRequirement,
    PlannedRun,
    Waiver,
)
from harness.trace import Event, Trace
from requirement_catalog import Needs, Obligation, Phase, VerifiedBy

TODAY = "2026-11-22"
CASE = "sc04::a_case"
PURPOSE = "OCPP-K01.P001"


def criterion(number: str = "SC-04.1", **more: Any) -> PlannedCriterion:
    """A mandatory criterion of the acceptance phase."""
    facts = {
        "id": number,
        "requirement": number.rsplit(".", 1)[0],
        "statement": "it does",
        "verified_by": VerifiedBy.TEST,
        "obligation": Obligation.MANDATORY,
        "phase": Phase.ACCEPTANCE,
        "applies": True,
        "reason": "it binds",
    }
    return PlannedCriterion(**{**facts, **more})


def run(purpose: str = PURPOSE, *serves: str, case: str | None = None, **more: Any) -> PlannedRun:
    """A run that serves SC-04.1; the first purpose's case is CASE, another one's is named after it."""
    where = case if case is not None else CASE if purpose == PURPOSE else f"c::{purpose}"
    if more.get("lacks"):
        more = {"run": False, "reason": f"it lacks {more['lacks']}", "move": "test engineer", **more}
    return PlannedRun(**{"purpose": purpose, "serves": serves or ("SC-04.1",), "case": where, **more})


def purpose(number: str = PURPOSE, **more: Any) -> PlannedPurpose:
    """A proven purpose."""
    return PlannedPurpose(**{"id": number, "statement": "it does", "proven": True, **more})


def serving(*criteria: PlannedCriterion, **more: Any) -> dict[str, Any]:
    """Criteria, each served by a purpose of its own: P001, P002 and so on."""
    runs = tuple(
        run(f"OCPP-K01.P{number:03}", each.id, case=CASE) for number, each in enumerate(criteria, 1) if each.applies
    )
    return {"runs": runs, **more}


def plan(*criteria: PlannedCriterion, **more: Any) -> Plan:
    """A plan; without runs given each criterion is served by a purpose of its own, all in one case."""
    chosen = criteria or (criterion(),)
    facts: dict[str, Any] = {**serving(*chosen), **more}
    runs: tuple[PlannedRun, ...] = facts["runs"]
    facts = {
        "dut": dut(),
        "tender": "t",
        "bound": Bound(profile="p", catalogue="c", suites="s"),
        "evaluation_date": TODAY,
        "requirements": tuple(
            PlannedRequirement(id=r, title=r, obligation_text="o", source="s", binds=("station",))
            for r in dict.fromkeys(c.requirement for c in chosen)
        ),
        "criteria": tuple(chosen),
        "purposes": tuple(purpose(p) for p in dict.fromkeys(r.purpose for r in runs)),
        "cases": tuple(planned_case(c, runs) for c in dict.fromkeys(r.case for r in runs if r.case)),
        "limits": {},
        **facts,
    }
    return Plan(**facts)


def planned_case(number: str, runs: tuple[PlannedRun, ...] = (), **more: Any) -> PlannedCase:
    """A case of these runs."""
    mine = [r for r in runs if r.case == number]
    facts = {
        "id": number,
        "title": number,
        "function": number,
        "purposes": tuple(r.purpose for r in mine),
        "needs": Needs(),
        "estimate_s": 1.0,
        "run": any(r.run for r in mine),
    }
    return PlannedCase(**{**facts, **more})


def dut(**more: Any) -> DutFacts:
    """What the profile declares."""
    facts = {
        "name": "n",
        "manufacturer": "ACME Charging B.V.",
        "model": "SuperBox",
        "serial": "S-1",
        "firmware": "1.4.2",
        "role": "station",
        "current": ("AC",),
        "sites": ("public",),
        "bidirectional": True,
        "emulated": False,
    }
    return DutFacts(**{**facts, **more})


def waiver(dated: str = "2026-01-01", until: str = "2027-01-01", of: str = "SC-04.1", **more: Any) -> Waiver:
    """A waiver."""
    return Waiver(of=of, reason="agreed", signed_by="A. B.", dated=dated, until=until, **more)


def trace(*kinds: str | tuple[str, dict[str, Any]], ended: bool = True, start: dict[str, Any] | None = None) -> Trace:
    """A campaign's marks; "run:CASE" is a case that ran to its end, and a pair is any event with its data.

    In a pair "case" is the event's own, unless the event explains a run; "who" is who acted.
    """
    events: list[Event] = []

    def add(kind: str, case: str | None = None, who: str = "harness", **data: Any) -> None:
        seq = len(events)
        utc = f"2026-11-22T12:00:{seq % 60:02}.000000Z"
        events.append(Event(seq=seq, t_ns=seq * 10**9, utc=utc, kind=kind, who=who, data=data, case=case))

    add("campaign.started", **(start or {}))
    for kind in kinds:
        if isinstance(kind, tuple):
            data = dict(kind[1])
            add(kind[0], None if kind[0] == "run.explained" else data.pop("case", None), data.pop("who", "harness"))
            events[-1].data.update(data)
        elif kind.startswith("run:"):
            add("case.started", kind[4:])
            add("case.ended", kind[4:])
            events[-1].data.update(outcome="completed")
        else:
            add(kind)
    if ended:
        add("campaign.ended")
    return Trace(events)


def judged(verdict: Verdict, of: str = PURPOSE, *, seen: str = "", **more: Any) -> Judged:
    """A claim about a purpose, or about a criterion when `of` is one, and what was found."""
    about = {"purpose": of} if ".P" in of else {"criterion": of}
    facts = {"judge": "j", "params": {}, "case": CASE, "seq": 1, **about}
    claim = Claim(**{**facts, **more})
    return Judged(claim=claim, finding=Finding(verdict=verdict, expected="e", seen=seen or f"seen to {verdict}"))


def paper(verdict: Verdict, of: str = "SC-04.1") -> Judged:
    """What was found of a paper."""
    return judged(verdict, of, case="document review", seen=f"paper {verdict}")


def decided(
    *findings: Judged, of: Plan | None = None, seen: Trace | None = None, anonymous: bool = False
) -> CampaignResult:
    """The decision on a charger that proved who it is, unless it stays `anonymous`."""
    of, seen = of or plan(), trace(f"run:{CASE}") if seen is None else seen
    if not anonymous:
        proven = {"state": "open", "tls": {"peer_subject": f"CN={of.dut.serial}"}}
        last = {"seq": len(seen), "t_ns": len(seen) * 10**9, "utc": seen[-1].utc if len(seen) else ""}
        seen = Trace([*seen, Event(kind="ocpp.connection", who="dut", data=proven, **last)])
    return decide(of, seen, list(findings))


def one(result: CampaignResult, number: str = "SC-04.1") -> CriterionResult:
    """A criterion's result."""
    return next(c for r in result.requirements for c in r.criteria if c.id == number)


def ended(outcome: str, case: str = CASE, detail: str = "why") -> list[tuple[str, dict[str, Any]]]:
    """A case that ran and ended in some way."""
    return [("case.started", {"case": case}), ("case.ended", {"case": case, "outcome": outcome, "detail": detail})]


def under(version: str = "", evse: int = 0, service: str = "") -> Conditions:
    """Conditions."""
    return Conditions(version=version, evse=evse, service=service)


def explained(case: str = CASE, number: int = 1) -> tuple[str, dict[str, Any]]:
    """A person's reason why a run counts for nothing."""
    why = {"reason": "the fuse of the bench blew", "signed_by": "Anna Berg", "dated": TODAY}
    return "run.explained", {"case": case, "run": number, **why}
