"""Tampering by somebody who knows zips: rebuilt archives, doubled files, unsafe names, bombs, forged verdicts."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.evidence import NotABundle, Signer, seal, verify
from harness.evidence.bundle import _model, _zip
from harness.evidence.bundle._survey import survey
from tests.evidence._campaign import SIGNER, seal_by_hand

Files = dict[str, bytes]


@pytest.fixture
def rebuilt(bundle: Path, sealed_raw: bytes) -> Callable[..., list[str]]:
    """Rebuild the bundle canonically with other files, and say what verification finds."""

    def rebuild(change: Callable[[Files], None], **how: object) -> list[str]:
        files = {name: bytes(data) for name, data in survey(sealed_raw).files.items()}
        change(files)
        bundle.write_bytes(_zip.build(sorted(files.items())))
        return [str(p) for p in verify(bundle, **how).problems]  # type: ignore[arg-type]

    return rebuild


def test_an_honest_rebuild_is_byte_for_byte_the_same(
    rebuilt: Callable[..., list[str]], bundle: Path, sealed_raw: bytes
) -> None:
    """Taking a bundle apart and building it again changes nothing."""
    assert rebuilt(lambda files: None) == []
    assert bundle.read_bytes() == sealed_raw


def test_other_zip_tools_read_a_bundle(bundle: Path) -> None:
    """Canonical is still a zip: the standard library lists it, checks its checksums and reads it."""
    with zipfile.ZipFile(bundle) as archive:
        assert archive.testzip() is None
        assert "attachments/Ladesäule.txt" in archive.namelist()
        assert archive.namelist() == sorted(archive.namelist())


def test_a_changed_verdict_is_found(rebuilt: Callable[..., list[str]]) -> None:
    """A rebuilt zip has right checksums; the signed digest finds it all the same."""
    found = rebuilt(
        lambda f: f.update({"verdicts.json": f["verdicts.json"].replace(b'"emulated": true', b'"emulated": false')})
    )
    assert found == ["verdicts.json: the contents were altered: its SHA-256 is not the one in the signed statement"]


def test_an_added_and_a_missing_file_are_found(rebuilt: Callable[..., list[str]]) -> None:
    """A file nobody signed for, and one that was signed for and is gone."""
    assert rebuilt(lambda f: f.update({"extra.txt": b"hi"})) == [
        "extra.txt: is in the bundle, but the signed statement does not list it"
    ]
    assert rebuilt(lambda f: f.pop("profile.yaml") and None) == [
        "profile.yaml: is listed in the signed statement, but is not in the bundle"
    ]


def test_a_verdict_changed_together_with_the_manifest(rebuilt: Callable[..., list[str]]) -> None:
    """Mending the manifest does not help: the statement signs the manifest's digest too."""

    def change(files: Files) -> None:
        files["verdicts.json"] = files["verdicts.json"].replace(b"GO", b"NO")
        manifest = msgspec.json.decode(files["manifest.json"])
        entry = next(e for e in manifest["files"] if e["path"] == "verdicts.json")
        entry["sha256"] = hashlib.sha256(files["verdicts.json"]).hexdigest()
        files["manifest.json"] = msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"

    named = {line.split(":")[0] for line in rebuilt(change)}
    assert named == {"verdicts.json", "manifest.json"}


def test_a_bundle_without_its_attestation(rebuilt: Callable[..., list[str]]) -> None:
    """Taking the signature out does not turn a forgery into "integrity only"."""
    assert rebuilt(lambda f: f.pop("attestation.dsse.json") and None) == [
        "attestation.dsse.json: is missing: nobody has signed this bundle"
    ]


def test_a_forger_who_seals_anew_is_unknown(tmp_path: Path, evidence: Path) -> None:
    """With another key a whole new bundle can be made: without --key the report says "unknown", with it, it fails."""
    forged = tmp_path / "forged.zip"
    seal(evidence, forged, Signer.generate())
    assert verify(forged).signer == "unknown"
    problems = [str(p) for p in verify(forged, SIGNER.public).problems]
    assert len(problems) == 1
    assert "not by the key you gave" in problems[0]


def test_a_signer_who_states_what_the_files_do_not_say(tmp_path: Path, evidence: Path) -> None:
    """A statement "GO, not emulated" over an emulated run is a false statement, even if signed rightly."""
    seal(evidence, tmp_path / "b.zip", SIGNER)
    files = {n: bytes(d) for n, d in survey((tmp_path / "b.zip").read_bytes()).files.items()}
    envelope = msgspec.json.decode(files["attestation.dsse.json"])
    payload = base64.b64decode(envelope["payload"]).replace(b'"emulated": true', b'"emulated": false')
    files["attestation.dsse.json"] = _model.to_json(SIGNER.envelope(payload))
    (tmp_path / "b.zip").write_bytes(_zip.build(sorted(files.items())))
    assert [str(p) for p in verify(tmp_path / "b.zip", SIGNER.public).problems] == [
        "attestation.dsse.json: states emulated False, but the bundle's files say True"
    ]


