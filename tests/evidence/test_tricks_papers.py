"""Tricks with papers in place of tests, with who was tested, and with whoever answered: each with its control."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harness import captures
from harness.evidence import harness_version
from harness.judge import ResolvedLimit
from harness.plan import Plan
from harness.trace import Recorder, Trace
from requirement_catalog import Confidence, VerifiedBy
from tests.evidence._campaign import SIGNER, events, judged
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
from tests.operator._ask import png

WORD = "the certification body measured it"
NEED = {
    "criterion": "SC-04.3",
    "paper": "a certificate",
    "standards": [{"names": ["IEC 61851-1"], "edition": "2017", "good": ["2017"], "too_old": []}],
    "scope": [],
    "kinds": ["certificate"],
    "about": "product",
}
RAW = b"the certificate"
PAPER = {
    "title": "Certificate",
    "kind": "certificate",
    "standards": [{"standard": "IEC 61851-1", "edition": "2017"}],
    "body": {"name": "A body", "accredited_for": "ISO/IEC 17065"},
    "number": "C-1",
    "issued": "2025-01-01",
    "valid_until": "2028-12-31",
    "model": "BiDi-22",
    "firmware": ["1.4.2"],
    "reviewed_by": "A. Reader",
    "file": "c-1.pdf",
    "file_sha256": hashlib.sha256(RAW).hexdigest(),
    "file_problem": None,
    "record_file": "c-1.yaml",
    "emulated": False,
}


def kept_by_the_bench(plan: Plan, word: str = "") -> Plan:
    """A second criterion that a certificate may prove; the bench lacks what its test needs. `word`: the tender's."""
    plan = two_criteria(plan)
    first, second = plan.criteria
    second = msgspec.structs.replace(
        second, also_by=(VerifiedBy.DOCUMENT_REVIEW,), blocked="no pilot", papers_accepted=word
    )
    due = msgspec.structs.replace(
        plan.runs[1], lacks="pco", reason="the bench has no pilot (pco.bench.pilot)", move="test engineer"
    )
    return msgspec.structs.replace(plan, criteria=(first, second), runs=(plan.runs[0], due))


def accepted(plan: Plan) -> Plan:
    """The same, and the tender accepts a paper."""
    return kept_by_the_bench(plan, WORD)


def reviewed(recorder: Recorder, evidence: Path) -> None:
    """A certificate that holds in every respect, and the claim that rests on it."""
    kept = evidence / "attachments" / "documents" / "c-1.pdf"
    kept.parent.mkdir()
    kept.write_bytes(RAW)
    recorder.record("document.reviewed", "operator", {**PAPER, "criterion": "SC-04.3"})
    recorder.case = "document review"
    claim = {"criterion": "SC-04.3", "judge": "documents.certificate_covers", "params": {"needs": [NEED]}}
    recorder.record("claim", "harness", {**claim, "control": False, "group": "document review SC-04.3"})
    recorder.case = None


def test_a_paper_for_a_test_that_the_lab_s_bench_kept_from_running(tmp_path: Path, convinces: Convinces) -> None:
    """Without the client's word it is no proof; the control is the same campaign with it."""
    evidence = folder(tmp_path / "a", also=kept_by_the_bench, during=reviewed)
    assert decision(evidence) == "HOLD" and convinces(evidence) == []
    evidence = folder(tmp_path / "b", also=accepted, during=reviewed)
    assert decision(evidence) == "GO" and convinces(evidence) == BOTH


def test_the_client_s_word_written_into_the_plan(tmp_path: Path, convinces: Convinces) -> None:
    """After the fact, by whoever holds the folder: the plan is bound."""
    evidence = folder(tmp_path, also=kept_by_the_bench, during=reviewed)
    edit(evidence, "plan.json", lambda p: p["criteria"][1].update(papers_accepted="so be it"))
    assert decision(evidence) == "GO" and convinces(evidence) == []
    assert "plan.json: was altered" in problems(tmp_path)


def verified(evidence: Path, place: Path, *options: str) -> Any:
    """`verify` of the folder, sealed by the lab."""
    (place / "k.pem").write_bytes(SIGNER.to_pem())
    (place / "k.pub.pem").write_bytes(SIGNER.public.pem)
    (place / "b.zip").unlink(missing_ok=True)
    ended = run("seal", evidence, "--key", place / "k.pem", "--out", place / "b.zip")
    assert (place / "b.zip").exists(), ended.output
    return run("verify", place / "b.zip", "--key", place / "k.pub.pem", *options)


