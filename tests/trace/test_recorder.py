"""The recorder: what it writes, that it loses nothing, and that it continues a chain truthfully."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.trace import Recorder, TraceError, line_hash, read_trace


class SetClock:
    """A clock the test turns by hand."""

    def __init__(self, ns: int = 0, utc: str = "2026-11-22T10:00:00.000000Z") -> None:
        self.ns = ns
        self.now = utc

    def mono_ns(self) -> int:
        return self.ns

    def utc(self) -> str:
        return self.now


def test_every_line_is_on_disk_before_record_returns(tmp_path: Path) -> None:
    """A reader of the file sees an event as soon as `record` has returned, without any flush."""
    path = tmp_path / "trace.jsonl"
    recorder = Recorder(path, SetClock(5))
    recorder.record("bench.sample", "bench.meter", {"values": {"p_w": -1.5}})
    assert json.loads(path.read_text()) == {
        "seq": 0,
        "t_ns": 5,
        "utc": "2026-11-22T10:00:00.000000Z",
        "kind": "bench.sample",
        "who": "bench.meter",
        "data": {"values": {"p_w": -1.5}},
        "schema": "chargeproof/trace/2",
        "case": None,
        "step": None,
        "prev": "0" * 64,
    }


def test_head_is_the_hash_of_the_last_line(tmp_path: Path) -> None:
    """What the manifest signs is the SHA-256 of the last line without its newline."""
    path = tmp_path / "trace.jsonl"
    recorder = Recorder(path)
    recorder.record("a", "harness")
    recorder.record("b", "harness")
    assert recorder.head == line_hash(path.read_bytes().split(b"\n")[1])


def test_two_threads_give_one_unbroken_chain(tmp_path: Path) -> None:
    """The campaign's loop and pytest's thread record at once; no line is torn, lost or out of order."""
    path = tmp_path / "trace.jsonl"
    recorder = Recorder(path)

    def burst(who: str) -> None:
        for n in range(300):
            recorder.record("tick", who, {"n": n})

    threads = [threading.Thread(target=burst, args=(who,)) for who in ("harness", "dut", "ev", "operator")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    trace = read_trace(path)
    assert len(trace) == 1200
    for who in ("harness", "dut", "ev", "operator"):
        assert [e.data["n"] for e in trace.of("tick", who=who)] == list(range(300))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.text(max_size=8),
            st.one_of(
                st.text(), st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False, allow_infinity=False), st.none()
            ),
        ),
        max_size=6,
    )
)
def test_what_was_recorded_is_read_back(tmp_path_factory: pytest.TempPathFactory, payloads: list[dict]) -> None:
    """Any data a frame may hold (newlines, quotes, surrogate-free Unicode, big numbers) survives the journal."""
    path = tmp_path_factory.mktemp("trace") / "trace.jsonl"
    recorder = Recorder(path)
    for payload in payloads:
        recorder.record("ocpp.frame", "dut", payload)
    recorder.close()
    assert [e.data for e in read_trace(path)] == payloads


def test_what_is_kept_in_memory_is_what_the_file_says(tmp_path: Path) -> None:
    """Values JSON cannot hold (infinity, tuples, bytes) look the same to a running wait and to a later re-judging."""
    path = tmp_path / "trace.jsonl"
    recorder = Recorder(path)
    given = {"inf": float("inf"), "tuple": (1, 2), "bytes": b"ab", "later": []}
    event = recorder.record("a", "harness", given)
    given["later"].append("changed afterwards")
    assert event == read_trace(path)[0]
    assert event.data == {"inf": None, "tuple": [1, 2], "bytes": "YWI=", "later": []}


def test_append_continues_chain_numbers_and_time(tmp_path: Path) -> None:
    """A campaign that goes on in a new process keeps one chain, and its time does not run backwards."""
    path = tmp_path / "trace.jsonl"
    first = Recorder(path, SetClock(7_000_000_000))
    first.record("a", "harness")
    first.record("b", "harness")
    first.close()
    second = Recorder.append_to(path, SetClock(123, "2026-11-22T10:00:02.500000Z"))
    event = second.record("c", "harness")
    second.close()
    assert (event.seq, event.t_ns) == (2, 9_500_000_000)
    assert [e.kind for e in read_trace(path)] == ["a", "b", "c"]
    assert [e.kind for e in second.events] == ["a", "b", "c"]


def test_a_wall_clock_set_back_does_not_turn_time_back(tmp_path: Path) -> None:
    """When the machine's clock was set back between two processes, t_ns still continues from the last event."""
    path = tmp_path / "trace.jsonl"
    with_events = Recorder(path, SetClock(40))
    with_events.record("a", "harness")
    with_events.close()
    again = Recorder.append_to(path, SetClock(0, "2026-11-22T09:00:00.000000Z"))
    assert again.record("b", "harness").t_ns == 40


def test_append_to_an_empty_journal_starts_a_chain(tmp_path: Path) -> None:
    """A process killed before its first event leaves an empty file; continuing it starts at event 0."""
    path = tmp_path / "trace.jsonl"
    path.touch()
    recorder = Recorder.append_to(path)
    assert recorder.record("a", "harness").seq == 0
    recorder.close()
    assert len(read_trace(path)) == 1


