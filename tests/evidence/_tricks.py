"""Campaigns to play tricks with, and what it means that a trick convinces somebody.

Each trick is played twice: with the product's own `seal` (which recovers, judges and signs what lies in the folder) by
the lab's key; and sealed by an altered program, whose checks are taken out, by a key that the reader took for good.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from harness.cli._main import cli
from harness.evidence import Signer, _seal, seal, verify
from harness.plan import Plan, PlannedCriterion, PlannedPurpose, PlannedRun
from harness.trace import Recorder, line_hash
from tests.evidence._campaign import (
    CASE,
    PROFILE,
    SIGNER,
    StepClock,
    boot,
    first_data,
    judged,
    prepare,
    run_case,
    the_plan,
)

OWN = Signer.generate()
SAYS = {"model": "BiDi-22", "vendorName": "Acme", "serialNumber": "A-17", "firmwareVersion": "1.4.2"}
EMULATION = "chargeproof emulation"
WHY = {
    "case": CASE,
    "run": 1,
    "reason": "the fuse of the bench blew",
    "signed_by": "Anna Berg",
    "dated": "2026-11-22",
}
BOTH = ["the lab's seal", "a seal of one's own"]
Convinces = Callable[..., list[str]]


def run(*arguments: object) -> Result:
    """`chargeproof ARGUMENTS`, in this process."""
    return CliRunner().invoke(cli, [str(a) for a in arguments])


def profile_of(serial: str = "A-17", emulated: bool = False) -> str:
    """The profile of that charger."""
    text = PROFILE.replace("serial: A-17", f"serial: {serial}")
    return text.replace("emulated: yes", f"emulated: {'yes' if emulated else 'no'}")


def folder(
    place: Path,
    *,
    boots: tuple[dict[str, str], ...] = (SAYS,),
    amperes: float = 9.0,
    cut: bool = False,
    rerun_by: dict[str, str] | None = None,
    explained: bool = False,
    serial: str = "A-17",
    emulated: bool = False,
    overlay: str = "",
    also: Callable[[Plan], Plan] = lambda plan: plan,
    during: Callable[[Recorder, Path], None] = lambda recorder, evidence: None,
) -> Path:
    """The evidence of a campaign with a real charger, as the campaign leaves it.

    `cut`: its case never came to its claim. `rerun_by`: the case is run again, well, while that charger is there.
    `explained`: a person said why it had been cut.
    """
    evidence, profile = place / "evidence", profile_of(serial, emulated)
    dut = msgspec.structs.replace(the_plan().dut, serial=serial, emulated=emulated)
    plan = also(the_plan(profile, overlay, dut=dut))
    prepare(evidence, plan, profile, overlay)
    recorder = Recorder(evidence / "trace.jsonl", StepClock())
    first = first_data(evidence, plan)
    recorder.record("campaign.started", "harness", first)
    recorder.record("evaluation.date", "harness", {"date": plan.evaluation_date})
    for station in boots:
        boot(recorder, station)
    during(recorder, evidence)
    run_case(recorder, amperes, cut=cut)
    recorder.record("campaign.broken" if cut else "campaign.ended", "harness", {})
    if rerun_by is not None:
        recorder.record("campaign.rerun", "harness", {"cases": [CASE], **first})
        boot(recorder, rerun_by)
        run_case(recorder, 9.0)
        recorder.record("campaign.ended", "harness", {})
    if explained:
        recorder.record("run.explained", "operator", WHY)
    recorder.close()
    judged(evidence)
    return evidence


def two_criteria(plan: Plan) -> Plan:
    """With a second criterion, whose purpose no case serves: a HOLD."""
    first = plan.criteria[0]
    second: PlannedCriterion = msgspec.structs.replace(first, id="SC-04.3", statement="another")
    purpose = PlannedPurpose(id="OCPP-K01.P003", statement="another", proven=True)
    due = PlannedRun(purpose=purpose.id, serves=("SC-04.3",), run=False, lacks="case", reason="nobody wrote it")
    return msgspec.structs.replace(
        plan, criteria=(first, second), purposes=(*plan.purposes, purpose), runs=(*plan.runs, due)
    )


def decision(evidence: Path) -> str:
    """What the folder's verdicts say."""
    return str(msgspec.json.decode((evidence / "verdicts.json").read_bytes())["decision"])


def edit(evidence: Path, name: str, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change a JSON file of the folder, and judge anew."""
    value = msgspec.json.decode((evidence / name).read_bytes())
    change(value)
    (evidence / name).write_bytes(msgspec.json.encode(value))
    if name in ("plan.json", "trace.jsonl"):
        with contextlib.suppress(msgspec.ValidationError):
            judged(evidence)


def rechained(evidence: Path, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
    """The trace altered, numbered and chained again, and judged: what a program of one's own can do."""
    lines = (evidence / "trace.jsonl").read_bytes().split(b"\n")[:-1]
    prev, out = "0" * 64, []
    for seq, event in enumerate(change([msgspec.json.decode(line) for line in lines])):
        out.append(msgspec.json.encode({**event, "seq": seq, "prev": prev}))
        prev = line_hash(out[-1])
    (evidence / "trace.jsonl").write_bytes(b"\n".join([*out, b""]))
    judged(evidence)


def convinced(evidence: Path, place: Path, monkeypatch: pytest.MonkeyPatch, *expect: str) -> list[str]:
    """The ways in which the folder leads to a GO that `verify --key … --rejudge` ends with 0: some of `BOTH`."""
    ways = []
    for name, signer in (("lab", SIGNER), ("own", OWN)):
        (place / f"{name}.pem").write_bytes(signer.to_pem())
        (place / f"{name}.pub.pem").write_bytes(signer.public.pem)
        (place / f"{name}.zip").unlink(missing_ok=True)
    copy = place / "as-the-trickster-left-it"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(evidence, copy)
    run("seal", evidence, "--key", place / "lab.pem", "--out", place / "lab.zip")
    with monkeypatch.context() as altered:
        altered.setattr(_seal, "edited", lambda _: [])
        with contextlib.suppress(ValueError):  # not even an altered program can: the files are no evidence
            seal(copy, place / "own.zip", OWN)
    for name, words in zip(("lab", "own"), BOTH, strict=True):
        if (place / f"{name}.zip").exists():
            ended = run("verify", place / f"{name}.zip", "--key", place / f"{name}.pub.pem", "--rejudge", *expect)
            assert ended.exit_code in (0, 1, 2), ended.output
            if ended.exit_code == 0 and "States: GO" in ended.output:
                ways.append(words)
    return ways


def problems(place: Path) -> str:
    """What `verify` says of the bundle that the altered program sealed."""
    return "\n".join(str(p) for p in verify(place / "own.zip", OWN.public).problems)