def test_verify_says_what_rests_on_papers(tmp_path: Path) -> None:
    """By what was claimed in the trace, not by what the verdicts say of themselves."""
    evidence = folder(tmp_path / "a", also=accepted, during=reviewed)
    said = verified(evidence, tmp_path).output
    assert "Rests on: what was seen, for 1 criterion; papers alone, for 1; a signed waiver, for 0" in said
    assert "in 1 a PAPER STANDS IN PLACE OF A TEST that the bench could not run: SC-04.3" in said
    edit(evidence, "verdicts.json", lambda v: v["requirements"][0]["criteria"][1].update(proven_by="test"))
    assert "PAPER STANDS IN PLACE OF A TEST" in verified(evidence, tmp_path).output
    assert "PAPER" not in verified(folder(tmp_path / "b"), tmp_path).output


@pytest.mark.parametrize(("amperes", "word"), [(9.0, "GO"), (30.0, "HOLD")])
def test_a_hold_is_not_taken_for_a_go(tmp_path: Path, amperes: float, word: str) -> None:
    """Evidence of a HOLD holds and ends with 0; whoever waits for a GO says so, and gets 1."""
    evidence = folder(tmp_path / "e", amperes=amperes)
    assert verified(evidence, tmp_path).exit_code == 0
    assert verified(evidence, tmp_path, "--expect", word).exit_code == 0
    other = "HOLD" if word == "GO" else "GO"
    ended = verified(evidence, tmp_path, "--expect", other)
    assert ended.exit_code == 1 and f"the decision is {word}, you expect {other}" in ended.output


def connected(remote: str, process: int | None = None) -> Any:
    """A WebSocket of the charger's, opened from there."""
    data = {"state": "open", "remote": remote, "process": process, "identity": "A-17", "conn": 1}
    return lambda recorder, _: recorder.record("ocpp.connection", "dut", data)


@pytest.mark.parametrize(
    ("remote", "process", "says"),
    [
        ("127.0.0.1:5000", None, "a program on the bench's own computer"),
        ("[::1]:5000", None, "a program on the bench's own computer"),
        ("192.0.2.7:5000", 4711, "a program on the bench's own computer"),
        ("192.0.2.7:5000", None, "a charger that connected from elsewhere"),
    ],
)
def test_a_program_of_the_bench_s_own_is_no_charger(
    tmp_path: Path, remote: str, process: int | None, says: str
) -> None:
    """By address or process, whatever the profile declares; from elsewhere is the control."""
    said = verified(folder(tmp_path / "e", during=connected(remote, process)), tmp_path).output
    assert f"It is about {says}" in said and "a real charger," not in said


def test_a_label_edited_in_the_verdicts(tmp_path: Path, convinces: Convinces) -> None:
    """What sort of thing was tested is found in the trace again."""
    evidence = folder(tmp_path, during=connected("127.0.0.1:5000"))
    edit(evidence, "verdicts.json", lambda v: v["tested"].update(kind="elsewhere"))
    assert convinces(evidence) == ["the lab's seal"]  # which judges again, and says what it was
    assert "says kind 'elsewhere', but by the trace it is 'program'" in problems(tmp_path)


def test_nothing_is_no_charger(tmp_path: Path) -> None:
    """A trace in which no charger did anything is about none."""
    evidence = folder(tmp_path / "e", boots=())
    judged(evidence)
    assert "It is about no charger at all" in verified(evidence, tmp_path).output


@pytest.mark.parametrize(("by", "labelled"), [("script", True), ("person", False)])
def test_a_script_is_no_person(tmp_path: Path, by: str, labelled: bool) -> None:
    """Who answered is recorded by the program that asked; a name in the answers' file cannot change it."""

    def answered(recorder: Recorder, _: Path) -> None:
        answer = {"prompt": "p", "answer": True, "observer": "A. Person", "by": by}
        recorder.record("operator.answer", "operator", answer)

    said = verified(folder(tmp_path / "e", during=answered), tmp_path).output
    assert ("Operator: a script, no person (1 of 1 answers)" in said) is labelled


