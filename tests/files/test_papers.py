"""What comes from a supplier as a folder of papers is read and copied only as far as it lies in that folder."""

from __future__ import annotations

import hashlib
from pathlib import Path

from harness.campaign._papers import _keep
from harness.documents import load_documents

RECORD = """title: A certificate
kind: certificate
proves: [SC-04.1]
issued: 2026-01-01
file: {file}
sha256: {digest}
"""


def papers(folder: Path) -> Path:
    """A folder with one paper in it, and one that is a link to something of ours."""
    inside = folder / "papers"
    inside.mkdir()
    (folder / "private.key").write_bytes(b"nobody's business")
    (inside / "real.pdf").write_bytes(b"a paper")
    (inside / "stolen.pdf").symlink_to(folder / "private.key")
    for name in ("real", "stolen"):
        digest = hashlib.sha256((inside / f"{name}.pdf").read_bytes()).hexdigest()
        (inside / f"{name}.yaml").write_text(RECORD.format(file=f"{name}.pdf", digest=digest))
    return inside


def test_a_link_out_of_the_folder_is_no_paper(tmp_path: Path) -> None:
    """It is said as that, and neither read nor copied into the evidence; the real one is both."""
    documents = load_documents(papers(tmp_path))
    found = {paper.source: paper for paper in documents.papers}
    assert found["stolen.yaml"].file_sha256 is None
    assert "is a link that leads out of the folder" in str(found["stolen.yaml"].file_problem)
    assert found["real.yaml"].file_problem is None
    kept = _keep(documents, tmp_path / "kept")
    assert set(kept) == {"real.pdf", "real.yaml", "stolen.yaml"}
    assert not any(b"nobody" in each.read_bytes() for each in (tmp_path / "kept").iterdir())
