"""Whose time was it: the arithmetic behind the harness share, on traces small enough to count by hand."""

from __future__ import annotations

from typing import Any

import pytest

from harness.trace import Event
from tests.benchmarks.time_shares import cases, gaps, shares, union, waits

S = 1_000_000_000


def trace(*events: tuple[float, str, dict[str, Any]], case: str | None = None) -> list[Event]:
    return [
        Event(seq=seq, t_ns=int(at * S), utc="", kind=kind, who="harness", data=data, case=case)
        for seq, (at, kind, data) in enumerate(events)
    ]


def started(at: float, on: str) -> tuple[float, str, dict[str, Any]]:
    return at, "wait.started", {"what": "it", "on": on, "bound_s": 9}


def ended(at: float, of: int) -> tuple[float, str, dict[str, Any]]:
    return at, "wait.ended", {"started": of, "on": "?", "outcome": "ended"}


def test_overlapping_waits_count_once() -> None:
    """Two seconds for the charger that overlap two seconds of dwell leave what neither covers."""
    found = waits(trace(started(1, "dut"), started(2, "contract"), ended(3, 0), ended(4, 1)), 10 * S)
    whole = shares(found, (0, 10 * S))
    assert whole.on_s == {"dut": 2, "contract": 2, "person": 0}
    assert whole.harness_s == 7
    assert whole.harness_share == pytest.approx(0.7)


def test_a_wait_inside_a_wait_adds_nothing() -> None:
    """A short wait within a long one on the same changes no figure."""
    found = waits(trace(started(1, "dut"), started(2, "dut"), ended(3, 1), ended(5, 0)), 6 * S)
    assert shares(found, (0, 6 * S)).on_s["dut"] == 4


def test_waiting_for_ourselves_is_ours() -> None:
    """A named wait on the harness is the harness's time."""
    found = waits(trace(started(1, "harness"), ended(4, 0)), 5 * S)
    assert shares(found, (0, 5 * S)).harness_s == 5


def test_a_wait_that_never_ended_lasts_to_the_end() -> None:
    """A campaign that was killed while it waited was waiting."""
    assert shares(waits(trace(started(1, "person")), 5 * S), (0, 5 * S)).on_s["person"] == 4


def test_messages_are_waits_on_the_charger() -> None:
    """CALL to answer and V2G request to response are the charger's; what it says unasked, and our answers, are not."""
    out, come = {"dir": "out", "session": 1}, {"dir": "in", "session": 1}
    events = trace(
        (1, "ocpp.frame", {"dir": "out", "type": 2, "reply_to": None}),
        (2, "ocpp.frame", {"dir": "in", "type": 2, "reply_to": None}),
        (2, "ocpp.frame", {"dir": "out", "type": 3, "reply_to": 1}),
        (3, "ocpp.frame", {"dir": "in", "type": 4, "reply_to": 0}),
        (4, "v2g.message", out),
        (5, "v2g.message", come),
        (7, "v2g.message", come),
    )
    assert waits(events, 9 * S)["dut"] == [(1 * S, 3 * S), (4 * S, 5 * S)]


def test_a_case_gets_only_its_own_part() -> None:
    """A wait that began before the case counts from the case's start, and a case has its name and its span."""
    events = trace((2, "case.started", {}), (6, "case.ended", {}), case="a::b")
    assert cases(events) == [("a::b", (2 * S, 6 * S))]
    found = {"dut": [(0, 3 * S)], "contract": [(5 * S, 9 * S)], "person": []}
    part = shares(found, (2 * S, 6 * S))
    assert (part.wall_s, part.on_s["dut"], part.on_s["contract"], part.harness_s) == (4, 1, 1, 2)


def test_gaps_are_what_the_union_leaves() -> None:
    """Union and gaps together are the whole, without overlap, whatever the order of the spans."""
    covered = union([(7, 8), (1, 3), (2, 5), (5, 6), (20, 30)], (0, 10))
    assert covered == [(1, 6), (7, 8)]
    assert gaps(covered, (0, 10)) == [(0, 1), (6, 7), (8, 10)]
    assert gaps([], (0, 10)) == [(0, 10)]
    assert gaps([(0, 10)], (0, 10)) == []
