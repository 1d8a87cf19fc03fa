"""Builds campaign folders for the report's tests: a real journal, a plan, verdicts, and what stands beside them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import yaml

from harness.judge import (
    CampaignResult,
    Claim,
    Continuing,
    CriterionResult,
    Finding,
    FindingResult,
    Measurement,
    PurposeResult,
    Reason,
    RequirementResult,
    ResolvedLimit,
    Tested,
    Verdict,
    worst,
)
from harness.plan import Bound, DutFacts, Plan, PlannedCase, PlannedCriterion, Waiver
from harness.trace import Event, Recorder
from requirement_catalog import Confidence, Phase, Sense
from tests.reports._catalogue import CONTENT, criteria, purpose_of, purposes, requirements, runs

ZERO = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
RESPONSE = ResolvedLimit(
    name="setpoint.response_time",
    value=10.0,
    unit="s",
    tolerance=0.5,
    source="chargeproof default, not agreed by a client",
)
CURRENT = ResolvedLimit(
    name="SC-04.2 current",
    value=10.0,
    unit="A",
    tolerance=0.5,
    source="the limit that was commanded",
    confidence=Confidence.CONFIRMED,
)


DWELL = ResolvedLimit(name="setpoint.dwell", value=20.0, unit="s", source=RESPONSE.source)
DECLARED = {
    "manufacturer": "Noordlicht Laadtechniek",
    "model": "Heen-en-weer 22",
    "serial": "NL-0042-7731",
    "firmware": "1.4.2",
}


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.t_s = 0.0

    def mono_ns(self) -> int:
        """Nanoseconds since the start."""
        return int(self.t_s * 1e9)

    def utc(self) -> str:
        """The wall time that belongs to it."""
        return (ZERO + timedelta(seconds=self.t_s)).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass
class Campaign:
    """A campaign in the making; `verdicts` and `findings` are by criterion, what is not named is a plain pass."""

    folder: Path
    dut: dict[str, Any] = field(default_factory=dict)
    emulated: bool = True
    tested: dict[str, Any] = field(default_factory=dict)  # what differs from a Tested made of `dut`
    decided: dict[str, Any] = field(default_factory=dict)  # what differs from the decision made here
    verdicts: dict[str, tuple[Verdict, str]] = field(default_factory=dict)
    findings: dict[str, list[FindingResult]] = field(default_factory=dict)
    waived: dict[str, str] = field(default_factory=dict)
    next_step: dict[str, tuple[str, str]] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    cases: list[PlannedCase] = field(default_factory=list)
    narrowed: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    changed: list[dict[str, Any]] = field(default_factory=list)
    purpose_results: dict[str, dict[str, Any]] = field(default_factory=dict)  # by criterion
    more: list[PurposeResult] = field(default_factory=list)
    statements: dict[str, str] = field(default_factory=dict)
    attachments: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.clock = HandClock()
        self.recorder = Recorder(self.folder / "trace.jsonl", self.clock)
        self._conn_id = 0
        self.recorder.record("campaign.started", "harness", {})

    def at(self, t_s: float, kind: str, who: str, data: dict[str, Any]) -> Event:
        """Record one event at a second of the campaign."""
        self.clock.t_s = t_s
        return self.recorder.record(kind, who, data)

    def call(
        self, t_s: float, action: str, payload: dict[str, Any], answer: Mapping[str, Any], after: float = 0.12
    ) -> Event:
        """A CALL of the backend and the charger's answer; returns the CALL."""
        self._conn_id += 1
        uid = f"m{self._conn_id}"
        raw = json.dumps([2, uid, action, payload])
        common = {"conn": 1, "errors": [], "remark": None, "version": "ocpp2.1", "id": uid, "action": action}
        sent = self.at(t_s, "ocpp.frame", "harness", {**common, "dir": "out", "raw": raw, "type": 2, "reply_to": None})
        raw = json.dumps([3, uid, answer])
        self.at(t_s + after, "ocpp.frame", "dut", {**common, "dir": "in", "raw": raw, "type": 3, "reply_to": sent.seq})
        return sent

    def meter(self, t_s: float, power_w: float) -> Event:
        """One reading of the energy meter: three phases at 230 V."""
        values = {f"i_l{n}_a": round(abs(power_w) / 690, 3) for n in (1, 2, 3)} | {
            "p_w": round(power_w, 1),
            "u_l1_v": 230.4,
        }
        return self.at(
            t_s, "bench.sample", "bench.meter", {"values": values, "uncertainty": {"p_w": 60.0, "i_a": 0.05}}
        )

    def case(self, case: str, title: str, verifies: tuple[str, ...], t_s: float) -> None:
        """Start a case."""
        self.cases.append(
            PlannedCase(
                id=case,
                title=title,
                function=case,
                purposes=tuple(filter(None, map(purpose_of, verifies))),
                estimate_s=60,
                run=True,
            )
        )
        self.recorder.case = case
        self.at(t_s, "case.started", "harness", {})

    def step(self, t_s: float, text: str) -> None:
        """Start a step (the one before ends)."""
        if self.recorder.step:
            self.at(t_s, "step.ended", "harness", {"step": self.recorder.step})
        self.recorder.step = text
        self.at(t_s, "step.started", "harness", {"text": text})

    def end_case(self, t_s: float) -> None:
        """End the case and its step."""
        self.at(t_s, "step.ended", "harness", {"step": self.recorder.step})
        self.recorder.step = None
        self.at(t_s, "case.ended", "harness", {"outcome": "ended"})
        self.recorder.case = None

    def claim(
        self, t_s: float, criterion: str, finding: Finding, *, judge: str, control: bool = False, **params: Any
    ) -> None:
        """A claim and what its judge found."""
        case = self.recorder.case or "document review"
        about = {"purpose": purpose_of(criterion)} if purpose_of(criterion) else {"criterion": criterion}
        data = {**about, "judge": judge, "params": params, "control": control, "group": case}
        made = self.at(t_s, "claim", "harness", data)
        run = sum(e.kind == "case.started" and e.case == case for e in self.recorder.events) or 1
        claim = Claim(
            **about, judge=judge, params=params, case=case, seq=made.seq, control=control, group=case, run=run
        )
        self.findings.setdefault(criterion, []).append(FindingResult(claim=claim, finding=finding))

    def curve(self, from_s: float, to_s: float, power: Callable[[float], float], every: float = 0.25) -> list[Event]:
        """Meter readings along a function of time."""
        return [self.meter(from_s + n * every, power(from_s + n * every)) for n in range(int((to_s - from_s) / every))]

    def finish(self, profile: dict[str, Any] | None = None) -> Path:
        """Write everything and return the folder."""
        self.recorder.record("campaign.ended", "harness", {})
        self.recorder.close()
        plan, result = self._plan(), self._result()
        self._write("plan.json", msgspec.json.encode(plan))
        self._write("verdicts.json", msgspec.json.encode(result))
        record = {"schema": "chargeproof/dut/1", "profile": {"firmware": "1.4.2"}, "reported": self.dut}
        self._write("dut.json", json.dumps(record).encode())
        catalogue = {"tender": {"title": plan.tender, "client": plan.client, "changes": self.changed}}
        self._write("catalogue.json", json.dumps(catalogue).encode())
        self._write("environment.json", json.dumps(ENVIRONMENT).encode())
        self._write("profile.yaml", yaml.safe_dump(profile or PROFILE).encode())
        for name, raw in self.attachments.items():
            self._write(f"attachments/{name}", raw)
        return self.folder

    def _write(self, name: str, raw: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)

    def _plan(self) -> Plan:
        facts: dict[str, Any] = {"name": "Bidirectional charger", **DECLARED}
        return Plan(
            dut=DutFacts(
                **facts,
                role="station",
                current=("AC", "DC"),
                sites=("public", "semi_public"),
                bidirectional=True,
                emulated=self.emulated,
            ),
            tender="Public chargers 2026, lot 2",
            client="City of Utrecht",
            bound=Bound(profile="0f0f" * 16, catalogue="5be1" * 16, suites="77aa" * 16),
            evaluation_date="2026-03-04",
            requirements=requirements(),
            criteria=criteria(),
            purposes=purposes(),
            runs=runs(),
            cases=tuple(self.cases),
            limits={
                purpose_of("SC-04.2"): {"response": RESPONSE, "dwell": DWELL, "current": CURRENT},
                purpose_of("BI-16.1"): {"response": RESPONSE},
            },
            waivers=self.waivers,
            narrowed=self.narrowed,
        )

    def _tested(self) -> Tested:
        """What the trace tells of who was tested, as the decision would find it."""
        names = {
            "manufacturer": "vendorName",
            "model": "model",
            "serial": "serialNumber",
            "firmware": "firmwareVersion",
        }
        found = {name: str(self.dut.get(key, "")) for name, key in names.items()}
        events = self.recorder.events
        return Tested(
            **{
                **found,
                "emulated": self.emulated,
                "began": events[0].utc,
                "ended": events[-1].utc,
                "boots": 1,
                "declared": DECLARED,
                **self.tested,
            }
        )

    def _result(self) -> CampaignResult:
        results = [self._criterion(c) for c in criteria()]
        reasons = tuple(
            Reason(criterion=r.id, verdict=r.verdict, why=r.why, who=r.next_who, what=r.next_what, purposes=r.purposes)
            for r in results
            if r.gates and not r.waived and r.verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE)
        )
        gating = [r for r in results if r.gates]
        told: dict[str, Any] = {
            "decision": "SELECTION" if self.narrowed else "HOLD" if reasons else "GO",
            "reasons": reasons,
            "continuing": tuple(
                Continuing(criterion=r.id, statement=r.statement, due="2027-03-01", verdict=r.verdict)
                for r in results
                if r.phase is Phase.OPERATION
            ),
            "requirements": tuple(
                RequirementResult(
                    id=heading.id,
                    title=heading.title,
                    obligation_text=heading.obligation_text,
                    source=heading.source,
                    verdict=worst(
                        [r.verdict for r in results if r.requirement == heading.id and r.phase is Phase.ACCEPTANCE]
                    ),
                    criteria=tuple(r for r in results if r.requirement == heading.id),
                )
                for heading in requirements()
            ),
            "purposes": (*(self._purpose(c) for c in criteria() if purpose_of(c.id) and c.applies), *self.more),
            "counts": {str(v): n for v in Verdict if (n := sum(r.verdict is v for r in gating))},
            "tested": self._tested(),
            "narrowed": self.narrowed,
            "emulated": self.emulated,
            "partial": bool(self.narrowed),
            "interrupted": False,
            "evaluation_date": "2026-03-04",
            "harness_errors": self.errors,
        }
        return CampaignResult(**{**told, **self.decided})

    def _verdict(self, planned: PlannedCriterion) -> tuple[Verdict, str]:
        default = (Verdict.PASS, "the evidence shows it")
        if not planned.applies:
            default = (Verdict.NOT_APPLICABLE, planned.reason)
        elif planned.phase is Phase.OPERATION:
            default = (Verdict.PENDING, "it can only be shown in service")
        return self.verdicts.get(planned.id, default)

    def _next(self, planned: PlannedCriterion) -> tuple[str, str]:
        if self._verdict(planned)[0] in (Verdict.PASS, Verdict.NOT_APPLICABLE):
            return "", ""
        return self.next_step.get(
            planned.id, ("supplier", "correct the charger or dispute the finding, then test again")
        )

    def _purpose(self, planned: PlannedCriterion) -> PurposeResult:
        verdict, why = self._verdict(planned)
        who, what = self._next(planned)
        findings = tuple(self.findings.get(planned.id, ()))
        told: dict[str, Any] = {
            "purpose": purpose_of(planned.id),
            "statement": self.statements.get(planned.id, planned.statement),
            "verdict": verdict,
            "why": why,
            "serves": (planned.id,),
            "proven": True,
            "next_who": who,
            "next_what": what,
            "case": findings[0].claim.case if findings else "",
            "findings": findings,
            "clauses": planned.clauses,
        }
        return PurposeResult(**{**told, **self.purpose_results.get(planned.id, {})})

    def _criterion(self, planned: PlannedCriterion) -> CriterionResult:
        verdict, why = self._verdict(planned)
        who, what = self._next(planned)
        purpose = purpose_of(planned.id) if planned.applies else ""
        return CriterionResult(
            id=planned.id,
            requirement=planned.requirement,
            statement=self.statements.get(planned.id, planned.statement),
            verdict=verdict,
            obligation=planned.obligation,
            phase=planned.phase,
            why=why,
            proven_by=str(planned.verified_by) if verdict in (Verdict.PASS, Verdict.FAIL) else "",
            waived=planned.id in self.waived,
            waiver=self.waived.get(planned.id),
            gates=planned.applies and planned.phase is Phase.ACCEPTANCE,
            next_who=who,
            next_what=what,
            purposes=(self._purpose(planned).label,) if purpose else (),
            findings=() if purpose else tuple(self.findings.get(planned.id, ())),
            clauses=planned.clauses,
        )


