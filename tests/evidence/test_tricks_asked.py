"""Tricks about what was asked: criteria, limits, waivers and papers edited after the fact, before a seal or a rerun."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harness.campaign import RerunRefused
from harness.campaign._same import check_same
from harness.plan import Plan, Waiver
from harness.profile import load_profile
from harness.trace import Recorder, Trace
from requirement_catalog import Obligation
from tests.evidence._campaign import CASE, LIMIT, PURPOSE, events
from tests.evidence._tricks import (
    BOTH,
    Convinces,
    decision,
    edit,
    folder,
    problems,
    run,
    two_criteria,
)

WAIVER = {"of": "SC-04.2", "reason": "later", "signed_by": "A. B.", "dated": "2026-11-01", "until": "2027-11-01"}


def narrowed(plan: Plan) -> Plan:
    """A run that a person made smaller."""
    return msgspec.structs.replace(plan, narrowed=("-r SC-04.2",))


def a_mere_wish(plan: Plan) -> Plan:
    """A client's overlay takes the weight from a criterion; which that is, is on the page."""
    first, second = two_criteria(plan).criteria
    return msgspec.structs.replace(
        two_criteria(plan), criteria=(first, msgspec.structs.replace(second, obligation=Obligation.WISH))
    )


@pytest.mark.parametrize(("also", "told"), [(a_mere_wish, True), (two_criteria, False)])
def test_what_was_made_a_wish_is_told_where_ci_looks(
    tmp_path: Path, convinces: Convinces, also: Callable[[Plan], Plan], told: bool
) -> None:
    """A client may ask for less; nobody may take its GO for one of the whole catalogue (`verify` names them)."""
    convinces(folder(tmp_path, also=also))
    said = run("verify", tmp_path / "lab.zip").output
    assert ("ASKS LESS: 1 criterion that the catalogue demands is a mere wish here" in said) is told
    assert "OTHER REQUIREMENTS" in said  # these tests' catalogue is not the one that ships


def unproven(plan: Plan) -> Plan:
    """Its check was never seen to turn red."""
    return msgspec.structs.replace(plan, purposes=(msgspec.structs.replace(plan.purposes[0], proven=False),))


# name: how the campaign was, what is done to its plan
EDITS: dict[str, tuple[dict[str, Any], Callable[[dict[str, Any]], Any]]] = {
    "a criterion is deleted": ({"also": two_criteria}, lambda p: p["criteria"].pop()),
    "a criterion is said not to apply": (
        {"also": two_criteria},
        lambda p: p["criteria"][1].update(applies=False, reason="not here"),
    ),
    "an obligation is lowered": ({"also": two_criteria}, lambda p: p["criteria"][1].update(obligation="wish")),
    "a phase is put off": ({"also": two_criteria}, lambda p: p["criteria"][1].update(phase="operation")),
    "a criterion hangs on an optional feature": (
        {"also": two_criteria},
        lambda p: p["criteria"][1].update(declared="no", feature_optional=True),
    ),
    "a run serves another criterion too": (
        {"also": two_criteria},
        lambda p: (p["runs"].pop(), p["runs"][0].update(serves=["SC-04.2", "SC-04.3"])),
    ),
    "a limit is widened": ({"amperes": 30.0}, lambda p: p["limits"][PURPOSE]["over"].update(value=99.0)),
    "a waiver is put in": ({"amperes": 30.0}, lambda p: p.update(waivers=[WAIVER])),
    "a selection is emptied": ({"also": narrowed}, lambda p: p.update(narrowed=[])),
    "a proof is written in": ({"also": unproven}, lambda p: p["purposes"][0].update(proven=True, proof="red: x")),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_plan_that_was_edited(tmp_path: Path, convinces: Convinces, name: str) -> None:
    """Each edit makes a GO of the verdicts, and none of them convinces; the control is what it was before."""
    how, change = EDITS[name]
    evidence = folder(tmp_path, **how)
    assert decision(evidence) in ("HOLD", "SELECTION")
    edit(evidence, "plan.json", change)
    assert decision(evidence) == "GO"
    assert convinces(evidence) == []
    assert "plan.json: was altered" in problems(tmp_path)
    ended = run("seal", evidence, "--out", tmp_path / "again.zip")
    assert ended.exit_code == 2 and "put back the file that the campaign wrote" in ended.output


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.update(tender="another"),
        lambda p: p.update(client="another"),
        lambda p: p.update(depth="thorough"),
        lambda p: p["criteria"][0].update(statement="it does everything"),
        lambda p: p.update(schema="chargeproof/plan/1"),
        lambda p: p.update(schema="chargeproof/plan/3"),
    ],
    ids=["tender", "client", "depth", "statement", "plan/1", "plan/3"],
)
def test_what_a_go_is_for_is_not_renamed(tmp_path: Path, convinces: Convinces, change: Callable[..., Any]) -> None:
    """A GO for other words, another tender, a deeper test, in another shape."""
    evidence = folder(tmp_path)
    edit(evidence, "plan.json", change)
    assert convinces(evidence) == []


def test_a_criterion_deleted_from_plan_and_catalogue(tmp_path: Path, convinces: Convinces) -> None:
    """Both are bound."""
    evidence = folder(tmp_path, also=two_criteria)
    edit(evidence, "plan.json", lambda plan: plan["criteria"].pop())
    edit(evidence, "catalogue.json", lambda c: c["requirements"][0]["criteria"].pop())
    assert convinces(evidence) == []


