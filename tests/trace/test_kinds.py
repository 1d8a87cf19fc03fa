"""The kinds of events: every one that is recorded anywhere is in the table, with who may act."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.trace import KINDS, Event, kind_of, oddities

ROOT = Path(__file__).parents[2]


def event(kind: str, who: str, **more: object) -> Event:
    """One event."""
    return Event(seq=0, t_ns=0, utc="", kind=kind, who=who, **{"data": {}, **more})  # type: ignore[arg-type]


def test_every_kind_that_is_recorded_is_in_the_table() -> None:
    """A typo in a kind would otherwise be a kind that no judge looks for."""
    found: set[str] = set()
    for folder in ("harness", "ev_emulator", "test_cases"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= set(re.findall(r'\.record\(\s*"([a-z0-9_.]+)"', path.read_text()))
    assert found and found <= set(KINDS) | {"in", "out"}


def test_events_are_held_against_their_kind() -> None:
    """Who acted, what it is about, and whether the octets are there."""
    assert oddities([event("bench.sample", "bench.meter", evse=2), event("case.started", "harness")]) == []
    assert "dut cannot have acted" in oddities([event("bench.sample", "dut")])[0]
    assert "about no connection" in oddities([event("bench.sample", "bench.meter", connection=1)])[0]
    assert "octets are not there" in oddities([event("v2g.message", "ev", data={"name": "SessionSetupReq"})])[0]
    assert "no kind of this name" in oddities([event("bench.smaple", "bench.meter")])[0]
    assert "cause is none of" in oddities([event("ocpp.connection", "harness", data={"cause": "crowd"})])[0]
    assert "alert is not told" in oddities([event("tls.handshake", "caller", data={"alert": "unknown_ca"})])[0]


def test_an_unknown_kind_is_answered_with_those_there_are() -> None:
    """So that a typo is seen."""
    assert kind_of("provoked").connection
    with pytest.raises(KeyError, match=r"ocpp\.frame"):
        kind_of("ocpp.frmae")
