"""Photographs as evidence: copied into the campaign's attachments folder under their own digest."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from harness.operator._model import BadAnswer
from harness.operator._strip import NoPicture, kind_of, stripped
from harness.trace import picture_size

MOST_BYTES = 25_000_000
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
DRAWN = (".svg",)  # only from our own files, never uploaded


@dataclass(frozen=True)
class Photo:
    """A picture as it is kept: `content` without anything else that its file held (`removed_bytes`); sides in px."""

    content: bytes
    suffix: str
    width_px: int
    height_px: int
    removed_bytes: int


def checked_photo(content: bytes, name: str, least_px: float) -> Photo:
    """The picture in a file. Raises BadAnswer for what is none, or is too small to show anything.

    What it is says the file itself, not its name. `least_px` is the least that its shorter side may have.
    """
    suffix, shown = Path(name).suffix.lower(), Path(name).name[:80]
    if suffix not in SUFFIXES + DRAWN:
        raise BadAnswer(f"{shown!r} is no photo; send one of {', '.join(SUFFIXES)}")
    if not content:
        raise BadAnswer("the photo is empty")
    if len(content) > MOST_BYTES:
        raise BadAnswer(f"the photo has {len(content) / 1e6:.0f} MB; at most {MOST_BYTES / 1e6:.0f} MB are kept")
    kept, kind = content, suffix[1:]
    if suffix not in DRAWN:
        try:
            kept, kind = stripped(content), str(kind_of(content))
        except NoPicture as error:
            raise BadAnswer(f"{shown!r} is no picture that can be read: it {error}") from error
    size = picture_size(kept)
    if size is None:
        raise BadAnswer(f"{shown!r} is no picture that can be read")
    if min(size) < least_px:
        raise BadAnswer(f"the photo has {size[0]} x {size[1]} px, too small to show it: at least {least_px:g} a side")
    return Photo(kept, f".{kind}", *size, max(0, len(content) - len(kept)))


def keep_photo(
    content: bytes, name: str, prompt_id: str, folder: Path, least_px: float = 0
) -> tuple[Path, dict[str, object]]:
    """Store a photo; its path, and what the trace says of it: file, SHA-256, width and height in pixels.

    Where and when it was taken, comments, and what followed the picture are left out, and how much that was is said.
    The same photo to the same prompt is stored once. Raises BadAnswer.
    """
    photo = checked_photo(content, name, least_px)
    digest = hashlib.sha256(photo.content).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{re.sub(r'[^A-Za-z0-9._-]+', '-', prompt_id)[:60]}-{digest[:12]}{photo.suffix}"
    path.write_bytes(photo.content)
    said: dict[str, object] = {"file": path.name, "sha256": digest}
    said |= {"width_px": photo.width_px, "height_px": photo.height_px}
    return path, said | ({"removed_bytes": photo.removed_bytes} if photo.removed_bytes else {})
