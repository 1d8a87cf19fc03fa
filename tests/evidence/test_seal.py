"""Sealing: what goes in, what is refused and how that is said, and that the same evidence gives the same bytes."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import msgspec
import pytest

from harness.evidence import KeyFault, PublicKey, SealError, Signer, seal, verify
from harness.evidence.bundle import _zip
from harness.evidence.bundle._survey import survey
from harness.evidence.signing._sign import pre_authentication
from harness.trace import Recorder
from tests.evidence._campaign import CASE, SIGNER, campaign, judged, the_plan


def test_the_same_evidence_gives_the_same_bytes(tmp_path: Path, sealed_raw: bytes) -> None:
    """Neither the clock, nor the folder's name, file times or permissions leave a mark."""
    evidence = campaign(tmp_path / "elsewhere")
    (evidence / "profile.yaml").chmod(0o600)
    sealed = seal(evidence, tmp_path / "again.zip", SIGNER)
    assert (tmp_path / "again.zip").read_bytes() == sealed_raw
    assert sealed.sha256 == hashlib.sha256(sealed_raw).hexdigest()
    assert (sealed.decision, sealed.events, sealed.files) == ("GO", 10, 12)


def test_the_statement_is_in_toto_in_a_dsse_envelope(sealed_raw: bytes) -> None:
    """Checked by hand, with nothing of ours but the key: envelope, signature, statement, subjects, predicate."""
    files = survey(sealed_raw).files
    envelope = msgspec.json.decode(files["attestation.dsse.json"])
    payload = base64.b64decode(envelope["payload"])
    assert envelope["payloadType"] == "application/vnd.in-toto+json"
    signed = b"DSSEv1 28 application/vnd.in-toto+json %d %s" % (len(payload), payload)
    assert signed == pre_authentication(envelope["payloadType"], payload)
    assert SIGNER.public.verifies(base64.b64decode(envelope["signatures"][0]["sig"]), signed)
    statement = msgspec.json.decode(payload)
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicateType"] == "https://chargeproof.example/acceptance/v2"
    subjects = {s["name"]: s["digest"]["sha256"] for s in statement["subject"]}
    assert subjects == {n: hashlib.sha256(d).hexdigest() for n, d in files.items() if n != "attestation.dsse.json"}
    predicate = statement["predicate"]
    assert (predicate["decision"], predicate["emulated"], predicate["interrupted"]) == ("GO", True, False)
    assert predicate["tested"] == {"manufacturer": "Acme", "model": "BiDi-22", "serial": "", "firmware": ""}
    assert (predicate["dut"]["serial"], predicate["began"][:10], predicate["depth"]) == ("A-17", "2026-11-22", "short")


def test_the_manifest_lists_every_other_file(sealed_raw: bytes) -> None:
    """Path, size and SHA-256 of each, and the trace's end; `created` is the last event's time."""
    files = survey(sealed_raw).files
    manifest = msgspec.json.decode(files["manifest.json"])
    assert {e["path"]: (e["size"], e["sha256"]) for e in manifest["files"]} == {
        n: (len(d), hashlib.sha256(d).hexdigest())
        for n, d in files.items()
        if n not in ("manifest.json", "attestation.dsse.json")
    }
    last = bytes(files["trace.jsonl"]).split(b"\n")[-2]
    assert manifest["trace"] == {
        "schema": "chargeproof/trace/2",
        "head": hashlib.sha256(last).hexdigest(),
        "events": 10,
    }
    assert manifest["created"] == msgspec.json.decode(last)["utc"]


