"""A photo is a picture and nothing else: where and when it was taken, comments, and what was hung on to it are gone."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from harness.operator import BadAnswer
from harness.operator._photo import checked_photo, keep_photo
from harness.operator._strip import NoPicture, stripped
from harness.trace import picture_size
from tests.operator._ask import PNG, png

GPS = b"GPS 52.0907 N 5.1214 E"


def segment(marker: int, data: bytes) -> bytes:
    """One of JPEG's."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def exif(way_up: int) -> bytes:
    """A segment with a place in it, and the way up."""
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, way_up, 0, 0) + GPS
    return segment(0xE1, b"Exif\0\0" + tiff)


def jpeg(*more: bytes, after: bytes = b"", side: tuple[int, int] = (640, 480)) -> bytes:
    """A JPEG by its structure: tables, a frame, a scan with stuffed octets and a restart mark."""
    frame = segment(0xC0, b"\x08" + struct.pack(">HH", side[1], side[0]) + b"\x01\x01\x11\0")
    scan = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\x34\xff\x00\x56\xff\xd0\x78"
    head = b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
    return head + b"".join(more) + segment(0xDB, b"\0" * 65) + frame + scan + b"\xff\xd9" + after


def chunk(kind: bytes, data: bytes) -> bytes:
    """One of PNG's."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def riff(*chunks: tuple[bytes, bytes], after: bytes = b"") -> bytes:
    """A WebP."""
    inside = b"".join(name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks)
    return b"RIFF" + struct.pack("<I", len(inside) + 4) + b"WEBP" + inside + after


VP8 = (b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 640, 480) + b"data")
VP8X = (b"VP8X", bytes([0x08 | 0x04]) + b"\0\0\0" + (639).to_bytes(3, "little") + (479).to_bytes(3, "little"))
WITH_MORE = {
    "jpeg exif": jpeg(exif(1)),
    "jpeg exif turned": jpeg(exif(6)),
    "jpeg xmp": jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + GPS)),
    "jpeg comment": jpeg(segment(0xFE, GPS)),
    "jpeg iptc": jpeg(segment(0xED, b"Photoshop 3.0\0" + GPS)),
    "jpeg and a zip": jpeg(after=b"PK\x03\x04" + GPS),
    "jpeg and a page": jpeg(after=b"<script>" + GPS),
    "jpeg and a film": jpeg(after=b"\0\0\0\x18ftypmp42" + GPS),
    "png text": PNG[:33] + chunk(b"tEXt", b"Comment\0" + GPS) + PNG[33:],
    "png exif": PNG[:33] + chunk(b"eXIf", GPS) + PNG[33:],
    "png own": PNG[:33] + chunk(b"prVt", GPS) + PNG[33:],
    "png and more": PNG + GPS,
    "webp exif": riff(VP8X, VP8, (b"EXIF", GPS)),
    "webp xmp": riff(VP8X, VP8, (b"XMP ", GPS)),
    "webp and more": riff(VP8, after=GPS),
}


@pytest.mark.parametrize("name", WITH_MORE)
def test_what_is_not_the_picture_is_left_out_and_said(tmp_path: Path, name: str) -> None:
    """Place, comments and appended files are in no octet of what is kept; the picture's size stays."""
    given = WITH_MORE[name]
    assert GPS in given, "the control"
    path, said = keep_photo(given, "front.jpg", "bi17.marking", tmp_path)
    kept = path.read_bytes()
    assert GPS not in kept and b"PK\x03\x04" not in kept
    assert picture_size(kept) == (said["width_px"], said["height_px"]) == (640, 480)
    assert isinstance(said["removed_bytes"], int) and said["removed_bytes"] > 0
    assert stripped(kept) == kept, "there is nothing left to take"


def test_the_way_up_stays() -> None:
    """A picture taken upright stays upright, of all that EXIF said; the usual way needs no word."""
    assert b"Exif" in stripped(WITH_MORE["jpeg exif turned"]) and b"Exif" not in stripped(WITH_MORE["jpeg exif"])
    assert stripped(WITH_MORE["jpeg exif turned"]).count(struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)) == 1


@pytest.mark.parametrize("content", [jpeg(), PNG, riff(VP8)], ids=["jpeg", "png", "webp"])
def test_a_picture_without_anything_else_stays_octet_for_octet(tmp_path: Path, content: bytes) -> None:
    """Nothing is decoded or compressed anew, and nothing is said to be removed."""
    path, said = keep_photo(content, "x.png", "p", tmp_path)
    assert path.read_bytes() == content and "removed_bytes" not in said


@pytest.mark.parametrize(("content", "suffix"), [(jpeg(), ".jpg"), (PNG, ".png"), (riff(VP8), ".webp")])
def test_its_name_says_what_it_is(tmp_path: Path, content: bytes, suffix: str) -> None:
    """Whatever the file was called."""
    assert keep_photo(content, "photo.jpeg", "p", tmp_path)[0].suffix == suffix


NO_PHOTO = {
    "a page": b"<html><script>alert(1)</script>",
    "a drawing": b"<svg width='640' height='480'><script>alert(1)</script></svg>",
    "a program": b"#!/bin/sh\nrm -rf /\n",
    "a zip": b"PK\x03\x04" + b"\0" * 100,
    "a head only": jpeg()[:60],
    "a jpeg without its end": jpeg()[:-2],
    "a png without its end": PNG[:-12],
    "a damaged png": PNG[:50] + b"\xff" + PNG[51:],
    "a webp that is cut off": riff(VP8)[:-3],
    "segments without a picture": b"\xff\xd8" + segment(0xE0, b"JFIF\0") + b"\xff\xd9",
    "a heic": b"\0\0\0\x18ftypheic" + b"\0" * 60,
}


@pytest.mark.parametrize("name", NO_PHOTO)
def test_what_is_only_called_a_photo_is_none(name: str) -> None:
    """By its octets, not by its name."""
    with pytest.raises(BadAnswer, match="no picture that can be read"):
        checked_photo(NO_PHOTO[name], "photo.jpg", 0)


def test_a_drawing_is_taken_from_our_own_files_alone() -> None:
    """The emulated charger's panel is one."""
    drawing = NO_PHOTO["a drawing"]
    assert checked_photo(drawing, "panel.svg", 0).content == drawing


def test_a_picture_of_many_segments_ends() -> None:
    """It is not gone through for ever."""
    with pytest.raises(NoPicture):
        stripped(b"\xff\xd8" + segment(0xFE, b"") * 20_000)
    assert picture_size(stripped(png(3, 3))) == (3, 3)
