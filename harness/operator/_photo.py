"""Photographs as evidence: copied into the campaign's attachments folder under their own digest."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from harness.operator._model import BadAnswer

MOST_BYTES = 25_000_000
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".heic")
DRAWN = (".svg",)  # only from our own files, never uploaded


def keep_photo(content: bytes, name: str, prompt_id: str, folder: Path) -> tuple[Path, str]:
    """Store a photo; its path and SHA-256. The same photo to the same prompt is stored once. Raises BadAnswer."""
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES + DRAWN:
        raise BadAnswer(f"{Path(name).name!r} is no photo; send one of {', '.join(SUFFIXES)}")
    if not content:
        raise BadAnswer("the photo is empty")
    if len(content) > MOST_BYTES:
        raise BadAnswer(f"the photo has {len(content) / 1e6:.0f} MB; at most {MOST_BYTES / 1e6:.0f} MB are kept")
    digest = hashlib.sha256(content).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{re.sub(r'[^A-Za-z0-9._-]+', '-', prompt_id)[:60]}-{digest[:12]}{suffix}"
    path.write_bytes(content)
    return path, digest
