"""The promise: one altered byte anywhere in a bundle is found, and what it belongs to is named."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.evidence import NotABundle, Report, verify
from harness.evidence.bundle import _zip
from harness.evidence.bundle._survey import survey
from harness.evidence.bundle._zip import Span


@pytest.fixture(scope="module")
def spans(sealed_raw: bytes) -> list[Span]:
    """Every field of the honest bundle."""
    return list(_zip.spans(list(survey(sealed_raw).files.items())))


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the altered bundle is written."""
    return tmp_path_factory.mktemp("spoiled") / "bundle.zip"


def _flipped(raw: bytes, at: int, mask: int, path: Path) -> Report:
    path.write_bytes(raw[:at] + bytes([raw[at] ^ mask]) + raw[at + 1 :])
    return verify(path)


def _names_it(report: Report, span: Span, at: int, raw: bytes) -> bool:
    """Whether some problem names the file that holds this byte, or the zip field at its offset."""
    if span.part != "contents":
        return any(
            p.where == "zip"
            and p.offset == span.start
            and f"{span.part}" in p.what
            and f"the {span.field} at" in p.what
            for p in report.problems
        )
    if span.name != "trace.jsonl":
        return any(p.where == span.name for p in report.problems)
    line = raw[span.start : at].count(b"\n") + 1
    lines = {p.line for p in report.problems if p.where == "trace.jsonl" and p.line is not None}
    return lines == {line} or (raw[at : at + 1] == b"\n" and bool(lines & {line, line + 1}))


def test_the_spans_cover_every_byte(sealed_raw: bytes, spans: list[Span]) -> None:
    """There is no byte of a bundle that belongs to nothing."""
    assert spans[0].start == 0
    assert spans[-1].end == len(sealed_raw)
    assert all(a.end == b.start for a, b in itertools.pairwise(spans))


def test_every_byte_of_the_zip_structure(sealed_raw: bytes, spans: list[Span], spoiled: Path) -> None:
    """Headers, directory, end record: each byte flipped in turn is named by structure, field and offset."""
    unnamed = [
        (at, span)
        for span in spans
        if span.part != "contents"
        for at in range(span.start, span.end)
        if not _names_it(_flipped(sealed_raw, at, 0x01, spoiled), span, at, sealed_raw)
    ]
    assert unnamed == []


def test_bytes_of_every_file(sealed_raw: bytes, spans: list[Span], spoiled: Path) -> None:
    """The first, the last and every seventh byte of each file: the file is named, in the trace the line as well."""
    unnamed = []
    for span in (s for s in spans if s.part == "contents"):
        for at in {*range(span.start, span.end, 7), span.end - 1}:
            if not _names_it(_flipped(sealed_raw, at, 0x20, spoiled), span, at, sealed_raw):
                unnamed.append((at, span))
    assert unnamed == []


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_byte_to_any_value(sealed_raw: bytes, spans: list[Span], spoiled: Path, data: st.DataObject) -> None:
    """Any byte, any other value."""
    at = data.draw(st.integers(0, len(sealed_raw) - 1))
    span = next(s for s in spans if s.start <= at < s.end)
    report = _flipped(sealed_raw, at, data.draw(st.integers(1, 255)), spoiled)
    assert _names_it(report, span, at, sealed_raw), [str(p) for p in report.problems]
    assert report.problems
    assert not report.ok


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_bytes_put_in_or_taken_out_or_cut_off(sealed_raw: bytes, spoiled: Path, data: st.DataObject) -> None:
    """A byte more or less anywhere, or an early end: a finding or "no bundle", never silence and never a crash."""
    at = data.draw(st.integers(0, len(sealed_raw) - 1))
    raw = data.draw(
        st.sampled_from(
            [
                sealed_raw[:at] + data.draw(st.binary(min_size=1, max_size=30)) + sealed_raw[at:],
                sealed_raw[:at] + sealed_raw[at + 1 :],
                sealed_raw[:at],
            ]
        )
    )
    spoiled.write_bytes(raw)
    try:
        assert verify(spoiled).problems
    except NotABundle:
        assert not raw.startswith(b"PK")


@settings(max_examples=100, deadline=None)
@given(raw=st.binary(max_size=400))
def test_rubbish_never_crashes(spoiled: Path, raw: bytes) -> None:
    """Any bytes behind a zip's first four."""
    spoiled.write_bytes(b"PK\x03\x04" + raw)
    assert verify(spoiled).problems


def test_appended_bytes_are_counted_and_placed(bundle: Path, sealed_raw: bytes) -> None:
    """What stands after the end is named with its offset; zip tools overlook it."""
    bundle.write_bytes(sealed_raw + b"hello")
    (problem,) = verify(bundle).problems
    assert problem.what == f"5 bytes stand after the end, from offset {len(sealed_raw)}"
    assert problem.offset == len(sealed_raw)


def test_a_zip_comment_is_found(bundle: Path, sealed_raw: bytes) -> None:
    """A comment is legal in a zip, and nothing in ours."""
    bundle.write_bytes(sealed_raw[:-2] + b"\x05\x00hello")
    words = " ".join(str(p) for p in verify(bundle).problems)
    assert "the comment length" in words
    assert "5 bytes stand after the end" in words


def test_a_truncated_bundle_says_so(bundle: Path, sealed_raw: bytes) -> None:
    """A download that broke off is called truncated, with the byte where it ends."""
    bundle.write_bytes(sealed_raw[:-100])
    assert f"truncated: it ends at byte {len(sealed_raw) - 100}" in str(verify(bundle).problems[0])