LIMIT = ResolvedLimit(name="inspection.photo_side", value=480, unit="px", confidence=Confidence.CONFIRMED, source="x")


def asks_for_a_photo(plan: Plan) -> Plan:
    """The tender says how large a photograph must be."""
    return msgspec.structs.replace(plan, limits={**plan.limits, "SITE-MARK.P001": {"photo": LIMIT}})


def photographed(raw: bytes, name: str = "a.png", **told: int) -> Any:
    """An answer with this photograph, as a program of one's own records it."""

    def during(recorder: Recorder, evidence: Path) -> None:
        (evidence / "attachments" / name).write_bytes(raw)
        photo = {"file": name, "sha256": hashlib.sha256(raw).hexdigest(), **told}
        recorder.record("operator.answer", "operator", {"prompt": "p", "answer": True, "photo": photo, "by": "person"})

    return during


SVG = b'<svg width="800" height="800"/>'


@pytest.mark.parametrize(
    ("raw", "name", "side", "says"),
    [
        (png(640, 480), "a.png", (640, 480), ""),
        (png(1, 1), "a.png", (1, 1), "has 1 x 1 px, too small to show anything: the tender asks for 480 a side"),
        (png(1, 1), "a.png", (640, 480), "is not the picture of 640 x 480 px"),
        (b"notes", "a.png", (640, 480), "is not the picture of 640 x 480 px"),
        (SVG, "a.svg", (800, 800), "is a drawing, and no photograph of a real charger"),
    ],
)
def test_a_photograph_that_shows_nothing(
    tmp_path: Path, convinces: Convinces, raw: bytes, name: str, side: tuple[int, int], says: str
) -> None:
    """A dot, a text, a drawing: whatever recorded it, the picture is looked at again. A good one is the control."""
    during = photographed(raw, name, width_px=side[0], height_px=side[1])
    evidence = folder(tmp_path, also=asks_for_a_photo, during=during)
    assert convinces(evidence) == ([] if says else BOTH)
    assert says in problems(tmp_path)


def kept(recorder: Recorder, evidence: Path) -> None:
    """A paper's record, as the campaign keeps it."""
    record = evidence / "attachments" / "documents" / "c-1.yaml"
    record.parent.mkdir()
    record.write_bytes(b"title: Certificate\n")
    digest = hashlib.sha256(record.read_bytes()).hexdigest()
    recorder.record("file.kept", "harness", {"file": "attachments/documents/c-1.yaml", "sha256": digest})


@pytest.mark.parametrize("how", ["left", "edited", "removed", "another put there"])
def test_a_review_s_records_are_those_that_were_read(tmp_path: Path, convinces: Convinces, how: str) -> None:
    """The YAML beside a paper says what a reviewer found: it is bound like the paper. Left alone is the control."""
    evidence = folder(tmp_path, during=kept)
    record = evidence / "attachments" / "documents" / "c-1.yaml"
    if how == "edited":
        record.write_bytes(b"title: A better certificate\n")
    elif how == "removed":
        record.unlink()
    elif how == "another put there":
        (record.parent / "c-2.yaml").write_bytes(b"title: Another\n")
    assert convinces(evidence) == (BOTH if how == "left" else [])


@pytest.mark.parametrize("edited", [False, True])
def test_a_capture_is_what_the_trace_holds(tmp_path: Path, convinces: Convinces, edited: bool) -> None:
    """Made from the trace, it is made again; one octet in it is found. As it was written is the control."""

    def drove(recorder: Recorder, evidence: Path) -> None:
        data = {"dir": "out", "name": "supportedAppProtocolReq", "exi": "80", "payload": {}, "namespace": "x"}
        recorder.record("v2g.message", "ev", data)

    evidence = folder(tmp_path, during=drove)
    environment = msgspec.json.decode((evidence / "environment.json").read_bytes())
    assert environment["chargeproof"] == harness_version()
    capture = captures.capture_of(Trace(events(evidence))) or b"\n\r\r\n"
    (evidence / "v2g").mkdir()
    (evidence / captures.CAPTURE).write_bytes(capture + (b"x" if edited else b""))
    assert convinces(evidence) == ([] if edited else BOTH)
