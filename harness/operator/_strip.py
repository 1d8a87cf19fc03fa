"""A photograph without what else its file holds: place and time (EXIF, XMP), comments, and what follows the picture.

The picture's own data stay octet for octet as they came: nothing here decodes or compresses them anew.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs", b"bKGD"}
_WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}
_WEBP_TELLS = 0x08 | 0x04 | 0x20  # flags of VP8X: EXIF, XMP and a colour profile, which are taken out
_JFIF, _EXIF, _ADOBE, _SOI, _EOI, _SOS = 0xE0, 0xE1, 0xEE, 0xD8, 0xD9, 0xDA
_ORIENTATION = 0x0112
_MOST_SEGMENTS = 10_000


class NoPicture(ValueError):
    """It is not built as a picture of its kind is."""


def kind_of(content: bytes) -> str | None:
    """ "jpg", "png" or "webp" by what it is, whatever it is called; None for anything else."""
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(_PNG):
        return "png"
    return "webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def stripped(content: bytes) -> bytes:
    """The picture alone. Of a JPEG's EXIF the way up stays. Raises NoPicture."""
    kind = kind_of(content)
    try:
        if kind == "jpg":
            return b"\xff\xd8" + b"".join(_jpeg(content)) + b"\xff\xd9"
        if kind == "png":
            return _PNG + b"".join(_png(content))
        if kind == "webp":
            chunks = b"".join(_webp(content))
            return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks
    except (struct.error, IndexError) as error:
        raise NoPicture("is cut off") from error
    raise NoPicture("is neither JPEG, PNG nor WebP")


def _jpeg(content: bytes) -> Iterator[bytes]:
    at, scans, way_up = 2, 0, None
    for _ in range(_MOST_SEGMENTS):
        while content[at] == 0xFF and content[at + 1] == 0xFF:
            at += 1
        if content[at] != 0xFF:
            raise NoPicture("has something between its segments")
        marker = content[at + 1]
        if marker == _EOI:
            if not scans:
                raise NoPicture("has no picture in it")
            return
        if marker in (0x00, 0x01, _SOI) or 0xD0 <= marker <= 0xD7:
            raise NoPicture("has a segment where none can be")
        (length,) = struct.unpack_from(">H", content, at + 2)
        end = at + 2 + length
        if length < 2 or end > len(content):
            raise NoPicture("is cut off")
        if marker == _EXIF and way_up is None:
            way_up = _way_up(content[at + 4 : end])
            yield from [_exif(way_up)] if way_up else []
        elif marker in (_JFIF, _ADOBE) or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            yield content[at:end]
        if marker == _SOS:
            scans, start = scans + 1, end
            end = _end_of_scan(content, start)
            yield content[start:end]
        at = end
    raise NoPicture("has too many segments")


def _end_of_scan(content: bytes, at: int) -> int:
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        if content[at + 1] == 0x00 or 0xD0 <= content[at + 1] <= 0xD7:
            at += 2
        elif content[at + 1] == 0xFF:
            at += 1
        else:
            return at
    raise NoPicture("is cut off")


def _way_up(exif: bytes) -> int | None:
    """The orientation (2 to 8) that EXIF tells; None where it tells none, or the usual one."""
    if not exif.startswith(b"Exif\0\0") or exif[6:8] not in (b"II", b"MM"):
        return None
    tiff, order = exif[6:], "<" if exif[6:8] == b"II" else ">"
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for number in range(min(count, 500)):
            tag, kind, many, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * number)
            if (tag, kind, many) == (_ORIENTATION, 3, 1):
                return value if 2 <= value <= 8 else None
    except struct.error:
        pass
    return None


def _exif(way_up: int) -> bytes:
    """A segment that tells the way up and nothing else."""
    tiff = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, _ORIENTATION, 3, 1, way_up, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\0\0" + tiff


def _png(content: bytes) -> Iterator[bytes]:
    at, seen = len(_PNG), set()
    while True:
        (length,) = struct.unpack_from(">I", content, at)
        name, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content):
            raise NoPicture("is cut off")
        (crc,) = struct.unpack_from(">I", content, end - 4)
        if crc != zlib.crc32(content[at + 4 : end - 4]):
            raise NoPicture("is damaged")
        seen.add(name)
        if name in _PNG_KEPT:
            yield content[at:end]
        if name == b"IEND":
            break
        at = end
    if not {b"IHDR", b"IDAT"} <= seen:
        raise NoPicture("has no picture in it")


def _webp(content: bytes) -> Iterator[bytes]:
    (size,) = struct.unpack_from("<I", content, 4)
    at, last, seen = 12, size + 8, set()
    if last > len(content):
        raise NoPicture("is cut off")
    while at + 8 <= last:
        name, (length,) = content[at : at + 4], struct.unpack_from("<I", content, at + 4)
        end = at + 8 + length
        if end > last:
            raise NoPicture("is cut off")
        data = content[at + 8 : end]
        if name == b"VP8X":
            data = bytes([data[0] & ~_WEBP_TELLS]) + data[1:]
        seen.add(name)
        if name in _WEBP_KEPT:
            yield name + struct.pack("<I", length) + data + b"\0" * (length % 2)
        at = end + length % 2
    if not seen & {b"VP8 ", b"VP8L", b"ANMF"}:
        raise NoPicture("has no picture in it")
