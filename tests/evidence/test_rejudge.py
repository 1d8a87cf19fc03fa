"""Judging again: what was sealed must follow from the trace, and a difference is named field by field."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from harness.evidence import seal, verify
from harness.evidence.bundle import _zip
from harness.evidence.bundle._survey import survey
from harness.evidence.verification._rejudge import compare
from harness.judge import Claim, Finding, Limits, Verdict, judge
from harness.trace import Trace
from tests.evidence._campaign import SIGNER, campaign, seal_by_hand

_mood = {"version": 1}


@judge("tests.moody")
def moody(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """A judge that is not pure: what rejudging exists to find."""
    return Finding(verdict=Verdict.PASS, expected="the same as ever", seen=f"mood {_mood['version']}")


def test_rejudging_an_honest_bundle_agrees(bundle: Path) -> None:
    """Trace, plan and judges give the sealed verdicts."""
    report = verify(bundle, rejudge=True)
    assert (report.rejudged, report.differences, report.ok) == ("agrees", (), True)


def test_verdicts_that_do_not_follow_from_the_trace_are_found(evidence: Path, tmp_path: Path) -> None:
    """A laboratory that seals a "fail" as a "pass" signs consistently, and is found out by its own trace."""
    verdicts = msgspec.json.decode((evidence / "verdicts.json").read_bytes())
    verdicts["requirements"][0]["criteria"][0]["why"] = "because we like it"
    verdicts["decision"] = "HOLD"
    (evidence / "verdicts.json").write_bytes(msgspec.json.encode(verdicts))
    seal(evidence, tmp_path / "b.zip", SIGNER)
    assert verify(tmp_path / "b.zip").ok
    report = verify(tmp_path / "b.zip", rejudge=True)
    assert report.rejudged == "differs"
    assert not report.ok
    assert not report.holds
    assert report.differences == (
        'decision: sealed "HOLD", recomputed "GO"',
        'requirements[SC-04].criteria[SC-04.2].why: sealed "because we like it", recomputed "9.7 A"',
    )


def test_an_impure_judge_is_found(tmp_path: Path) -> None:
    """A judge whose word depends on anything but the trace does not survive rejudging."""
    seal(campaign(tmp_path / "evidence", judge_name="tests.moody"), tmp_path / "b.zip", SIGNER)
    assert verify(tmp_path / "b.zip", rejudge=True).rejudged == "agrees"
    _mood["version"] += 1
    try:
        (first, *_) = verify(tmp_path / "b.zip", rejudge=True).differences
    finally:
        _mood["version"] -= 1
    assert 'sealed "mood 1", recomputed "mood 2"' in first


def test_a_judge_that_changed_without_changing_the_verdict_is_a_note(evidence: Path, tmp_path: Path) -> None:
    """A judge improved since the campaign agrees: the reader is told, the evidence holds."""
    verdicts = msgspec.json.decode((evidence / "verdicts.json").read_bytes())
    verdicts["judge_versions"]["tests.current_at_most"] = "0" * 16
    (evidence / "verdicts.json").write_bytes(msgspec.json.encode(verdicts))
    seal(evidence, tmp_path / "b.zip", SIGNER)
    report = verify(tmp_path / "b.zip", rejudge=True)
    assert report.ok
    assert "the judge tests.current_at_most has changed since the campaign" in report.notes


def test_an_unknown_judge_is_no_verdict_on_the_evidence(tmp_path: Path) -> None:
    """A bundle of a later version may claim with judges we do not have: said plainly, and blamed on nobody."""
    seal(campaign(tmp_path / "evidence", judge_name="moon.phase"), tmp_path / "b.zip", SIGNER)
    report = verify(tmp_path / "b.zip", rejudge=True)
    assert report.rejudged == "not possible"
    assert report.holds
    assert not report.ok
    assert "no judge called moon.phase" in report.cannot[0]


def test_altered_evidence_is_not_judged_again(bundle: Path, sealed_raw: bytes) -> None:
    """Verdicts over an altered trace would mean nothing."""
    at = sealed_raw.find(b'"i_l1_a"')
    bundle.write_bytes(sealed_raw[:at] + b" " + sealed_raw[at + 1 :])
    report = verify(bundle, rejudge=True)
    assert report.rejudged == "not possible"
    assert "does not hold, so it was not judged again" in report.cannot[-1]


def test_a_newer_shape_is_said_and_not_called_altered(bundle: Path, sealed_raw: bytes) -> None:
    """plan/3 asks for a newer chargeproof: integrity is checked all the same, and nothing is called forged."""
    files = {n: bytes(d) for n, d in survey(sealed_raw).files.items()}
    files["plan.json"] = files["plan.json"].replace(b"chargeproof/plan/2", b"chargeproof/plan/3")
    seal_by_hand(files, SIGNER)
    bundle.write_bytes(_zip.build(sorted(files.items())))
    report = verify(bundle, rejudge=True)
    assert report.problems == ()
    assert report.cannot[0].startswith(
        "plan.json is of shape chargeproof/plan/3, this chargeproof reads chargeproof/plan/2"
    )
    assert report.rejudged == "not possible"


def test_a_newer_trace_is_said_and_not_called_altered(bundle: Path, sealed_raw: bytes) -> None:
    """A trace of a later shape stands only in the manifest; its lines are then not held against ours."""
    files = {n: bytes(d) for n, d in survey(sealed_raw).files.items()}
    files["trace.jsonl"] = b'{"other":"shape"}\n'
    seal_by_hand(files, SIGNER, trace_schema="chargeproof/trace/3")
    bundle.write_bytes(_zip.build(sorted(files.items())))
    report = verify(bundle)
    assert report.problems == ()
    assert report.cannot[0].startswith("trace.jsonl is of shape chargeproof/trace/3")


@pytest.mark.parametrize(
    ("sealed", "again", "said"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 0.1 + 0.2}, {"a": 0.3}, []),
        ({"a": 1}, {"a": 2}, ["a: sealed 1, recomputed 2"]),
        ({"a": True}, {"a": 1}, ["a: sealed true, recomputed 1"]),
        ({"a": None}, {}, ["a: sealed null, recomputed nothing"]),
        ({}, {"a": "x"}, ['a: sealed nothing, recomputed "x"']),
        ([1, 2], [1], [": sealed 2 entries, recomputed 1"]),
        ({"r": [{"id": "SC-04", "v": 1}]}, {"r": [{"id": "SC-04", "v": 2}]}, ["r[SC-04].v: sealed 1, recomputed 2"]),
    ],
)
def test_differences_are_named_by_path(sealed: object, again: object, said: list[str]) -> None:
    """Numbers may differ in their last digits, nothing else may; entries are named by their id."""
    assert compare(sealed, again) == said
