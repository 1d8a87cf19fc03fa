"""A campaign folder written by hand: one requirement, a short trace, verdicts by the real judging core."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from harness.campaign._bound import kept
from harness.campaign._files import write_json
from harness.decision import decide
from harness.evidence import Environment, Signer, dut_record
from harness.evidence.bundle import _model
from harness.judge import Claim, Finding, Limits, ResolvedLimit, evaluate, held_against, judge
from harness.plan import (
    Bound,
    DutFacts,
    Plan,
    PlannedCase,
    PlannedCriterion,
    PlannedPurpose,
    PlannedRequirement,
    PlannedRun,
)
from harness.trace import Recorder, Trace
from requirement_catalog import Confidence, Depth, Obligation, Phase, VerifiedBy

CASE = "test_current_follows_a_lowered_limit"
PURPOSE = "OCPP-K01.P002"
SIGNER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


@judge("tests.current_at_most")
def current_at_most(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The highest current any meter sample shows, held against the purpose's limit."""
    samples = trace.of("bench.sample")
    top = max(samples, key=lambda e: e.data["values"]["i_l1_a"])
    verdict, measured = held_against("current", top.data["values"]["i_l1_a"], limits["over"], uncertainty=0.1)
    return Finding(
        verdict=verdict,
        expected="at most 10 A",
        seen=f"{measured.value:g} A",
        acted="dut",
        events=(top.seq,),
        measurements=(measured,),
    )


class StepClock:
    """Every look is a millisecond later, so that two folders written alike are alike to the byte."""

    def __init__(self) -> None:
        self._ns = 0

    def mono_ns(self) -> int:
        self._ns += 1_000_000
        return self._ns

    def utc(self) -> str:
        return f"2026-11-22T10:00:00.{self._ns // 1000:06d}Z"


PROFILE = "product: {name: demo, manufacturer: Acme, model: BiDi-22, serial: A-17, firmware: 1.4.2, emulated: yes}\n"


def the_plan(profile: str = PROFILE, overlay: str = "", **changed: Any) -> Plan:
    """One requirement, one criterion, one purpose, one case, one limit; made from these texts."""
    bound = Bound(profile=sha256(profile), overlay=sha256(overlay) if overlay else "", catalogue="c" * 64, suites="d")
    plan = Plan(
        dut=DutFacts(
            name="demo",
            manufacturer="Acme",
            model="BiDi-22",
            serial="A-17",
            firmware="1.4.2",
            role="station",
            current=("AC",),
            sites=("public",),
            bidirectional=True,
            emulated=True,
        ),
        tender="demo tender",
        depth=Depth.SHORT,
        beyond=3,
        bound=bound,
        evaluation_date="2026-11-22",
        requirements=(
            PlannedRequirement(
                id="SC-04", title="Smart charging", obligation_text="shall", source="D5.4", binds=("station",)
            ),
        ),
        criteria=(
            PlannedCriterion(
                id="SC-04.2",
                requirement="SC-04",
                statement="current follows a lowered limit",
                verified_by=VerifiedBy.TEST,
                obligation=Obligation.MANDATORY,
                phase=Phase.ACCEPTANCE,
                applies=True,
                reason="public AC station",
            ),
        ),
        purposes=(PlannedPurpose(id=PURPOSE, statement="it follows a lowered limit", proven=True, proof="red: x"),),
        runs=(PlannedRun(purpose=PURPOSE, serves=("SC-04.2",), case=CASE),),
        cases=(PlannedCase(id=CASE, title="limit", function=CASE, purposes=(PURPOSE,), estimate_s=1.0, run=True),),
        limits={PURPOSE: {"over": LIMIT}},
    )
    return msgspec.structs.replace(plan, **changed)


LIMIT = ResolvedLimit(name="SC-04.2 over", value=10.0, unit="A", confidence=Confidence.CONFIRMED, source="x")


def sha256(text: str | bytes) -> str:
    """In hex."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def catalogue(plan: Plan) -> dict[str, object]:
    """What the campaign writes beside its plan: each criterion in the tender's words, and the limits."""
    return {
        "schema": "chargeproof/catalogue-export/1",
        "digest": plan.catalogue_digest,
        "requirements": [
            {
                "id": r.id,
                "criteria": [{"id": c.id, "statement": c.statement} for c in plan.criteria if c.requirement == r.id],
            }
            for r in plan.requirements
        ],
        "limits": {"SC-04.2": {"over": msgspec.to_builtins(LIMIT)}},
    }


def prepare(folder: Path, plan: Plan, profile: str = PROFILE, overlay: str = "") -> None:
    """What lies in the folder before the first event, as the campaign writes it."""
    (folder / "attachments").mkdir(parents=True)
    write_json(folder / "plan.json", plan)
    (folder / "profile.yaml").write_text(profile)
    if overlay:
        (folder / "overlay.yaml").write_text(overlay)
    write_json(folder / "environment.json", Environment(chargeproof="0.2.0", python="3.11.2", system="Linux"))
    write_json(folder / "catalogue.json", catalogue(plan))
    rows = {"schema": "chargeproof/suites/1", "digest": plan.bound.suites, "purposes": [{"id": PURPOSE}], "rules": []}
    write_json(folder / "suites.json", rows)


