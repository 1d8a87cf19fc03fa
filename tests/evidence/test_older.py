"""A bundle that chargeproof 0.1.0 sealed: it still verifies and says what it said; nobody else judges it again."""

from __future__ import annotations

import lzma
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from harness.cli._main import cli
from harness.evidence import PublicKey, Signer, verify
from harness.evidence.bundle import _model, _zip
from harness.evidence.bundle._survey import survey
from tests.evidence._campaign import SIGNER, campaign, seal_by_hand

RAW = lzma.decompress(Path(__file__).with_name("bundle_0_1_0.zip.xz").read_bytes())


def run(*arguments: object) -> Result:
    """`chargeproof ARGUMENTS`, in this process."""
    return CliRunner().invoke(cli, [str(a) for a in arguments])


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """`chargeproof run --dut emulated -r SC-05.4` of 0.1.0, and its signer's key beside it."""
    (tmp_path / "old.zip").write_bytes(RAW)
    (tmp_path / "signer.pem").write_bytes(bytes(survey(RAW).files["signer.pub.pem"]))
    return tmp_path / "old.zip"


def test_it_holds_and_says_who_was_tested(old: Path) -> None:
    """Every byte, digest, line and the signature; who and when from its trace, by today's reading."""
    report = verify(old, PublicKey.from_pem(old.with_name("signer.pem")))
    assert (report.problems, report.cannot, report.signer, report.ok) == ((), (), "known", True)
    assert report.stated is not None and report.dut is not None
    who = report.stated.tested
    assert (who.serial, who.firmware, who.emulated, who.boots > 0) == ("EMU-0001", "1.4.2", True, True)
    assert (report.decision, report.partial, report.stated.narrowed) == ("GO", True, ("-r SC-05.4",))
    assert report.stated.depth == ""


def test_in_words_it_names_the_version_that_made_it(old: Path) -> None:
    """And what its trace does not bind; the exit code is 0."""
    ended = run("verify", old, "--integrity-only")
    assert ended.exit_code == 0, ended.output
    assert "serial EMU-0001, firmware 1.4.2, as the charger itself told" in ended.output
    assert "made by chargeproof 0.1.0: its trace does not bind plan, profile and catalogue" in ended.output
    assert "before the day of the test" in ended.output


def test_judging_it_again_is_refused_with_the_version_that_judged_it(old: Path) -> None:
    """Exit code 2: nothing speaks against it."""
    ended = run("verify", old, "--rejudge", "--integrity-only")
    assert ended.exit_code == 2
    assert "judged by chargeproof 0.1.0" in ended.output and "chargeproof/plan/1" in ended.output


def test_its_report_is_refused_in_words(old: Path, tmp_path: Path) -> None:
    """Exit code 2; the sentence names the shape, and no page is written."""
    ended = run("report", old, "--out", tmp_path / "r.html")
    assert ended.exit_code == 2 and "chargeproof/verdicts/1" in ended.output
    assert not (tmp_path / "r.html").exists()


@pytest.mark.parametrize(
    ("name", "old_text", "new_text", "words"),
    [
        ("trace.jsonl", b'"who":"dut"', b'"who":"ev"', "trace.jsonl: the contents were altered"),
        ("verdicts.json", b'"decision": "GO"', b'"decision": "HOLD"', "verdicts.json: the contents were altered"),
    ],
)
def test_an_alteration_is_found(old: Path, name: str, old_text: bytes, new_text: bytes, words: str) -> None:
    """The control: a rebuilt zip with other contents."""
    files = {n: bytes(d) for n, d in survey(RAW).files.items()}
    assert old_text in files[name]
    files[name] = files[name].replace(old_text, new_text, 1)
    old.write_bytes(_zip.build(sorted(files.items())))
    assert any(str(p).startswith(words) for p in verify(old).problems)


def test_a_real_charger_is_not_made_of_it(old: Path) -> None:
    """Signed anew with the right key, `emulated` set to false in plan, verdicts and statement: its trace says so."""
    files = {n: bytes(d) for n, d in survey(RAW).files.items()}
    for name in ("plan.json", "verdicts.json", "dut.json"):
        files[name] = files[name].replace(b'"emulated": true', b'"emulated": false')
    _resign(files)
    old.write_bytes(_zip.build(sorted(files.items())))
    assert any("shows an emulated one" in str(p) for p in verify(old, SIGNER.public).problems)


def test_a_plan_of_then_does_not_stand_beside_a_trace_of_now(tmp_path: Path) -> None:
    """Which would leave today's trace unbound: by its manifest and its first event it is of today."""
    from harness.evidence import seal

    seal(campaign(tmp_path / "evidence"), tmp_path / "b.zip", SIGNER)
    files = {n: bytes(d) for n, d in survey((tmp_path / "b.zip").read_bytes()).files.items()}
    then = survey(RAW).files
    files |= {name: bytes(then[name]) for name in ("plan.json", "verdicts.json", "dut.json")}
    seal_by_hand(files, SIGNER)
    (tmp_path / "b.zip").write_bytes(_zip.build(sorted(files.items())))
    assert any("was put in another's place" in str(p) for p in verify(tmp_path / "b.zip", SIGNER.public).problems)


@pytest.mark.parametrize("command", ["seal", "recover"])
def test_its_folder_is_sealed_by_its_own_version_alone(tmp_path: Path, command: str) -> None:
    """Unpacked, and sealed with today's program: today's judges have no word in it."""
    from harness.evidence import SealError, recover, seal

    for name, data in survey(RAW).files.items():
        path = tmp_path / "evidence" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    with pytest.raises(SealError, match="seal the folder with that version"):
        if command == "seal":
            seal(tmp_path / "evidence", tmp_path / "c.zip", Signer.generate())
        else:
            recover(tmp_path / "evidence")
    assert run("seal", tmp_path / "evidence", "--out", tmp_path / "c.zip").exit_code == 2


def _resign(files: dict[str, bytes]) -> None:
    """The statement of then, over these files, by a key of our own."""
    import base64
    import hashlib

    files["signer.pub.pem"] = SIGNER.public.pem
    manifest = msgspec.json.decode(files["manifest.json"])
    for entry in manifest["files"]:
        entry |= {"size": len(files[entry["path"]]), "sha256": hashlib.sha256(files[entry["path"]]).hexdigest()}
    files["manifest.json"] = _model.to_json(manifest)
    statement = msgspec.json.decode(base64.b64decode(msgspec.json.decode(files["attestation.dsse.json"])["payload"]))
    for subject in statement["subject"]:
        subject["digest"] = {"sha256": hashlib.sha256(files[subject["name"]]).hexdigest()}
    statement["predicate"]["emulated"] = False
    files["attestation.dsse.json"] = _model.to_json(SIGNER.envelope(_model.to_json(statement)))
