"""Small helpers for asking in tests."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

from harness.trace import Recorder


def png(width: int = 640, height: int = 480) -> bytes:
    """A black picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = (b"\0" * (1 + (width + 7) // 8)) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PNG = png()


def recorder(folder: Path) -> Recorder:
    """A recorder into the test's folder."""
    return Recorder(folder / "trace.jsonl")


def data_of(rec: Recorder, kind: str) -> list[dict[str, Any]]:
    """The data of all events of a kind."""
    return [event.data for event in rec.events if event.kind == kind]