def test_append_refuses_a_damaged_journal(tmp_path: Path) -> None:
    """Nothing is appended to a journal whose chain is broken or whose tail is torn; the line is named."""
    path = tmp_path / "trace.jsonl"
    recorder = Recorder(path)
    recorder.record("a", "harness")
    recorder.close()
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"seq":1')
    with pytest.raises(TraceError) as caught:
        Recorder.append_to(path)
    assert caught.value.line == 2
    assert path.read_bytes() == whole + b'{"seq":1'


def test_append_never_creates_a_journal(tmp_path: Path) -> None:
    """Continuing something that is not there is an error, not a new trace."""
    with pytest.raises(FileNotFoundError):
        Recorder.append_to(tmp_path / "none.jsonl")
    assert not (tmp_path / "none.jsonl").exists()


def test_a_new_recorder_refuses_a_file_with_events(tmp_path: Path) -> None:
    """Starting a second chain inside the first one's file would break it; it is refused and nothing is written."""
    path = tmp_path / "trace.jsonl"
    first = Recorder(path)
    first.record("a", "harness")
    first.close()
    before = path.read_bytes()
    with pytest.raises(FileExistsError, match="append_to"):
        Recorder(path)
    assert path.read_bytes() == before


def test_a_journal_has_one_writer(tmp_path: Path) -> None:
    """While a campaign records, neither a second recorder nor a recovery may open its journal."""
    path = tmp_path / "trace.jsonl"
    recorder = Recorder(path)
    recorder.record("a", "harness")
    with pytest.raises(BlockingIOError, match="still being recorded"):
        Recorder.append_to(path)
    recorder.close()
    Recorder.append_to(path).close()


def test_recording_after_close_is_refused(tmp_path: Path) -> None:
    """An event after the end is an error with the event's kind, never a write to somebody else's descriptor."""
    recorder = Recorder(tmp_path / "trace.jsonl")
    recorder.close()
    recorder.close()
    with pytest.raises(ValueError, match=r"'late\.event'"):
        recorder.record("late.event", "harness")


def test_a_full_disk_leaves_whole_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a write stops half-way, the half line is taken back, so that the chain stays readable."""
    path = tmp_path / "trace.jsonl"
    recorder = Recorder(path)
    recorder.record("a", "harness")
    real = os.write

    def half(fd: int, data: bytes) -> int:
        if len(data) < 60:
            raise OSError(28, "No space left on device")
        return real(fd, data[: len(data) - 50])

    monkeypatch.setattr("harness.trace._recorder.os.write", half)
    with pytest.raises(OSError, match="No space"):
        recorder.record("b", "harness")
    monkeypatch.undo()
    recorder.record("c", "harness")
    recorder.close()
    assert [(e.seq, e.kind) for e in read_trace(path)] == [(0, "a"), (1, "c")]


def test_redaction_happens_before_the_line_is_written(tmp_path: Path) -> None:
    """What `redact` removes stands neither in the file nor in the events kept in memory."""
    path = tmp_path / "trace.jsonl"
    recorder = Recorder(path, redact=lambda kind, data: {**data, "secret": "gone"})
    event = recorder.record("a", "harness", {"secret": "hunter2"})
    assert event.data == {"secret": "gone"}
    assert b"hunter2" not in path.read_bytes()


def test_a_wait_that_times_out_says_so(tmp_path: Path) -> None:
    """A named wait leaves its start, its bound and how it ended."""
    recorder = Recorder(tmp_path / "trace.jsonl")
    with pytest.raises(TimeoutError), recorder.waiting("BootNotification", on="dut", bound_s=3):
        raise TimeoutError
    started, ended = recorder.events
    assert started.data == {"what": "BootNotification", "on": "dut", "bound_s": 3}
    assert ended.data == {"started": 0, "on": "dut", "outcome": "timed out"}


def test_a_listener_may_remove_itself(tmp_path: Path) -> None:
    """A waiter that stops listening from inside its own call does not make another one miss the event."""
    recorder = Recorder(tmp_path / "trace.jsonl")
    seen: list[str] = []
    remove = recorder.listen(lambda e: remove())
    recorder.listen(lambda e: seen.append(e.kind))
    recorder.record("a", "harness")
    recorder.record("b", "harness")
    assert seen == ["a", "b"]


def test_a_killed_process_loses_nothing_it_recorded(tmp_path: Path) -> None:
    """SIGKILL right after `record`: every event that was recorded is on disk, and the journal can be continued."""
    path = tmp_path / "trace.jsonl"
    program = (
        "import os, signal, sys; from pathlib import Path; from harness.trace import Recorder\n"
        "r = Recorder(Path(sys.argv[1]))\n"
        "for n in range(500): r.record('tick', 'dut', {'n': n})\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], timeout=30, check=False)
    assert done.returncode == -signal.SIGKILL
    assert [e.data["n"] for e in read_trace(path)] == list(range(500))
    again = Recorder.append_to(path)
    assert again.record("campaign.recovered", "harness").seq == 500


def test_a_torn_tail_is_cut_off_and_handed_over(tmp_path: Path) -> None:
    """Recovery asks for it: the torn bytes leave the file, the caller gets them, and the chain goes on before them."""
    path = tmp_path / "trace.jsonl"
    recorder = Recorder(path)
    recorder.record("a", "harness")
    recorder.close()
    with path.open("ab") as file:
        file.write(b'{"seq":1,"t_')
    again = Recorder.append_to(path, torn_tail=True)
    assert again.dropped == b'{"seq":1,"t_'
    again.record("campaign.recovered", "harness")
    again.close()
    assert [e.kind for e in read_trace(path)] == ["a", "campaign.recovered"]
