"""What a campaign keeps of the papers that were reviewed, and what it asks of a photograph."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path

from harness.campaign import Request
from harness.campaign._papers import _keep
from harness.campaign._run import plan_for
from harness.documents import load_documents
from harness.emulator.panel._picture import draw_panel
from harness.profile import load_profile
from harness.trace import picture_size
from requirement_catalog import sample_documents


def test_every_file_of_the_folder_is_kept_and_its_digest_told(tmp_path: Path) -> None:
    """Papers, their records and the register of duties: the trace binds each by what it held when it was read."""
    documents = load_documents(sample_documents(), as_of=datetime.date(2026, 11, 22))
    digests = _keep(documents, tmp_path / "kept")
    assert set(digests) == {p.name for p in sample_documents().iterdir() if p.is_file()}
    assert "gen-03-duty-register.yaml" in digests
    for name, digest in digests.items():
        assert hashlib.sha256((tmp_path / "kept" / name).read_bytes()).hexdigest() == digest


def test_a_photograph_s_size_is_the_tender_s_to_say(tmp_path: Path) -> None:
    """The case gets it by its role; the emulated charger's drawn panel is large enough."""
    profile, path = load_profile("emulated")
    limit = plan_for(Request(profile, path, tmp_path)).limits["SITE-MARK.P001"]["photo"]
    size = picture_size(draw_panel(tmp_path, "M", "marked", (0, 0, 0)).read_bytes())
    assert (limit.name, limit.value, limit.unit) == ("inspection.photo_side", 480, "px")
    assert size == (800, 1120) and min(size) >= limit.value