def first_data(folder: Path, plan: Plan, **changed: Any) -> dict[str, Any]:
    """The data of the trace's first event over a prepared folder."""
    data = {
        "id": "c1",
        "schema": "chargeproof/trace/2",
        "plan": sha256((folder / "plan.json").read_bytes()),
        "bound": msgspec.to_builtins(plan.bound),
        "files": kept(folder),
        "emulated": plan.dut.emulated,
        "launch": {},
    }
    return {**data, **changed}


SAYS = {"model": "BiDi-22", "vendorName": "Acme"}


def boot(recorder: Recorder, station: dict[str, str]) -> None:
    """A BootNotification."""
    raw = json.dumps([2, "1", "BootNotification", {"reason": "PowerUp", "chargingStation": station}])
    data = {"conn": 1, "dir": "in", "type": 2, "id": "1", "action": "BootNotification", "raw": raw, "errors": []}
    recorder.record("ocpp.frame", "dut", data)


def run_case(recorder: Recorder, *amperes: float, judge_name: str = "tests.current_at_most", cut: bool = False) -> None:
    """The case with these samples; `cut` before its claim."""
    recorder.case = CASE
    recorder.record("case.started", "harness", {"title": "limit", "function": CASE, "purposes": [PURPOSE]})
    for value in amperes:
        recorder.record("bench.sample", "bench.meter", {"values": {"i_l1_a": value}})
    if not cut:
        about = {"purpose": PURPOSE, "criterion": None, "judge": judge_name, "params": {}, "control": False}
        recorder.record("claim", "harness", about)
        recorder.record("case.ended", "harness", {"outcome": "completed"})
    recorder.case = None


def record(
    folder: Path, plan: Plan, *, to_the_end: bool = True, judge_name: str = "tests.current_at_most", **changed: Any
) -> None:
    """The trace of one case that passes; `changed` is what its first event says otherwise."""
    recorder = Recorder(folder / "trace.jsonl", StepClock())
    recorder.record("campaign.started", "harness", first_data(folder, plan, **changed))
    recorder.record("evaluation.date", "harness", {"date": plan.evaluation_date})
    boot(recorder, SAYS)
    run_case(recorder, 9.7, 9.5, 9.4, judge_name=judge_name)
    if to_the_end:
        recorder.record("campaign.ended", "harness", {})
    recorder.close()


def campaign(folder: Path, plan: Plan | None = None, *, profile: str = PROFILE, overlay: str = "", **how: Any) -> Path:
    """A complete evidence folder, as the campaign leaves it."""
    plan = plan or the_plan(profile, overlay)
    prepare(folder, plan, profile, overlay)
    record(folder, plan, **how)
    judged(folder)
    (folder / "attachments" / "Ladesäule.txt").write_text("a photo, say\n")
    return folder


def judged(folder: Path) -> None:
    """Verdicts and DUT record by the folder's own plan, as `recover` and `--rerun` make them."""
    plan = msgspec.json.decode((folder / "plan.json").read_bytes(), type=Plan)
    trace = Trace(events(folder))
    write_json(folder / "verdicts.json", decide(plan, trace, evaluate(trace, plan.limits)))
    write_json(folder / "dut.json", dut_record(plan, trace))


def seal_by_hand(files: dict[str, bytes], signer: Signer, trace_schema: str = "chargeproof/trace/2") -> None:
    """Manifest and attestation anew, as a newer chargeproof would write them."""
    manifest = msgspec.json.decode(files["manifest.json"], type=_model.Manifest)
    entries = tuple(
        _model.FileEntry(path=e.path, size=len(files[e.path]), sha256=hashlib.sha256(files[e.path]).hexdigest())
        for e in manifest.files
    )
    trace = msgspec.structs.replace(manifest.trace, schema=trace_schema)
    files["manifest.json"] = _model.to_json(msgspec.structs.replace(manifest, files=entries, trace=trace))
    payload = base64.b64decode(msgspec.json.decode(files["attestation.dsse.json"])["payload"])
    statement = msgspec.json.decode(payload, type=_model.Statement)
    subjects = tuple(
        _model.Subject(name=s.name, digest={"sha256": hashlib.sha256(files[s.name]).hexdigest()})
        for s in statement.subject
    )
    predicate = msgspec.structs.replace(statement.predicate, trace=trace)
    signed = _model.to_json(msgspec.structs.replace(statement, subject=subjects, predicate=predicate))
    files["attestation.dsse.json"] = _model.to_json(signer.envelope(signed))


def events(folder: Path) -> list:
    """The folder's events."""
    from harness.trace import read_trace

    return list(read_trace(folder / "trace.jsonl"))
