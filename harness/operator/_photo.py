"""Photographs as evidence: copied into the campaign's attachments folder under their own digest."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from harness.operator._model import BadAnswer
from harness.trace import picture_size

MOST_BYTES = 25_000_000
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".heic")
DRAWN = (".svg",)  # only from our own files, never uploaded


def check_photo(content: bytes, name: str, least_px: float) -> tuple[int, int]:
    """A photo's width and height in pixels. Raises BadAnswer for what is none, or is too small to show anything.

    `least_px` is the least that its shorter side may have.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES + DRAWN:
        raise BadAnswer(f"{Path(name).name!r} is no photo; send one of {', '.join(SUFFIXES)}")
    if not content:
        raise BadAnswer("the photo is empty")
    if len(content) > MOST_BYTES:
        raise BadAnswer(f"the photo has {len(content) / 1e6:.0f} MB; at most {MOST_BYTES / 1e6:.0f} MB are kept")
    size = picture_size(content)
    if size is None:
        raise BadAnswer(f"{Path(name).name!r} is no picture that can be read")
    if min(size) < least_px:
        raise BadAnswer(f"the photo has {size[0]} x {size[1]} px, too small to show it: at least {least_px:g} a side")
    return size


def keep_photo(
    content: bytes, name: str, prompt_id: str, folder: Path, least_px: float = 0
) -> tuple[Path, dict[str, object]]:
    """Store a photo; its path, and what the trace says of it: file, SHA-256, width and height in pixels.

    The same photo to the same prompt is stored once. Raises BadAnswer.
    """
    width, height = check_photo(content, name, least_px)
    suffix = Path(name).suffix.lower()
    digest = hashlib.sha256(content).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{re.sub(r'[^A-Za-z0-9._-]+', '-', prompt_id)[:60]}-{digest[:12]}{suffix}"
    path.write_bytes(content)
    return path, {"file": path.name, "sha256": digest, "width_px": width, "height_px": height}
