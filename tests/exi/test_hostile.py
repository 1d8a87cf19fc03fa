"""Spoilt frames: nothing raises, hangs or grows, and both ways of reading agree. `make thorough` tries a million."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from ev_emulator.exi import Codec
from tests.exi.mutations import batch, seeds

DC = "urn:iso:std:iso:15118:-20:DC"
XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"


@pytest.mark.parametrize("number", range(3))
def test_a_thousand_spoilt_frames(number: int) -> None:
    """Each is read, told of and bounded; the control: some are still good, many deviate, most are none."""
    told: Counter[str] = Counter()
    assert list(batch(number, 2, seeds(), told)) == []
    assert min(told["as it should be"], told["deviating"], told["unreadable"]) > 10


@pytest.mark.parametrize(
    "frame",
    [
        b"\x80" + b"\x00" * 100_000,
        b"\x80" + b"\xff" * 100_000,
        b"\x80" + b"\x55" * 1_000_000,
        b"\x80\x34" + b"\xfe" * 1_000_000,
        bytes(range(128, 256)) * 1000,
    ],
    ids=["zeros", "ones", "alternating", "long integers", "counting"],
)
def test_long_rubbish(frame: bytes) -> None:
    """A megabyte that a charger may send costs seconds at most, in every schema that is tried."""
    for namespace in (DC, XMLDSIG):
        began = time.process_time()
        found = Codec().read(frame, namespace)
        assert time.process_time() - began < 5
        assert found.deviations


def test_elements_in_each_other_without_end() -> None:
    """Elements of no schema, each in the one before: there is a deepest, and it is told."""
    codec = Codec()
    inner: object = "x"
    for _ in range(40):
        inner = {"X": inner}
    deep = codec.encode_as_written({"Object": inner}, XMLDSIG)
    assert codec.read(deep, XMLDSIG).message == {"Object": inner}
    for _ in range(40):
        inner = {"X": inner}
    found = codec.read(codec.encode_as_written({"Object": inner}, XMLDSIG), XMLDSIG)
    assert found.unreadable is not None
    assert "deep in each other" in found.unreadable.text
