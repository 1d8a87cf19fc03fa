"""The reader: a journal that is not what was written is refused, and the line is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.trace import Recorder, TraceError, read_trace


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Twenty honest lines."""
    path = tmp_path_factory.mktemp("journal") / "trace.jsonl"
    recorder = Recorder(path)
    for n in range(20):
        recorder.case = f"SC-04/{n // 10}"
        recorder.record("ocpp.frame" if n % 2 else "bench.sample", "dut" if n % 2 else "bench.meter", {"n": n})
    recorder.close()
    return path.read_bytes()


def _refused(tmp_path: Path, raw: bytes) -> TraceError:
    path = tmp_path / "trace.jsonl"
    path.write_bytes(raw)
    with pytest.raises(TraceError) as caught:
        read_trace(path)
    return caught.value


def test_an_altered_line_is_found_at_the_next(tmp_path: Path, journal: bytes) -> None:
    """Line 7's value is changed; line 8 no longer follows it."""
    error = _refused(tmp_path, journal.replace(b'"n":6}', b'"n":7}'))
    assert error.line == 8
    assert "line 8 does not follow line 7" in str(error)


def test_a_removed_line_is_found(tmp_path: Path, journal: bytes) -> None:
    """Line 5 is taken out; what now stands on line 5 does not follow line 4."""
    lines = journal.splitlines(keepends=True)
    assert _refused(tmp_path, b"".join(lines[:4] + lines[5:])).line == 5


def test_swapped_lines_are_found(tmp_path: Path, journal: bytes) -> None:
    """Two neighbours change places."""
    lines = journal.splitlines(keepends=True)
    lines[10], lines[11] = lines[11], lines[10]
    assert _refused(tmp_path, b"".join(lines)).line == 11


def test_a_first_line_that_follows_something_is_refused(tmp_path: Path, journal: bytes) -> None:
    """A journal whose beginning was cut away does not start at the genesis hash."""
    lines = journal.splitlines(keepends=True)
    assert _refused(tmp_path, b"".join(lines[3:])).line == 1


def test_a_torn_tail_is_refused_unless_asked_for(tmp_path: Path, journal: bytes) -> None:
    """The last line without its newline is refused; with `torn_tail` (a killed process) it is dropped."""
    error = _refused(tmp_path, journal[:-5])
    assert error.line == 20
    assert len(read_trace(tmp_path / "trace.jsonl", torn_tail=True)) == 19


def test_torn_tail_forgives_only_the_tail(tmp_path: Path, journal: bytes) -> None:
    """`torn_tail` is no licence: a break in the middle is refused all the same."""
    path = tmp_path / "trace.jsonl"
    path.write_bytes(journal.replace(b'"n":6}', b'"n":7}')[:-5])
    with pytest.raises(TraceError) as caught:
        read_trace(path, torn_tail=True)
    assert caught.value.line == 8


def test_a_line_that_is_no_event_is_named(tmp_path: Path, journal: bytes) -> None:
    """Rubbish on line 3 is named as such."""
    lines = journal.splitlines(keepends=True)
    lines[2] = b"rubbish\n"
    error = _refused(tmp_path, b"".join(lines))
    assert error.line == 3
    assert "is not an event" in str(error)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_altered_byte_before_the_last_line_is_refused(
    tmp_path_factory: pytest.TempPathFactory, journal: bytes, data: st.DataObject
) -> None:
    """One byte anywhere but in the last line (the manifest guards that one): refused at its line or the next."""
    last_starts = journal[:-1].rfind(b"\n") + 1
    at = data.draw(st.integers(0, last_starts - 1))
    value = data.draw(st.integers(0, 255).filter(lambda b: b != journal[at]))
    raw = journal[:at] + bytes([value]) + journal[at + 1 :]
    path = tmp_path_factory.mktemp("flip") / "trace.jsonl"
    path.write_bytes(raw)
    with pytest.raises(TraceError) as caught:
        read_trace(path)
    line = journal[:at].count(b"\n") + 1
    assert caught.value.line in (line, line + 1)


def test_an_empty_journal_is_an_empty_trace(tmp_path: Path) -> None:
    """A process killed before its first event left nothing, and nothing is read."""
    path = tmp_path / "trace.jsonl"
    path.touch()
    assert len(read_trace(path)) == 0


def test_queries_select_by_kind_family_actor_and_case(tmp_path: Path, journal: bytes) -> None:
    """`of` takes kinds, families and filters; `between`, `after` and `by_seq` cut by time and number."""
    path = tmp_path / "trace.jsonl"
    path.write_bytes(journal)
    trace = read_trace(path)
    assert [e.seq for e in trace.of("ocpp.", case="SC-04/0")] == [1, 3, 5, 7, 9]
    assert len(trace.of("bench.sample", who="dut")) == 0
    assert [e.seq for e in trace.after(17)] == [18, 19]
    assert trace.after(4).by_seq(9).seq == 9
    with pytest.raises(KeyError, match="no event 99"):
        trace.by_seq(99)
    assert [e.seq for e in trace.between(trace[3].t_ns, trace[5].t_ns)] == [3, 4, 5]


def test_a_time_beyond_all_bounds_is_refused_by_its_line(tmp_path: Path) -> None:
    """A fuzzer's find: such a line follows its chain, and reading it raised what nobody expects."""
    line = {"seq": 0, "t_ns": 5 * 10**40, "utc": "", "kind": "x", "who": "dut", "data": {}, "prev": "0" * 64}
    (tmp_path / "trace.jsonl").write_text(json.dumps(line) + "\n")
    with pytest.raises(TraceError) as refused:
        read_trace(tmp_path / "trace.jsonl")
    assert refused.value.line == 1