def within(name: str, value: float, limit: ResolvedLimit, uncertainty: float, at_s: float) -> Measurement:
    """A measurement held against a limit."""
    return Measurement(
        name=name,
        value=value,
        unit=limit.unit,
        uncertainty=uncertainty,
        limit=limit.value,
        tolerance=limit.tolerance,
        sense=Sense.AT_MOST,
        limit_source=limit.source,
        limit_confidence=limit.confidence,
        at_ns=int(at_s * 1e9),
    )


def sealed(folder: Path) -> Path:
    """A bundle of the folder, as a zip beside it."""
    bundle = folder.with_suffix(".zip")
    with zipfile.ZipFile(bundle, "w") as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            archive.write(path, path.relative_to(folder).as_posix())
    return bundle


ENVIRONMENT = {
    "chargeproof": "0.1.0",
    "python": "3.11.2",
    "operating_system": "Debian 12",
    "packages": {"websockets": "17.0", "iso15118": "0.31.2"},
}
PROFILE: dict[str, Any] = {
    "documents": "samples",
    "pco": {
        "bench": {
            "meter": {
                "driver": "serial_meter",
                "serial": "EM-8812",
                "uncertainty": {"i_a": 0.05, "p_w": 60},
                "calibrated": "2026-01-15",
                "calibration_due": "2027-01-15",
            },
            "light": {
                "driver": "colour_sensor",
                "serial": "CS-17",
                "calibrated": "2024-01-15",
                "calibration_due": "2026-01-15",
            },
            "pilot": {"driver": "pilot_box", "serial": "CP-3", "uncertainty": {"duty_pct": 0.3, "u_v": 0.2}},
        }
    },
}
ALL_CRITERIA = [f"{rid}.{n}" for rid, (_, parts) in CONTENT.items() for n in range(1, len(parts) + 1)]
