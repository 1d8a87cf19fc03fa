"""Reading the evidence: folder and bundle alike, and nothing is reported on that was altered."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from reports import EvidenceError, load, render_html
from tests.reports._build import sealed


@pytest.fixture
def folder(scenes: dict[str, Path], tmp_path: Path) -> Path:
    """A copy of the GO's folder that may be damaged."""
    return Path(shutil.copytree(scenes["go"], tmp_path / "campaign"))


def test_a_bundle_reads_like_its_folder(folder: Path) -> None:
    """Same plan, verdicts, trace and attachments; only the bundle has a digest."""
    a, b = load(folder), load(sealed(folder))
    assert (a.plan, a.result, a.attachments, a.trace_head) == (b.plan, b.result, b.attachments, b.trace_head)
    assert list(a.trace) == list(b.trace)
    assert a.bundle_sha256 is None and b.bundle_sha256 is not None


def test_a_folder_inside_the_zip_is_looked_through(folder: Path, tmp_path: Path) -> None:
    """A bundle packed with its top folder is read as well."""
    path = tmp_path / "packed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.rglob("*"):
            archive.write(file, Path("top") / file.relative_to(folder))
    assert load(path).plan == load(folder).plan


def test_an_altered_trace_is_refused_and_the_line_named(folder: Path) -> None:
    """A report over forged evidence would lend it weight: there is none."""
    path = folder / "trace.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"status": ', b'"status" : ', 1).replace(b"16.0", b"15.0", 1))
    with pytest.raises(EvidenceError, match=r"trace was altered or is damaged: trace\.jsonl: line \d+"):
        load(folder)


def test_a_torn_last_line_is_allowed_only_of_an_interrupted_campaign(folder: Path) -> None:
    """A killed campaign's half line is dropped; in a finished one it is damage."""
    path = folder / "trace.jsonl"
    path.write_bytes(path.read_bytes() + b'{"seq":')
    with pytest.raises(EvidenceError, match="cut off"):
        load(folder)
    verdicts = folder / "verdicts.json"
    verdicts.write_bytes(verdicts.read_bytes().replace(b'"interrupted":false', b'"interrupted":true'))
    assert load(folder).result.interrupted


@pytest.mark.parametrize("name", ["verdicts.json", "plan.json", "trace.jsonl"])
def test_what_is_missing_is_named(folder: Path, name: str) -> None:
    """Without its main files there is no report, and the message says which one and what to do."""
    (folder / name).unlink()
    with pytest.raises(EvidenceError, match=rf"{name} missing.*chargeproof seal"):
        load(folder)


def test_a_wrong_shape_is_named(folder: Path) -> None:
    """A file of another shape gives the file and the place in it."""
    (folder / "plan.json").write_text('{"dut": 3}')
    with pytest.raises(EvidenceError, match=r"plan\.json does not have the documented shape: .*dut"):
        load(folder)


@pytest.mark.parametrize("name", ["verdicts.json", "plan.json"])
def test_evidence_of_an_earlier_shape_is_named_with_what_can_read_it(folder: Path, name: str) -> None:
    """A bundle of another major shape is not read wrongly: the message gives both shapes and where to turn."""
    path = folder / name
    shape = f"chargeproof/{name.removesuffix('.json')}"
    path.write_bytes(path.read_bytes().replace(f"{shape}/2".encode(), f"{shape}/1".encode()))
    with pytest.raises(EvidenceError, match=rf"{shape}/1, this version of chargeproof reads {shape}/2.*environment"):
        load(folder)


def test_neither_folder_nor_zip(tmp_path: Path) -> None:
    """A wrong path and a wrong file are told apart."""
    with pytest.raises(EvidenceError, match="no such evidence"):
        load(tmp_path / "nothing")
    (tmp_path / "x.zip").write_text("no zip")
    with pytest.raises(EvidenceError, match="neither an evidence folder nor a bundle"):
        load(tmp_path / "x.zip")


def test_the_smaller_files_may_be_absent_and_the_report_says_so(folder: Path) -> None:
    """Without dut.json and profile.yaml the declared facts are used, and the absence is told."""
    (folder / "dut.json").unlink()
    (folder / "profile.yaml").unlink()
    html = render_html(load(folder))
    assert "This evidence has no dut.json." in html and "This evidence has no profile.yaml." in html
    assert "NL-0042-7731" in html


def test_emulation_in_either_file_is_enough(folder: Path) -> None:
    """Verdicts that forget the label do not take it away."""
    path = folder / "verdicts.json"
    path.write_bytes(path.read_bytes().replace(b'"emulated":true', b'"emulated":false'))
    view = load(folder)
    assert view.emulated and "EMULATED" in render_html(view)
