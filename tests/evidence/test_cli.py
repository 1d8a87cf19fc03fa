"""chargeproof verify and seal as a person meets them: sentences, JSON and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harness import evidence as evidence_room
from harness.cli.evidence.seal import seal as seal_command
from harness.cli.evidence.verify import verify as verify_command
from harness.evidence import Signer, verify
from tests.evidence._campaign import SIGNER, campaign


def run(command: object, *arguments: object) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(command, [str(a) for a in arguments])  # type: ignore[arg-type]


@pytest.fixture
def public_key(tmp_path: Path) -> Path:
    """The signer's public key, as it would be got from the signer."""
    path = tmp_path / "signer.pem"
    path.write_bytes(SIGNER.public.pem)
    return path


def test_without_a_key_the_headline_is_integrity_only_and_the_exit_code_4(bundle: Path) -> None:
    """Whole, but signed by anybody: the first and the last line say so; an emulated charger is called so."""
    result = run(verify_command, bundle)
    assert result.exit_code == 4
    lines = result.output.splitlines()
    assert lines[0] == "INTEGRITY ONLY, SIGNER UNKNOWN"
    assert lines[-1].startswith("Integrity only, signer unknown")
    assert "States: GO for Acme BiDi-22, as the charger itself told" in result.output
    assert "declared only, nothing on the wire tells: serial A-17, firmware 1.4.2" in result.output
    assert "an emulated charger, no real one" in result.output
    assert "The evidence holds." not in result.output


def test_integrity_only_is_0_where_it_was_asked_for_and_says_so(bundle: Path, sealed_raw: bytes) -> None:
    """The words stay the same, and what was altered is still altered."""
    result = run(verify_command, bundle, "--integrity-only")
    assert result.exit_code == 0
    assert result.output.startswith("INTEGRITY ONLY, SIGNER UNKNOWN\n")
    assert result.output.endswith("Integrity only, signer unknown; you said that this is enough.\n")
    bundle.write_bytes(sealed_raw + b"x")
    assert run(verify_command, bundle, "--integrity-only").exit_code == 1


def test_json_gives_the_exit_code_too(bundle: Path, public_key: Path) -> None:
    """Whoever reads the file later sees what the shell saw."""
    assert json.loads(run(verify_command, bundle, "--json").output)["exit_code"] == 4
    assert json.loads(run(verify_command, bundle, "--json", "--key", public_key).output)["exit_code"] == 0


def test_with_the_key_the_signer_is_known(bundle: Path, public_key: Path) -> None:
    """Then nothing is said of an unknown signer."""
    result = run(verify_command, bundle, "--key", public_key, "--rejudge")
    assert result.exit_code == 0
    assert result.output.startswith("HOLDS\n") and result.output.endswith("The evidence holds.\n")
    assert "Signed by the key you gave" in result.output
    assert "Judged again from the trace: every verdict agrees." in result.output
    assert "unknown" not in result.output


def test_an_altered_bundle_exits_1_and_names_the_line(bundle: Path, sealed_raw: bytes) -> None:
    """What was altered is named in a sentence."""
    bundle.write_bytes(sealed_raw.replace(b'"i_l1_a":9.', b'"i_l1_a":8.', 1))
    result = run(verify_command, bundle)
    assert result.exit_code == 1
    assert "trace.jsonl: line 5 was altered" in result.output
    assert result.output.endswith("The evidence DOES NOT HOLD.\n")


def test_the_wrong_key_exits_1(bundle: Path, tmp_path: Path) -> None:
    """Signed by somebody else than expected does not hold."""
    other = tmp_path / "other.pem"
    other.write_bytes(Signer.generate().public.pem)
    result = run(verify_command, bundle, "--key", other)
    assert result.exit_code == 1
    assert "not by the key you gave" in result.output


@pytest.mark.parametrize("spoil", ["absent", "pdf", "key"])
def test_what_cannot_be_read_exits_2(bundle: Path, tmp_path: Path, spoil: str) -> None:
    """No file, another kind of file, no key: usage, not a verdict on evidence."""
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    arguments = {
        "absent": [tmp_path / "none.zip"],
        "pdf": [tmp_path / "x.pdf"],
        "key": [bundle, "--key", tmp_path / "x.pdf"],
    }[spoil]
    result = run(verify_command, *arguments)
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 1


def test_what_this_version_cannot_judge_exits_2(tmp_path: Path) -> None:
    """Unknown judges: nothing speaks against the evidence, and the sentence says what to do."""
    evidence_room.seal(campaign(tmp_path / "e", judge_name="moon.phase"), tmp_path / "b.zip", SIGNER)
    result = run(verify_command, tmp_path / "b.zip", "--rejudge")
    assert result.exit_code == 2
    assert "Cannot be checked: this chargeproof has no judge called moon.phase" in result.output


def test_a_fault_of_ours_exits_3(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own exception is never shown as broken evidence."""
    monkeypatch.setattr(evidence_room, "verify", lambda *_: 1 / 0)
    result = run(verify_command, bundle)
    assert result.exit_code == 3
    assert "chargeproof itself failed (this is not the charger's fault): ZeroDivisionError" in result.output


def test_json_carries_the_same_findings(bundle: Path, sealed_raw: bytes) -> None:
    """For programs: the same problems with file, line and offset."""
    bundle.write_bytes(sealed_raw + b"x")
    result = run(verify_command, bundle, "--json")
    assert result.exit_code == 1
    report = json.loads(result.output)
    assert report["ok"] is False
    assert report["problems"][0]["offset"] == len(sealed_raw)


def test_seal_takes_a_killed_run(tmp_path: Path) -> None:
    """Given the campaign's folder it finds the evidence, says that it was interrupted, and the bundle verifies."""
    campaign(tmp_path / "c1" / "evidence", to_the_end=False)
    result = run(seal_command, tmp_path / "c1")
    assert result.exit_code == 1, result.output  # sealed, and a HOLD
    assert "The run was interrupted" in result.output
    assert "HOLD, 10 events" in result.output
    assert "made for this bundle" in result.output
    assert verify(tmp_path / "c1" / "bundle.zip", rejudge=True).ok


def test_seal_with_a_key_and_a_place(evidence: Path, tmp_path: Path) -> None:
    """--key and --out are used."""
    (tmp_path / "mine.pem").write_bytes(SIGNER.to_pem())
    result = run(seal_command, evidence, "--key", tmp_path / "mine.pem", "--out", tmp_path / "x.zip")
    assert result.exit_code == 0, result.output
    assert verify(tmp_path / "x.zip", SIGNER.public).signer == "known"


def test_seal_of_nothing_exits_2(tmp_path: Path) -> None:
    """A folder without a plan holds no evidence."""
    result = run(seal_command, tmp_path)
    assert result.exit_code == 2
    assert "plan.json is missing" in result.output
