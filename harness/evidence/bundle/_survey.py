"""Reading a bundle that may have been tampered with: find its files, and name every byte that is not canonical."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from harness.evidence.bundle import _zip
from harness.evidence.bundle._model import ATTESTATION, MANIFEST, Manifest
from harness.evidence.bundle._problem import Problem

_MOST = 12  # zip fields named; one byte put in shifts all that follow
_Layout = list[tuple[str, int, int]]  # name, offset of the contents, size


@dataclass(frozen=True)
class Survey:
    """The files found (name to contents) and what is wrong with the zip around them.

    `altered` names files whose own checksum in the zip no longer fits their contents.
    """

    files: dict[str, memoryview] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    altered: tuple[str, ...] = ()


def survey(raw: bytes) -> Survey:
    """Find the files of a bundle and compare the whole of it with its canonical rebuild. Never raises for bad input.

    A zip names each file twice: before its contents and in the directory at its end. Either is enough to find them,
    so that damage to the other can be named.
    """
    forward, stopped_at = _walk_forward(raw)
    central = _walk_central(raw)
    layout = forward or central
    if not layout:
        return Survey(problems=(_unreadable(raw, *stopped_at),))
    if forward and central and len(forward) == len(central):
        listed = _listed(raw, [*forward, *central])
        layout = [
            f if f[0] in listed and c[0] not in listed else (c[0], *f[1:])
            for f, c in zip(forward, central, strict=True)
        ]
    view = memoryview(raw)
    files = [(name, view[start : start + size]) for name, start, size in layout]
    problems = [
        Problem(where="zip", what=f"the name {name!r} {fault}", offset=start)
        for name, start, _ in layout
        if (fault := _zip.name_fault(name)) is not None
    ]
    names = [name for name, _ in files]
    counts = Counter(names)
    problems += [
        Problem(where=_shown(name), what=f"stands {count} times in the bundle")
        for name, count in counts.items()
        if count > 1
    ]
    problems += [
        Problem(where=_shown(name), what=f"and {_shown(twin)} {_zip.TWINS}") for name, twin in _zip.twins(names)
    ]
    if names != sorted(names):
        problems.append(Problem(where="zip", what="the files are not in alphabetical order"))
    altered = _altered(raw, layout)
    problems += _differences(raw, files, set(altered))
    first: dict[str, memoryview] = {}
    for name, data in files:
        first.setdefault(name, data)
    return Survey(files=first, problems=tuple(problems), altered=altered)


def _walk_forward(raw: bytes) -> tuple[_Layout, tuple[int, str]]:
    """The files by their local headers, and where the walk ended; no files when it does not lead to the directory."""
    layout: _Layout = []
    at = 0
    while (
        raw[at : at + 4] == _zip.LOCAL_SIGNATURE and at + _zip.LOCAL_SIZE <= len(raw) and len(layout) < _zip.MAX_FILES
    ):
        size, _, name_length = struct.unpack_from("<2IH", raw, at + 18)
        start = at + _zip.LOCAL_SIZE + name_length
        if start + size > len(raw):
            return [], (at, layout[-1][0] if layout else "")
        layout.append((_text(raw[at + _zip.LOCAL_SIZE : start]), start, size))
        at = start + size
    reached = raw[at : at + 4] == _zip.CENTRAL_SIGNATURE or raw[at : at + 4] == _zip.END_SIGNATURE
    stopped_at = (at, layout[-1][0] if layout else "")
    return (layout if reached or _directory_begins(raw, at) else [], stopped_at)


def _directory_begins(raw: bytes, at: int) -> bool:
    """Whether the end record says that the directory is here, though its first bytes do not look like it."""
    end = len(raw) - _zip.END_SIZE
    return (
        at > 0
        and end >= at
        and raw[end : end + 4] == _zip.END_SIGNATURE
        and raw[end + 16 : end + 20] == struct.pack("<I", at)
    )


def _walk_central(raw: bytes) -> _Layout:
    """The files by the directory at the end; empty when it is not whole."""
    end = raw.rfind(_zip.END_SIGNATURE)
    if end < 0 or end + _zip.END_SIZE > len(raw):
        return []
    (at,) = struct.unpack_from("<I", raw, end + 16)
    layout: _Layout = []
    expected = 0
    while at < end and len(layout) < _zip.MAX_FILES:
        if raw[at : at + 4] != _zip.CENTRAL_SIGNATURE or at + _zip.CENTRAL_SIZE > end:
            return []
        size, _, name_length = struct.unpack_from("<2IH", raw, at + 20)
        (offset,) = struct.unpack_from("<I", raw, at + 42)
        name = raw[at + _zip.CENTRAL_SIZE : at + _zip.CENTRAL_SIZE + name_length]
        start = offset + _zip.LOCAL_SIZE + name_length
        if offset != expected or start + size > end:
            return []
        layout.append((_text(name), start, size))
        expected = start + size
        at += _zip.CENTRAL_SIZE + name_length
    return layout


def _listed(raw: bytes, layout: _Layout) -> set[str]:
    """The names the manifest knows: of two copies of a name that differ, the one it knows is the unaltered one."""
    start, size = next(((start, size) for name, start, size in layout if name == MANIFEST), (0, 0))
    try:
        manifest = msgspec.json.decode(raw[start : start + size], type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {MANIFEST, ATTESTATION}
    return {MANIFEST, ATTESTATION, *(entry.path for entry in manifest.files)}


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _shown(name: str) -> str:
    return name if name.isprintable() else ascii(name)


def _unreadable(raw: bytes, at: int, last: str) -> Problem:
    if len(raw) < _zip.END_SIZE or not raw.startswith(b"PK"):
        return Problem(where="zip", what="this is not a chargeproof bundle: it does not begin as a zip does", offset=0)
    if raw.rfind(_zip.END_SIGNATURE) < 0:
        return Problem(
            where="zip", what=f"truncated: it ends at byte {len(raw)} without an end record", offset=len(raw)
        )
    near = f", in or just after {_shown(last)}" if last else ""
    return Problem(where="zip", what=f"bytes were taken out or put in at or before offset {at}{near}", offset=at)


def _altered(raw: bytes, layout: _Layout) -> tuple[str, ...]:
    """Files whose two checksums in the zip agree with each other but not with the contents."""
    found = []
    end = len(raw) - _zip.END_SIZE
    at = layout[-1][1] + layout[-1][2]
    for name, start, size in layout:
        length = len(name.encode("utf-8", "surrogateescape"))
        local = raw[start - length - 16 : start - length - 12]
        central = raw[at + 16 : at + 20] if at < end else b""
        at += _zip.CENTRAL_SIZE + length
        if local == central and local != struct.pack("<I", zlib.crc32(memoryview(raw)[start : start + size])):
            found.append(name)
    return tuple(found)


def _differences(raw: bytes, files: Sequence[tuple[str, memoryview]], altered: set[str]) -> list[Problem]:
    """Every field of the zip that differs from the canonical rebuild, and what stands after its end."""
    rebuilt = _zip.build(files)
    if rebuilt == raw:
        return []
    problems: list[Problem] = []
    for span in _zip.spans(files):
        if len(problems) == _MOST:
            problems.append(Problem(where="zip", what="and further fields after it"))
            break
        if span.part == "contents" or raw[span.start : span.end] == rebuilt[span.start : span.end]:
            continue
        if span.field == "checksum" and span.name in altered:
            continue  # the contents were altered, not their checksum: the manifest's digest names that
        if span.start >= len(raw):
            problems.append(Problem(where="zip", what=f"truncated: it ends at byte {len(raw)}", offset=len(raw)))
            break
        of = f" of {_shown(span.name)}" if span.name else ""
        problems.append(
            Problem(
                where="zip",
                what=f"{span.part}{of}: the {span.field} at offset {span.start} was altered",
                offset=span.start,
            )
        )
    if len(raw) > len(rebuilt):
        extra = len(raw) - len(rebuilt)
        problems.append(
            Problem(
                where="zip", what=f"{extra} bytes stand after the end, from offset {len(rebuilt)}", offset=len(rebuilt)
            )
        )
    return problems
