"""Small helpers for asking in tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.trace import Recorder

PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 10


def recorder(folder: Path) -> Recorder:
    """A recorder into the test's folder."""
    return Recorder(folder / "trace.jsonl")


def data_of(rec: Recorder, kind: str) -> list[dict[str, Any]]:
    """The data of all events of a kind."""
    return [event.data for event in rec.events if event.kind == kind]
