"""The canonical zip: one way to write a set of files, and the map of every field at its offset."""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

LOCAL_SIGNATURE, CENTRAL_SIGNATURE, END_SIGNATURE = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
LOCAL_SIZE, CENTRAL_SIZE, END_SIZE = 30, 46, 22
MAX_BUNDLE_BYTES = 1 << 30  # read whole into memory; evidence of one campaign is far below
MAX_FILES = 10_000
MAX_NAME_BYTES = 240

# Files are stored, not deflated: deflate's output differs between zlib releases, and a byte-for-byte rebuild must not.
_VERSION, _FLAGS, _STORED = 20, 0x0800, 0  # bit 11: names are UTF-8
_TIME, _DATE = 0, 0x0021  # 1980-01-01 00:00, the zip epoch
_MADE_BY, _MODE = (3 << 8) | 20, 0o100644 << 16  # Unix, a regular file rw-r--r--

_LOCAL_FIELDS = (
    ("signature", 4),
    ("version needed", 2),
    ("flags", 2),
    ("compression method", 2),
    ("modification time", 2),
    ("modification date", 2),
    ("checksum", 4),
    ("compressed size", 4),
    ("size", 4),
    ("name length", 2),
    ("extra length", 2),
)
_CENTRAL_FIELDS = (
    ("signature", 4),
    ("version made by", 2),
    *_LOCAL_FIELDS[1:],
    ("comment length", 2),
    ("disk number", 2),
    ("internal attributes", 2),
    ("external attributes", 4),
    ("offset of the file", 4),
)
_END_FIELDS = (
    ("signature", 4),
    ("disk number", 2),
    ("disk of the central directory", 2),
    ("number of entries on this disk", 2),
    ("number of entries", 2),
    ("size of the central directory", 4),
    ("offset of the central directory", 4),
    ("comment length", 2),
)


@dataclass(frozen=True)
class Span:
    """A stretch of the zip: `part` is "contents" or a zip structure, `name` the file's, `field` what stands there."""

    start: int
    end: int
    part: str
    name: str
    field: str


def name_fault(name: str) -> str | None:
    """Why `name` may not stand in a bundle, or None. Safe names leave no folder and read the same everywhere."""
    if not name or len(name.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES:
        return f"is empty or longer than {MAX_NAME_BYTES} bytes"
    if any(part in ("", ".", "..") for part in name.split("/")):
        return "is absolute or leaves its folder"
    if "\\" in name or ":" in name or not name.isprintable():
        return "holds a backslash, a colon or an unprintable character"
    if unicodedata.normalize("NFC", name) != name:
        return "is not in Unicode normal form C"
    return None


TWINS = "differ only in case, in how a letter is put together, or in being a file and a folder"


def twins(names: Collection[str]) -> list[tuple[str, str]]:
    """Pairs of names that are one name on some systems: unpacked there, one file would take the other's place."""
    seen: dict[str, str] = {}
    folders: dict[str, str] = {}
    for name in names:
        parts = _folded(name).split("/")
        seen.setdefault("/".join(parts), name)
        for depth in range(1, len(parts)):
            folders.setdefault("/".join(parts[:depth]), name)
    found = [(name, first) for name in names if (first := seen[_folded(name)]) != name]
    return found + [(folders[key], name) for key, name in seen.items() if key in folders]


def _folded(name: str) -> str:
    """The name as the least discerning file system sees it."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "/".join(part.rstrip(" .") for part in folded.split("/"))


def build(files: Sequence[tuple[str, bytes | memoryview]]) -> bytes:
    """The zip of these files in this order: fixed times, permissions and method; equal files give equal bytes."""
    body, directory, offset = [], [], 0
    for name, data in files:
        encoded = name.encode("utf-8", "surrogateescape")
        common = struct.pack(
            "<5H3I2H", _VERSION, _FLAGS, _STORED, _TIME, _DATE, zlib.crc32(data), len(data), len(data), len(encoded), 0
        )
        body += [LOCAL_SIGNATURE, common, encoded, data]
        directory += [
            CENTRAL_SIGNATURE,
            struct.pack("<H", _MADE_BY),
            common,
            struct.pack("<3H2I", 0, 0, 0, _MODE, offset),
            encoded,
        ]
        offset += LOCAL_SIZE + len(encoded) + len(data)
    central = b"".join(directory)
    end = END_SIGNATURE + struct.pack("<4H2IH", 0, 0, len(files), len(files), len(central), offset, 0)
    return b"".join([*body, central, end])


def spans(files: Sequence[tuple[str, bytes | memoryview]]) -> Iterator[Span]:
    """Every field of `build(files)` in order, without gaps."""
    at = 0
    for name, data in files:
        for field, size in (*_LOCAL_FIELDS, ("name", len(name.encode("utf-8", "surrogateescape")))):
            yield Span(at, at + size, "local header", name, field)
            at += size
        yield Span(at, at + len(data), "contents", name, "")
        at += len(data)
    for name, _ in files:
        for field, size in (*_CENTRAL_FIELDS, ("name", len(name.encode("utf-8", "surrogateescape")))):
            yield Span(at, at + size, "central directory entry", name, field)
            at += size
    for field, size in _END_FIELDS:
        yield Span(at, at + size, "end record", "", field)
        at += size