def test_the_documented_check_needs_nothing_of_ours(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program in docs/evidence-predicate.md accepts a bundle as it stands, and refuses one with another trace."""
    page = (Path(__file__).parents[2] / "docs" / "evidence-predicate.md").read_text()
    program = page.partition("```python\n")[2].partition("```")[0]
    (tmp_path / "signer.pem").write_bytes(SIGNER.public.pem)
    monkeypatch.chdir(tmp_path)
    exec(program, {})
    files = {name: bytes(data) for name, data in survey(bundle.read_bytes()).files.items()}
    files["trace.jsonl"] = files["trace.jsonl"].replace(b'"i_l1_a":9.', b'"i_l1_a":8.')
    bundle.write_bytes(_zip.build(sorted(files.items())))
    with pytest.raises(AssertionError):
        exec(program, {})


def test_the_key_id_is_the_hash_of_the_public_key(tmp_path: Path) -> None:
    """keyid = SHA-256 of SubjectPublicKeyInfo (DER): what `openssl pkey -pubin -outform DER | sha256sum` prints."""
    der = base64.b64decode(b"".join(SIGNER.public.pem.splitlines()[1:-1]))
    assert SIGNER.public.keyid == hashlib.sha256(der).hexdigest()
    assert Signer.from_pem(SIGNER.to_pem()).public.keyid == SIGNER.public.keyid
    assert Signer.generate().public.keyid != Signer.generate().public.keyid


@pytest.mark.parametrize("missing", ["trace.jsonl", "plan.json", "verdicts.json", "dut.json", "environment.json"])
def test_a_missing_file_is_named(evidence: Path, tmp_path: Path, missing: str) -> None:
    """Evidence without one of its five pillars is not sealed."""
    (evidence / missing).unlink()
    with pytest.raises(SealError, match=f"{missing}: is missing"):
        seal(evidence, tmp_path / "b.zip", SIGNER)
    assert not (tmp_path / "b.zip").exists()


def test_a_broken_trace_is_not_sealed(evidence: Path, tmp_path: Path) -> None:
    """The line is named; a torn tail points to the command that recovers it."""
    trace = evidence / "trace.jsonl"
    whole = trace.read_bytes()
    trace.write_bytes(whole.replace(b'"i_l1_a":9.', b'"i_l1_a":8.'))
    with pytest.raises(SealError, match="line 6 does not follow line 5"):
        seal(evidence, tmp_path / "b.zip", SIGNER)
    trace.write_bytes(whole[:-1])
    with pytest.raises(SealError, match=r"line 10 is cut off.*chargeproof seal"):
        seal(evidence, tmp_path / "b.zip", SIGNER)


def test_a_file_of_the_wrong_shape_is_not_sealed(evidence: Path, tmp_path: Path) -> None:
    """The JSON path and what was expected are named."""
    plan = evidence / "plan.json"
    plan.write_bytes(plan.read_bytes().replace(b'"evaluation_date": "2026-11-22"', b'"evaluation_date": 20261122'))
    with pytest.raises(SealError, match=r"plan.json: does not fit its schema at evaluation_date: .*string"):
        seal(evidence, tmp_path / "b.zip", SIGNER)


def test_a_symbolic_link_is_not_followed(evidence: Path, tmp_path: Path) -> None:
    """A link could carry /etc/shadow into a bundle."""
    (evidence / "attachments" / "photo.jpg").symlink_to("/etc/hostname")
    with pytest.raises(SealError, match=r"attachments/photo.jpg is a symbolic link"):
        seal(evidence, tmp_path / "b.zip", SIGNER)


def test_a_private_key_is_not_sealed(evidence: Path, tmp_path: Path) -> None:
    """A key that was left in the folder does not travel to strangers."""
    (evidence / "attachments" / "station.pem").write_bytes(SIGNER.to_pem())
    with pytest.raises(SealError, match=r"attachments/station.pem holds a private key"):
        seal(evidence, tmp_path / "b.zip", SIGNER)


def test_unsafe_and_colliding_names_are_refused(evidence: Path, tmp_path: Path) -> None:
    """A name that some system cannot unpack, and two that overwrite each other on another."""
    (evidence / "attachments" / "a:b.txt").touch()
    with pytest.raises(SealError, match="rename the file"):
        seal(evidence, tmp_path / "b.zip", SIGNER)
    (evidence / "attachments" / "a:b.txt").unlink()
    (evidence / "attachments" / "Photo.txt").touch()
    (evidence / "attachments" / "photo.txt").touch()
    with pytest.raises(SealError, match="differ only in case"):
        seal(evidence, tmp_path / "b.zip", SIGNER)


def test_the_bundle_may_not_lie_in_its_own_folder(evidence: Path) -> None:
    """It would be part of the evidence the next time."""
    with pytest.raises(SealError, match="inside the evidence folder"):
        seal(evidence, evidence / "b.zip", SIGNER)


def test_an_unpacked_bundle_can_be_sealed_again(tmp_path: Path, sealed_raw: bytes) -> None:
    """manifest, attestation and key of the earlier sealing are made anew, so the same bytes come out."""
    for name, data in survey(sealed_raw).files.items():
        path = tmp_path / "unpacked" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    seal(tmp_path / "unpacked", tmp_path / "again.zip", SIGNER)
    assert (tmp_path / "again.zip").read_bytes() == sealed_raw


def test_the_plans_catalogue_must_be_the_one_enclosed(evidence: Path, tmp_path: Path) -> None:
    """A catalogue with another digest than the plan was made from explains nothing."""
    (evidence / "catalogue.json").write_text('{"digest": "dddd"}')
    with pytest.raises(SealError, match="the plan was made from cccc"):
        seal(evidence, tmp_path / "b.zip", SIGNER)


def test_a_key_of_another_kind_is_refused() -> None:
    """The sentence says what would be right."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with pytest.raises(KeyFault, match="openssl genpkey -algorithm ed25519"):
        Signer.from_pem(pem)
    with pytest.raises(KeyFault, match="not a public key"):
        PublicKey.from_pem(b"hello")


def test_a_sealed_bundle_verifies(bundle: Path) -> None:
    """The control of all the tests that spoil one."""
    report = verify(bundle)
    assert report.ok
    assert (report.signer, report.decision, report.events, report.emulated) == ("unknown", "GO", 10, True)


@pytest.mark.parametrize(("narrowed", "refused"), [(("-r SC-04",), False), ((), True)])
def test_a_case_of_a_selection_may_claim_for_criteria_outside_it(
    tmp_path: Path, narrowed: tuple[str, ...], refused: bool
) -> None:
    """A case serves several criteria; only the plan of a whole run holds every one of which something was claimed."""
    evidence = campaign(tmp_path / "evidence", the_plan(narrowed=narrowed))
    recorder = Recorder.append_to(evidence / "trace.jsonl")
    recorder.case = CASE
    recorder.record("claim", "harness", {"criterion": "SC-09.3", "judge": "tests.current_at_most", "params": {}})
    recorder.close()
    if refused:
        with pytest.raises(SealError, match=r"does not hold criterion SC-09.3, of which something was claimed"):
            seal(evidence, tmp_path / "bundle.zip", SIGNER)
    else:
        judged(evidence)
        seal(evidence, tmp_path / "bundle.zip", SIGNER)
        assert verify(tmp_path / "bundle.zip").ok