def test_a_name_that_stands_twice(bundle: Path, sealed_raw: bytes) -> None:
    """Two files of one name: which one a tool shows is chance, so it is named."""
    files = [(n, bytes(d)) for n, d in survey(sealed_raw).files.items()]
    files.insert(0, ("verdicts.json", b"{}"))
    bundle.write_bytes(_zip.build(sorted(files)))
    assert "verdicts.json: stands 2 times in the bundle" in [str(p) for p in verify(bundle).problems]


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "a/../../b", "c:\\evil", "a\\b", "a//b", "nul\x00l", "x" * 300]
)
def test_unsafe_names_are_named_and_never_unpacked(
    rebuilt: Callable[..., list[str]], name: str, tmp_path: Path
) -> None:
    """Nothing is written to disk while verifying, and a name that leaves its folder is a finding."""
    before = sorted(tmp_path.rglob("*"))
    assert any(p.startswith("zip: the name") for p in rebuilt(lambda f: f.update({name: b"x"})))
    assert sorted(tmp_path.rglob("*")) == before


def test_a_symbolic_link_is_no_file(bundle: Path, sealed_raw: bytes) -> None:
    """A link in a zip is a file with other attributes; any attribute but ours is named."""
    at = sealed_raw.rfind(b"profile.yaml") - 46 + 38
    bundle.write_bytes(sealed_raw[:at] + (0o120777 << 16).to_bytes(4, "little") + sealed_raw[at + 4 :])
    (problem,) = verify(bundle).problems
    assert "external attributes" in problem.what
    assert "profile.yaml" in problem.what


def test_a_zip_bomb_is_not_inflated(bundle: Path) -> None:
    """Deflated contents are not ours: 64 MB in 64 KB are refused by their header, unread."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("trace.jsonl", b"\0" * (64 << 20))
    bundle.write_bytes(out.getvalue())
    words = " ".join(str(p) for p in verify(bundle).problems)
    assert "compression method" in words


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """A sparse file of 2 GiB is no bundle; nothing of it is read."""
    path = tmp_path / "huge.zip"
    with path.open("wb") as file:
        file.truncate(2 << 30)
    with pytest.raises(NotABundle, match="a bundle has at most"):
        verify(path)


def test_something_else_than_a_zip(tmp_path: Path) -> None:
    """A PDF given by mistake is told apart from a damaged bundle."""
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(NotABundle, match="no zip file"):
        verify(tmp_path / "report.pdf")
    with pytest.raises(NotABundle, match="is not a file"):
        verify(tmp_path)


def test_any_other_zip_is_no_bundle(bundle: Path) -> None:
    """A zip of holiday pictures lacks what a bundle has."""
    bundle.write_bytes(_zip.build([("beach.jpg", b"\xff\xd8")]))
    words = [str(p) for p in verify(bundle).problems]
    assert "manifest.json: is missing" in words
    assert "trace.jsonl: is missing" in words


def test_the_key_given_must_have_signed(bundle: Path) -> None:
    """With the signer's key the signer is known."""
    assert verify(bundle, SIGNER.public).signer == "known"
    assert verify(bundle, SIGNER.public).ok


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_hostile_contents_in_a_well_sealed_bundle_never_crash(
    bundle: Path, sealed_raw: bytes, data: st.DataObject
) -> None:
    """Whoever has a key of his own can seal anything: any JSON in place of any part of any file ends in a report."""
    files = {n: bytes(d) for n, d in survey(sealed_raw).files.items()}
    name = data.draw(st.sampled_from(["plan.json", "verdicts.json", "dut.json", "environment.json", "trace.jsonl"]))
    whole = msgspec.json.decode(files[name].split(b"\n")[0] if name == "trace.jsonl" else files[name])
    part = whole
    while data.draw(st.booleans()) and isinstance(part, dict | list) and part:
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(part[key], dict | list) or not part[key]:
            break
        part = part[key]
    if isinstance(part, dict) and part:
        part[data.draw(st.sampled_from(sorted(part)))] = data.draw(_JSON)
    files[name] = msgspec.json.encode(whole) + b"\n"
    seal_by_hand(files, SIGNER)
    bundle.write_bytes(_zip.build(sorted(files.items())))
    assert verify(bundle, rejudge=True).signer == "unknown"
