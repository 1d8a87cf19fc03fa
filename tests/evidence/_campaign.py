"""A campaign folder written by hand: one requirement, a short trace, verdicts by the real judging core."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from harness.decision import decide
from harness.evidence import Environment, Signer, _model, dut_record
from harness.judge import Claim, Finding, Limits, ResolvedLimit, evaluate, held_against, judge
from harness.plan import DutFacts, Plan, PlannedCase, PlannedCriterion, PlannedRequirement
from harness.trace import Recorder, Trace
from requirement_catalog import Confidence, Obligation, Phase, VerifiedBy

CASE = "test_current_follows_a_lowered_limit"
SIGNER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


@judge("tests.current_at_most")
def current_at_most(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The highest current any meter sample shows, held against the criterion's limit."""
    samples = trace.of("bench.sample")
    top = max(samples, key=lambda e: e.data["values"]["i_l1_a"])
    verdict, measured = held_against("current", top.data["values"]["i_l1_a"], limits[claim.criterion], uncertainty=0.1)
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


def the_plan() -> Plan:
    """One requirement, one criterion, one case, one limit."""
    return Plan(
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
        catalogue_digest="c" * 64,
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
                cases=(CASE,),
            ),
        ),
        cases=(
            PlannedCase(
                id=CASE, title="limit", criteria=("SC-04.2",), needs={}, disruptive=False, estimate_s=1.0, run=True
            ),
        ),
        limits={
            "SC-04.2": ResolvedLimit(name="SC-04.2", value=10.0, unit="A", confidence=Confidence.CONFIRMED, source="x")
        },
    )


PROFILE = "product: {name: demo, manufacturer: Acme, model: BiDi-22, serial: A-17, firmware: 1.4.2, emulated: yes}\n"


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
        "limits": msgspec.to_builtins(plan.limits),
    }


def record(path: Path, *, to_the_end: bool = True, judge_name: str = "tests.current_at_most") -> None:
    """The trace of one case that passes."""
    recorder = Recorder(path, StepClock())
    boot = '[2,"1","BootNotification",{"reason":"PowerUp","chargingStation":{"model":"BiDi-22","vendorName":"Acme"}}]'
    recorder.record("campaign.started", "harness", {"id": "c1", "dut": msgspec.to_builtins(the_plan().dut)})
    frame = {"conn": 1, "dir": "in", "type": 2, "id": "1", "action": "BootNotification", "raw": boot, "errors": []}
    recorder.record("ocpp.frame", "dut", frame)
    recorder.case = CASE
    recorder.record("case.started", "harness", {})
    for value in (9.9, 9.7, 9.6):
        recorder.record("bench.sample", "bench.meter", {"values": {"i_l1_a": value - 0.2}})
    recorder.record("claim", "harness", {"criterion": "SC-04.2", "judge": judge_name, "params": {}})
    recorder.record("case.ended", "harness", {"outcome": "ended"})
    recorder.case = None
    if to_the_end:
        recorder.record("campaign.ended", "harness", {})
    recorder.close()


def campaign(folder: Path, **how: object) -> Path:
    """A complete evidence folder, as the campaign leaves it."""
    (folder / "attachments").mkdir(parents=True)
    record(folder / "trace.jsonl", **how)  # type: ignore[arg-type]
    plan = the_plan()
    trace = Trace(events(folder))
    result = decide(plan, trace, evaluate(trace, plan.limits))
    surroundings = Environment(chargeproof="0.1.0", python="3.11.2", system="Linux")
    for name, value in {
        "plan.json": plan,
        "verdicts.json": result,
        "dut.json": dut_record(plan, trace),
        "environment.json": surroundings,
    }.items():
        (folder / name).write_bytes(msgspec.json.encode(value))
    (folder / "profile.yaml").write_text(PROFILE)
    (folder / "catalogue.json").write_bytes(msgspec.json.encode(catalogue(plan)))
    (folder / "attachments" / "Ladesäule.txt").write_text("a photo, say\n")
    return folder


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


__all__ = ["CASE", "PROFILE", "SIGNER", "campaign", "catalogue", "events", "record", "seal_by_hand", "the_plan"]
