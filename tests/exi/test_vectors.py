"""Octets that others wrote: public test vectors and captures, and messages recorded in sessions of ours.

`vectors.jsonl` names repository, commit and file of each. Beyond it, on 2026-11-30, 6,898 vectors of five repositories
and 34,973 frames of 29 public captures were read (DIN 32,016, ISO 15118-2 2,834, -20 44, SAP 79; uhi22/pyPLC and
dspace-group/dsV2Gshark), none unreadable, and written again with the same octets, but for one with an octet too many.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from ev_emulator.exi import NAMESPACES
from tests.exi.content import CODEC
from tests.exi.mutations import KNOWN

VECTORS = [msgspec.json.decode(line) for line in (Path(__file__).parent / "vectors.jsonl").read_bytes().splitlines()]
RECORDED = [msgspec.json.decode(line) for line in KNOWN.read_bytes().splitlines()]


def test_others_are_there() -> None:
    """Vectors of several implementations, and of every schema that anybody publishes messages of."""
    assert len(Counter(each["repository"] for each in VECTORS)) == 5
    unseen = {"urn:iso:std:iso:15118:-20:WPT", "urn:iso:std:iso:15118:-20:ACDP", "http://www.w3.org/2000/09/xmldsig#"}
    assert {each["namespace"] for each in VECTORS} == set(NAMESPACES) - unseen


@pytest.mark.parametrize("repository", sorted({each["repository"] for each in VECTORS}))
def test_they_are_read_and_written_again(repository: str) -> None:
    """Nothing deviates, the message is the one that is named, and its octets are the same."""
    mine = [each for each in VECTORS if each["repository"] == repository]
    assert mine
    for each in mine:
        exi = bytes.fromhex(each["exi"])
        found = CODEC.read(exi, each["namespace"])
        assert not found.deviations, each
        assert found.message is not None
        body = found.message["V2G_Message"]["Body"] if "V2G_Message" in found.message else found.message
        assert next(iter(body)) == each["name"]
        assert CODEC.encode(found.message, each["namespace"]) == exi


def test_recorded_sessions() -> None:
    """One message of each shape that whole sessions had, as the Java codec wrote and read them."""
    assert len(RECORDED) > 90
    for each in RECORDED:
        assert CODEC.encode(each["message"], each["namespace"]).hex() == each["exi"]
        assert CODEC.decode(bytes.fromhex(each["exi"]), each["namespace"]) == each["message"]
