"""How large a picture is, read from its first octets: PNG, JPEG, WebP, HEIC, and drawings (SVG)."""

from __future__ import annotations

import re

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # JPEG: markers that hold the size
_SIDE = r"\b{}=[\"'](\d{{1,5}})(?:px)?[\"']"


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None when it is no picture that can be read. Never raises, whatever it holds."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR" and len(content) >= 24:
        return _size(content[16:20], content[20:24])
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    if content[4:8] == b"ftyp":
        return _heic(content)
    if b"<svg" in content[:1000]:
        return _svg(content[:4000].decode("utf-8", "replace"))
    return None


def _size(width: bytes, height: bytes) -> tuple[int, int] | None:
    found = int.from_bytes(width), int.from_bytes(height)
    return found if min(found) > 0 else None


def _jpeg(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _FRAMES:
            return _size(content[at + 7 : at + 9], content[at + 5 : at + 7])
        bare = marker == 0xFF or 0xD0 <= marker <= 0xD9  # filling, and marks without a length
        at += 1 if marker == 0xFF else 2 if bare else 2 + max(2, int.from_bytes(content[at + 2 : at + 4]))
    return None


def _webp(content: bytes) -> tuple[int, int] | None:
    kind, data = content[12:16], content[20:30]
    if len(data) < 10:
        return None
    if kind == b"VP8X":
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    if kind == b"VP8L" and data[0] == 0x2F:
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and data[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF
    return None


def _heic(content: bytes) -> tuple[int, int] | None:
    """The largest image of it: its thumbnails and tiles tell their sizes in the same way."""
    head = content[:65536]
    found = [
        _size(head[at + 8 : at + 12], head[at + 12 : at + 16])
        for at in (match.start() for match in re.finditer(b"ispe", head))
        if at + 16 <= len(head)
    ]
    return max((each for each in found if each), key=lambda each: each[0] * each[1], default=None)


def _svg(text: str) -> tuple[int, int] | None:
    root = text[text.index("<svg") :].partition(">")[0]
    width, height = (re.search(_SIDE.format(name), root) for name in ("width", "height"))
    return (int(width[1]), int(height[1])) if width and height and int(width[1]) and int(height[1]) else None
