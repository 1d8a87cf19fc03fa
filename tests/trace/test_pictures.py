"""The size of a picture, from its octets."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.trace import picture_size
from tests.operator._ask import png

JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 10  # a header of 16 octets, its length counted
    + b"\xff\xff\xc4\x00\x04\0\0"  # filling, then a table, which is no frame
    + b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", 480, 640) + b"\x03"
)  # fmt: skip
RIFF = b"RIFF\0\0\0\0WEBP"
VP8X = RIFF + b"VP8X" + b"\x0a\0\0\0" + b"\0\0\0\0" + b"\x7f\x02\0" + b"\xdf\x01\0"
VP8L = RIFF + b"VP8L" + b"\0\0\0\0" + b"\x2f" + struct.pack("<I", 639 | 479 << 14) + b"\0" * 6
VP8 = RIFF + b"VP8 " + b"\0\0\0\0" + b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 640, 480)
ISPE = b"\0\0\0\x14ispe\0\0\0\0"
HEIC = b"\0\0\0\x18ftypheic" + ISPE + struct.pack(">II", 64, 48) + ISPE + struct.pack(">II", 640, 480)
SVG = b'<svg xmlns="x" width="640" height="480px" viewBox="0 0 4 3"><rect width="1" height="1"/></svg>'
PICTURES = {"png": png(640, 480), "jpeg": JPEG, "vp8x": VP8X, "vp8l": VP8L, "vp8": VP8, "heic": HEIC, "svg": SVG}


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_tells_its_size(kind: str) -> None:
    """Width first; of several images in one file the largest."""
    assert picture_size(PICTURES[kind]) == (640, 480)


@pytest.mark.parametrize(
    "content", [b"", b"notes", b"%PDF-1.7", png(640, 480)[:20], JPEG[:24], SVG.replace(b"640", b"0")]
)
def test_what_is_no_picture_has_none(content: bytes) -> None:
    """Nor what is cut off before it tells, nor what has no width."""
    assert picture_size(content) is None


@given(st.sampled_from(sorted(PICTURES)), st.integers(0, 80), st.binary(max_size=12))
def test_whatever_it_holds_it_is_read_without_harm(kind: str, at: int, octets: bytes) -> None:
    """Photographs come from strangers."""
    content = PICTURES[kind]
    found = picture_size(content[:at] + octets + content[at + len(octets) :])
    assert found is None or min(found) >= 0