def test_a_criterion_deleted_before_one_case_is_run_again(tmp_path: Path) -> None:
    """`--rerun` holds the plan against the trace before anything starts; the control passes that check."""
    evidence = folder(tmp_path, also=two_criteria)
    plan = msgspec.json.decode((evidence / "plan.json").read_bytes(), type=Plan)
    profile = msgspec.structs.replace(load_profile("emulated")[0], launch=None)
    profile = msgspec.structs.replace(profile, product=msgspec.structs.replace(profile.product, emulated=False))
    assert check_same(tmp_path, plan.bound, profile, Trace(events(evidence))) == plan
    edit(evidence, "plan.json", lambda p: p["criteria"].pop())
    with pytest.raises(RerunRefused, match=r"is not the plan that its trace began with.*run a new campaign"):
        check_same(tmp_path, plan.bound, profile, Trace(events(evidence)))
    command = [sys.executable, "-m", "harness.cli", "run", "--dut", "emulated", "--rerun", CASE]
    ended = subprocess.run([*command, "--campaign", str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2 and "is not the plan that its trace began with" in ended.stderr + ended.stdout


def test_a_limit_widened_in_the_catalogue_as_well(tmp_path: Path, convinces: Convinces) -> None:
    """The same new number in both."""
    evidence = folder(tmp_path, amperes=30.0)
    edit(evidence, "catalogue.json", lambda c: c["limits"]["SC-04.2"]["over"].update(value=99.0))
    edit(evidence, "plan.json", lambda plan: plan["limits"][PURPOSE]["over"].update(value=99.0))
    assert LIMIT.value == 10.0 and decision(evidence) == "GO"
    assert convinces(evidence) == []


@pytest.mark.parametrize("place", ["cases", "criteria", "requirements", "runs", "purposes"])
def test_twins(tmp_path: Path, convinces: Convinces, place: str) -> None:
    """Two cases, criteria, purposes of one id: one of them would be looked at."""
    evidence = folder(tmp_path)
    edit(evidence, "plan.json", lambda plan: plan[place].append(plan[place][0]))
    assert convinces(evidence) == []


BESIDE = ["catalogue.json", "profile.yaml", "suites.json", "environment.json", "overlay.yaml"]


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize("how", ["removed", "edited"])
def test_what_lies_beside_the_plan(tmp_path: Path, convinces: Convinces, name: str, how: str) -> None:
    """Catalogue, profile, suites, environment and the client's overlay are those that the campaign began with."""
    evidence = folder(tmp_path, overlay="title: ours\n")
    assert convinces(evidence) == BOTH
    path = evidence / name
    if how == "removed":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b" \n")
    assert convinces(evidence) == []
    ended = run("seal", evidence, "--out", tmp_path / "again.zip")
    assert ended.exit_code == 2 and f"{name}: {'is missing' if how == 'removed' else 'was altered'}" in ended.output


def test_an_overlay_that_nobody_gave(tmp_path: Path, convinces: Convinces) -> None:
    """Put there afterwards, it would seem to allow what was done."""
    evidence = folder(tmp_path)
    (evidence / "overlay.yaml").write_text("title: ours\n")
    assert convinces(evidence) == []
    assert "overlay.yaml: was put there" in problems(tmp_path)


@pytest.mark.parametrize("name", ["documents/type-approval.pdf", "photo-1.jpg"])
@pytest.mark.parametrize("how", ["exchanged", "removed"])
def test_papers_and_photos_are_those_that_were_seen(tmp_path: Path, convinces: Convinces, name: str, how: str) -> None:
    """By the digests that the trace holds of them."""
    raw = b"what was looked at"
    digest = hashlib.sha256(raw).hexdigest()

    def seen(recorder: Recorder, evidence: Path) -> None:
        path = evidence / "attachments" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(raw)
        if name.startswith("documents/"):
            data = {"file": path.name, "file_sha256": digest, "criterion": None}
            recorder.record("document.reviewed", "operator", data)
        else:
            photo = {"prompt": "p", "photo": {"file": path.name, "sha256": digest}}
            recorder.record("operator.answer", "operator", photo)

    evidence = folder(tmp_path, during=seen)
    assert convinces(evidence) == BOTH
    path = evidence / "attachments" / name
    if how == "removed":
        path.unlink()
    else:
        path.write_bytes(b"what should have been looked at")
    assert convinces(evidence) == []
    assert f"attachments/{name}: {'is missing' if how == 'removed' else 'was altered'}" in problems(tmp_path)


def test_a_waiver_is_never_silent(tmp_path: Path, convinces: Convinces) -> None:
    """Of what, until when, who signed, when and why: on a line of its own, in words and in JSON."""
    waiver = msgspec.convert({**WAIVER, "of": "SC-09.9"}, Waiver)
    evidence = folder(tmp_path, also=lambda plan: msgspec.structs.replace(plan, waivers=(waiver,)))
    assert convinces(evidence) == BOTH
    said = run("verify", tmp_path / "lab.zip").output
    assert "  Waived: SC-09.9 until 2027-11-01, signed by A. B. on 2026-11-01: later" in said
    told = json.loads(run("verify", tmp_path / "lab.zip", "--json").output)
    assert told["stated"]["waivers"][0]["until"] == "2027-11-01"
