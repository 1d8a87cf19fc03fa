"""The index: every query of a trace answers as a look at each event would, over a list and over a journal alike."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.trace import Event, Recorder, Scope, Trace, exchange_of, exchanges, messages, read_trace

KINDS = ("ocpp.frame", "ocpp.connection", "bench.sample", "claim")


def happened(seq: int, kind: str, t_ns: int, who: str = "dut", **more: Any) -> Event:
    """One event."""
    return Event(seq=seq, t_ns=t_ns, utc="2026-11-22T12:00:00Z", kind=kind, who=who, **{"data": {}, **more})


_events = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 50), st.sampled_from(("dut", "harness")), st.sampled_from("ab")),
    max_size=40,
).map(lambda rows: [happened(n, k, t, w, case=c) for n, (k, t, w, c) in enumerate(rows)])


@given(_events, st.integers(-1, 45), st.integers(0, 50), st.integers(0, 50), st.sampled_from(KINDS))
def test_queries_answer_as_a_look_at_every_event_would(
    events: list[Event], seq: int, start_ns: int, end_ns: int, kind: str
) -> None:
    """Kinds, families, actors, cases, times (which may run back) and numbers; also one query upon another."""
    trace = Trace(events)
    assert list(trace.of(kind)) == [e for e in events if e.kind == kind]
    assert list(trace.of("ocpp.", who="dut")) == [e for e in events if e.kind.startswith("ocpp.") and e.who == "dut"]
    assert list(trace.of(kind, case="a")) == [e for e in events if e.kind == kind and e.case == "a"]
    assert list(trace.between(start_ns, end_ns)) == [e for e in events if start_ns <= e.t_ns <= end_ns]
    assert list(trace.after(seq)) == [e for e in events if e.seq > seq]
    assert list(trace.up_to(seq)) == [e for e in events if e.seq <= seq]
    assert list(trace.after(seq).of(kind).up_to(seq + 9)) == [
        e for e in events if e.kind == kind and seq < e.seq <= seq + 9
    ]
    assert list(trace.of(kind).between(start_ns, end_ns)) == [
        e for e in events if e.kind == kind and start_ns <= e.t_ns <= end_ns
    ]
    assert list(trace.where(lambda e: e.t_ns % 2 == 0).of(kind)) == [
        e for e in events if e.t_ns % 2 == 0 and e.kind == kind
    ]
    assert list(trace[3:9]) == events[3:9]


def frame(seq: int, way: str, *parts: Any, conn: int = 1, **more: Any) -> Event:
    """An OCPP frame of a log without opinions."""
    who = "dut" if way == "in" else "harness"
    return happened(seq, "ocpp.frame", seq, who, data={"conn": conn, "dir": way, "raw": json.dumps(parts)}, **more)


def opened(seq: int, conn: int, identity: str) -> Event:
    """A station's connection opens."""
    return happened(seq, "ocpp.connection", seq, data={"conn": conn, "state": "open", "identity": identity})


def test_an_answer_counts_when_it_is_in_the_view() -> None:
    """What was recorded up to the claim knows no later answer."""
    trace = Trace([frame(0, "out", 2, "1", "Reset", {}), frame(1, "in", 3, "1", {"status": "Accepted"})])
    assert exchanges(trace)[0].answer is not None
    assert exchanges(trace.up_to(0))[0].answer is None
    pair = exchange_of(trace, 0)
    assert pair is not None and pair.answer is not None and pair.answer.payload == {"status": "Accepted"}
    assert exchange_of(trace, 1) is None
    assert [m.action for m in messages(trace.after(0))] == ["Reset"]


def test_two_stations_that_use_the_same_ids_are_kept_apart() -> None:
    """Calls and answers belong to a station; a scope shows one of them, and what is about neither."""
    trace = Trace(
        [
            opened(0, 1, "A"),
            opened(1, 2, "B"),
            frame(2, "out", 2, "x", "Reset", {}, conn=1),
            frame(3, "out", 2, "x", "ClearCache", {}, conn=2),
            happened(4, "bench.sample", 4, "bench.meter"),
            happened(5, "bench.sample", 5, "bench.meter", evse=2),
            frame(6, "in", 3, "x", {}, conn=2),
            frame(7, "in", 3, "x", {}, conn=1),
        ]
    )
    first, second = Scope(trace, station="A"), Scope(trace, station="B")
    assert [e.seq for e in first] == [0, 2, 4, 5, 7] and [e.seq for e in second] == [1, 3, 4, 5, 6]
    for scope, action, answered in ((first, "Reset", 7), (second, "ClearCache", 6)):
        (pair,) = exchanges(scope)
        assert pair.call.action == action and pair.answer is not None and pair.answer.event.seq == answered
    assert [e.seq for e in Scope(trace, evse=1)] == [0, 1, 2, 3, 4, 6, 7]
    assert [e.seq for e in Scope(trace, station="A", since=0, until=4)] == [2, 4]
    assert [e.seq for e in Scope(trace.up_to(5), station="B", evse=2)] == [1, 3, 4, 5]
    assert Scope(trace, station="A").by_seq(4).who == "bench.meter"
    with pytest.raises(KeyError):
        Scope(trace, station="A").by_seq(3)


def test_a_journal_answers_as_the_events_in_memory_do(tmp_path: Path) -> None:
    """Lines are decoded when they are looked at, and are then the same events."""
    recorder = Recorder(tmp_path / "trace.jsonl")
    recorder.record("ocpp.connection", "dut", {"conn": 1, "state": "open", "identity": "A"}, station="A", connection=1)
    recorder.record("ocpp.frame", "harness", {"conn": 1, "dir": "out", "raw": '[2,"1","Reset",{}]'}, station="A")
    recorder.record("bench.sample", "bench.meter", {"values": {"p_w": 3.5}}, evse=2)
    recorder.record("ocpp.frame", "dut", {"conn": 1, "dir": "in", "raw": '[3,"1",{}]'}, station="A")
    recorder.close()
    read, kept = read_trace(tmp_path / "trace.jsonl"), Trace(recorder.events)
    assert list(read) == list(kept)
    for trace in (read, kept):
        assert [e.seq for e in trace.of("ocpp.")] == [0, 1, 3]
        assert [e.seq for e in Scope(trace, station="B")] == [2]
        assert [e.seq for e in Scope(trace, evse=1)] == [0, 1, 3]
        assert exchanges(trace)[0].answer is not None
    assert all(a.prev != b.prev for a, b in pairwise(read))


def test_a_prefix_copies_nothing() -> None:
    """Ten thousand views of a long trace are made in no time, and share what was found out once."""
    trace = Trace([happened(n, "claim", n) for n in range(20_000)])
    asked = []
    for n in range(10_000):
        view = trace.up_to(n)
        view.once("something", lambda: asked.append(1))
        assert isinstance(view._at, range)
    assert asked == [1]
