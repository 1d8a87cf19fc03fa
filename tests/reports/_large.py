"""A campaign of the size that the suites will have: 1,500 purposes, each in two versions on two EVSEs."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harness.judge import (
    CampaignResult,
    Claim,
    Conditions,
    CriterionResult,
    Finding,
    FindingResult,
    PurposeResult,
    Reason,
    RequirementResult,
    Verdict,
    worst,
)
from harness.plan import Bound, DutFacts, Plan, PlannedCase, PlannedPurpose, PlannedRequirement, PlannedRun
from harness.trace import Recorder, Trace
from reports import EvidenceView
from requirement_catalog import Depth, Obligation, Phase
from tests.reports._build import DECLARED, RESPONSE, within
from tests.reports._scenes import profile_frame

PURPOSES, CRITERIA_EACH = 1500, 300  # the first criterion alone has 300 purposes
VERSIONS, EVSES = ("2.1", "2.0.1"), (1, 2)
EVENTS = 40_000
Verdicts = Callable[[int], Verdict]


def mostly_good(n: int) -> Verdict:
    """What a charger that is nearly right gets: of a hundred results three fail, two are inconclusive, one broken."""
    return {7: Verdict.FAIL, 31: Verdict.FAIL, 63: Verdict.FAIL, 12: Verdict.INCONCLUSIVE, 77: Verdict.INCONCLUSIVE,
            50: Verdict.ERROR}.get(n % 100, Verdict.PASS)  # fmt: skip


def all_bad(_: int) -> Verdict:
    """Nothing works."""
    return Verdict.FAIL


def large(folder: Path, verdict: Verdicts = mostly_good) -> EvidenceView:
    """The evidence of such a campaign, in memory."""
    folder.mkdir(parents=True, exist_ok=True)
    ids = [f"OCPP-{'ABCDEFGHIJKLMNO'[n // 100]}{n // 10 % 10:02d}.P{n % 10 + 1:03d}" for n in range(PURPOSES)]
    conditions = [Conditions(version=v, evse=e) for v, e in itertools.product(VERSIONS, EVSES)]
    counter = itertools.count()
    results = tuple(
        _result(next(counter), p, ids[p], under, verdict) for p, under in itertools.product(range(PURPOSES), conditions)
    )
    beyond = tuple(_beyond(r) for r in results[-40:])
    results = (*results[:-40], *beyond)
    criteria = [_criterion(n, [r for r in results if f"SC-09.{n}" in r.serves]) for n in range(1, 6)]
    reasons = tuple(
        Reason(criterion=c.id, verdict=c.verdict, why=c.why, who="supplier", what="correct it", purposes=c.purposes)
        for c in criteria
        if c.verdict is not Verdict.PASS
    )
    requirement = RequirementResult(
        id="SC-09",
        title="OCPP 2.0.1 with all named modules",
        obligation_text="Supports OCPP.",
        source="SCALE D5.4, Annex 1, no. 9",
        verdict=worst([c.verdict for c in criteria]),
        criteria=tuple(criteria),
    )
    result = CampaignResult(
        decision="HOLD" if reasons else "GO",
        reasons=reasons,
        continuing=(),
        requirements=(requirement,),
        purposes=results,
        counts={str(v): n for v in Verdict if (n := sum(c.verdict is v for c in criteria))},
        depth=Depth.THOROUGH,
        emulated=False,
        partial=False,
        interrupted=False,
        evaluation_date="2026-03-04",
    )
    return EvidenceView(
        name="large",
        result=result,
        plan=_plan(ids, results),
        trace=_trace(folder, [r.case for r in results]),
        trace_head="5" * 64,
    )


def _result(n: int, p: int, purpose: str, under: Conditions, verdict: Verdicts) -> PurposeResult:
    found = verdict(n)
    seen = f"the station answered Accepted after {n % 7 + 1}.{n % 10} s and the current stayed at {n % 32} A"
    case = f"ocpp/{purpose[5]}/{purpose[5:8].lower()}::{purpose.lower()}@{under.version}/{under.evse}"
    common = {"judge": "setpoints.limit_holds", "params": {"limit": n}, "case": case, "purpose": purpose}
    control = Finding(verdict=Verdict.PASS, expected="the car draws more before", seen="16.0 A before", events=(n + 1,))
    main = Finding(
        verdict=found,
        expected="a limit for a session that does not run is refused and changes nothing at the meter",
        seen=seen,
        clause=f"K01.FR.{p % 90 + 1:02d}",
        acted="dut",
        at_ns=n * 1_000_000,
        events=(n + 1, n + 2, n + 3),
        measurements=(within("response time", 3.2 + n % 10 / 10, RESPONSE, 0.15, 5.0),),
    )
    return PurposeResult(
        purpose=purpose,
        conditions=under,
        statement=f"A limit for a session that does not run is refused and changes nothing, in variant {p}.",
        verdict=found,
        why=seen,
        serves=(f"SC-09.{p // CRITERIA_EACH + 1}",),
        proven=True,
        waived=found is Verdict.FAIL and n % 1000 == 7,
        waiver="waiver signed by A. de Vries on 2026-02-20, valid until 2026-06-30" if n % 1000 == 7 else None,
        next_who="" if found is Verdict.PASS else "supplier",
        next_what="" if found is Verdict.PASS else "correct the charger or dispute the finding, then test again",
        case=case,
        findings=tuple(
            FindingResult(claim=Claim(**common, seq=n + 4, conditions=under, control=c), finding=f)
            for c, f in ((True, control), (False, main))
        ),
        clauses=(f"K01.FR.{p % 90 + 1:02d}", f"TC_K_{p:03d}_CS"),
    )


def _beyond(result: PurposeResult) -> PurposeResult:
    return type(result)(**{f: getattr(result, f) for f in result.__struct_fields__} | {"serves": ()})


def _criterion(n: int, results: list[PurposeResult]) -> CriterionResult:
    found = worst([r.verdict for r in results])
    return CriterionResult(
        id=f"SC-09.{n}",
        requirement="SC-09",
        statement=f"Module {n} does what the standard asks.",
        verdict=found,
        obligation=Obligation.MANDATORY,
        phase=Phase.ACCEPTANCE,
        why=f"{sum(r.verdict is not Verdict.PASS for r in results)} of {len(results)} results are no pass",
        proven_by="test",
        gates=True,
        next_who="" if found is Verdict.PASS else "supplier",
        next_what="" if found is Verdict.PASS else "correct the charger, then test again",
        purposes=tuple(r.label for r in results),
    )


def _plan(ids: list[str], results: tuple[PurposeResult, ...]) -> Plan:
    return Plan(
        dut=DutFacts(
            name="Large",
            **DECLARED,
            role="station",
            current=("AC", "DC"),
            sites=("public",),
            bidirectional=True,
            emulated=False,
        ),
        tender="Public chargers 2026, lot 2",
        depth=Depth.THOROUGH,
        bound=Bound(profile="0f" * 32, catalogue="5b" * 32, suites="77" * 32),
        evaluation_date="2026-03-04",
        requirements=(
            PlannedRequirement(id="SC-09", title="OCPP", obligation_text="", source="D5.4", binds=("station",)),
        ),
        criteria=(),
        purposes=tuple(PlannedPurpose(id=p, statement=p, proven=True) for p in ids),
        runs=tuple(
            PlannedRun(purpose=r.purpose, conditions=r.conditions, serves=r.serves, case=r.case) for r in results
        ),
        cases=tuple(
            PlannedCase(
                id=r.case,
                title=r.statement,
                function=r.case.split("@")[0],
                purposes=(r.purpose,),
                conditions=r.conditions,
                estimate_s=5,
                run=True,
            )
            for r in results
        ),
        limits={p: {"response": RESPONSE} for p in ids},
    )


def _trace(folder: Path, cases: list[str]) -> Trace:
    """Runs of the first cases, each with a limit that was accepted and a meter that follows: enough to be drawn."""
    recorder = Recorder(folder / f"trace-{len(list(folder.iterdir()))}.jsonl")
    recorder.record("campaign.started", "harness", {}, t_ns=0)
    for n in range(EVENTS):
        t_ns, step = n * 10_000_000, n % 120
        if step == 0:
            recorder.case = cases[n // 120]
            recorder.record("case.started", "harness", {"title": "A case"}, t_ns=t_ns)
        elif step == 119:
            recorder.record("case.ended", "harness", {"outcome": "completed"}, t_ns=t_ns)
            recorder.case = None
        elif step % 40 in (1, 2):
            recorder.record("ocpp.frame", "harness" if step % 40 == 1 else "dut", _frame(n, step % 40), t_ns=t_ns)
        else:
            values = {"p_w": 5000.0 + n * 7 % 997, "i_l1_a": 7.0 + n % 13}
            recorder.record("bench.sample", "bench.meter", {"values": values}, t_ns=t_ns)
    trace = Trace(recorder.events)
    recorder.close()
    return trace


def _frame(n: int, part: int) -> dict[str, Any]:
    common = {"conn": 1, "errors": [], "remark": None, "version": "ocpp2.1", "action": "SetChargingProfile"}
    if part == 2:
        raw = json.dumps([3, f"m{n - 1}", {"status": "Accepted"}])
        return {**common, "id": f"m{n - 1}", "dir": "in", "raw": raw, "type": 3, "reply_to": n}
    raw = json.dumps([2, f"m{n}", "SetChargingProfile", profile_frame(n, "TxProfile", "A", limit=6.0 + n % 26)])
    return {**common, "id": f"m{n}", "dir": "out", "raw": raw, "type": 2, "reply_to": None}
