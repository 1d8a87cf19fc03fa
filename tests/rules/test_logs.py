"""Logs of others: each format, what cannot be read, order, clocks, size."""

from __future__ import annotations

import csv
import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from harness.judge.rules import LogStream, Message
from harness.trace.logs import CsvMapping, CsvSender, Log, LogError, Record, place_of
from harness.trace.logs import _order as order_module
from harness.trace.logs._record import subprotocol
from tests.rules._stream import stamp


def simple(s: float, sender: str, *frame: Any, station: str = "CP1", **more: str) -> dict[str, str]:
    """A line of the simple form."""
    return {"time": stamp(s), "station": station, "sender": sender, "frame": json.dumps(frame)} | more


def write(path: Path, *lines: Any) -> Path:
    """A file of these lines; what is no text is written as JSON."""
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


def read(*files: Path, mapping: CsvMapping | None = None) -> tuple[Log, list[Record]]:
    """The log and its records in order."""
    log = Log(files, mapping)
    log.survey()
    return log, [record for _, record in log.in_order()]


def beats(count: int, station: str = "CP1", shift: float = 0.0) -> list[dict[str, str]]:
    """Heartbeats a second apart with their answers after 0.1 s, the backend's by a clock that is off by `shift`."""
    lines = []
    for n in range(count):
        lines.append(simple(n, "station", 2, f"{station}-{n}", "Heartbeat", {}, station=station))
        answer = {"currentTime": stamp(n)}
        lines.append(simple(n + 0.1 + shift, "csms", 3, f"{station}-{n}", answer, station=station))
    return lines


def ids(records: list[Record]) -> list[tuple[int, str]]:
    """Type and id of each message."""
    return [(parts[0], parts[1]) for parts in (json.loads(record.text) for record in records)]


IN_TURN = [(kind, f"CP1-{n}") for n in range(20) for kind in (2, 3)]


def test_the_simple_form_is_read(tmp_path: Path) -> None:
    """Messages of both sides, connections, and a version where there is one."""
    opened = {"time": stamp(0), "station": "CP1", "event": "connected", "version": "OCPP2.1"}
    log, (first, second) = read(write(tmp_path / "a.jsonl", opened, simple(1, "station", 2, "1", "Heartbeat", {})))
    assert (first.event, first.version, first.sender) == ("connected", "ocpp2.1", "")
    assert (second.sender, json.loads(second.text)[2], second.station) == ("station", "Heartbeat", "CP1")
    assert second.utc_ns - first.utc_ns == 10**9
    assert place_of(second.at, log.names) == "a.jsonl:2"
    assert log.formats == ["JSON Lines"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("not json", "not JSON"),
        ("[1]", "no JSON object"),
        ({"station": "CP1", "sender": "station", "frame": "[]"}, "has no time"),
        (simple(1, "station") | {"time": "2026-11-01T10:00:00"}, "names no zone"),
        (simple(1, "station") | {"time": "yesterday"}, "'yesterday' is none"),
        (simple(1, "charger"), "'charger' is unknown"),
        (simple(1, "station") | {"station": ""}, "station is no text"),
        ({"time": stamp(1), "station": "CP1", "sender": "station", "frame": [2]}, "frame is no text"),
        ({"time": stamp(1), "station": "CP1", "event": "rebooted"}, "'rebooted' is unknown"),
    ],
)
def test_a_malformed_line_is_counted_named_and_skipped(tmp_path: Path, line: Any, why: str) -> None:
    """With its place and what is wrong; the others are read."""
    log, records = read(write(tmp_path / "a.jsonl", simple(0, "station"), line, simple(2, "station")))
    assert (len(records), log.records, log.skipped, log.lines) == (2, 2, 1, 3)
    assert log.named[0].place == "a.jsonl:2" and why in log.named[0].why


def test_malformed_lines_without_end_fill_no_memory(tmp_path: Path) -> None:
    """All are counted, the first are named; a line of many megabytes is one of them."""
    log, _ = read(write(tmp_path / "a.jsonl", simple(0, "station"), *["x"] * 500, "y" * (9 << 20), simple(1, "csms")))
    assert (log.skipped, len(log.named), log.records) == (501, 50, 2)


def test_a_garbled_frame_is_no_malformed_line(tmp_path: Path) -> None:
    """What the station sent is evidence, however wrong; only the log's own line must be in order."""
    line = simple(0, "station") | {"frame": "[2, rubbish"}
    log, records = read(write(tmp_path / "a.jsonl", line))
    assert (log.skipped, records[0].text) == (0, "[2, rubbish")


def test_gzip_is_unpacked(tmp_path: Path) -> None:
    """Whatever the file is called."""
    path = tmp_path / "log"
    path.write_bytes(gzip.compress("\n".join(json.dumps(line) for line in beats(3)).encode()))
    assert len(read(path)[1]) == 6


def test_several_files_are_one_log(tmp_path: Path) -> None:
    """In order of time over all of them; each line keeps its file's name."""
    lines = beats(4)
    later, earlier = write(tmp_path / "later.jsonl", *lines[4:]), write(tmp_path / "earlier.jsonl", *lines[:4])
    log, records = read(later, earlier)
    assert ids(records) == IN_TURN[:8]
    assert place_of(records[0].at, log.names) == "earlier.jsonl:1"


# -- order and clocks -------------------------------------------------------------------------------------------------


def test_an_unsorted_log_is_sorted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In memory or, where it is larger, on disk."""
    lines = beats(20)
    random.Random(7).shuffle(lines)
    path = write(tmp_path / "a.jsonl", *lines)
    for chunk in (50_000, 7):
        monkeypatch.setattr(order_module, "CHUNK", chunk)
        log, records = read(path)
        assert log.order is not None and log.order.needs_sorting
        assert ids(records) == IN_TURN


def test_a_sorted_log_is_not_sorted_again(tmp_path: Path) -> None:
    """Also where stations take turns with clocks of their own."""
    log, _ = read(write(tmp_path / "a.jsonl", *beats(5, "CP1"), *beats(5, "CP2")))
    assert log.order is not None and not log.order.needs_sorting


@pytest.mark.parametrize("shift", [-30.0, -0.4, 30.0])
def test_clocks_that_disagree_are_brought_together(tmp_path: Path, shift: float) -> None:
    """The two sides were recorded by two clocks: no answer comes before its call. A clock ahead changes no order."""
    log, records = read(write(tmp_path / "a.jsonl", *sorted(beats(20, shift=shift), key=lambda line: line["time"])))
    assert log.order is not None
    assert log.order.shifts == ({} if shift > 0 else {"CP1": pytest.approx((-shift - 0.1 + 0.001) * 1e9)})
    for n in range(20):
        assert ids(records).index((2, f"CP1-{n}")) < ids(records).index((3, f"CP1-{n}"))


def test_clocks_that_cannot_be_brought_together_leave_the_order_of_the_log(tmp_path: Path) -> None:
    """Answers of both sides come before their calls: no shift of one clock mends that."""
    asked = [simple(5, "csms", 2, "b1", "Reset", {}), simple(1, "station", 3, "b1", {})]
    log, records = read(write(tmp_path / "a.jsonl", *beats(3, shift=-30), *asked))
    assert log.order is not None and log.order.unsteady == {"CP1"}
    assert ids(records) == [*IN_TURN[:6], (2, "b1"), (3, "b1")]


def test_the_time_of_a_station_never_runs_back(tmp_path: Path) -> None:
    """Whatever its log says."""
    log = Log([write(tmp_path / "a.jsonl", *beats(3, shift=-30), simple(5, "csms", 2, "b1", "Reset", {}))])
    log.survey()
    times = [at_ns for at_ns, _ in log.in_order()]
    assert times == sorted(times)


# -- other formats ----------------------------------------------------------------------------------------------------


def trace(s: float, way: str, kind: str, **more: Any) -> dict[str, Any]:
    """A record of the Open OCPP Trace Format."""
    return {
        "schemaVersion": "1.1", "timestamp": stamp(s), "ocppVersion": "2.0.1", "transport": "json",
        "chargePointId": "CP1", "direction": way, "messageType": kind, "messageId": "1",
    } | more  # fmt: skip


def test_the_open_trace_format_is_read(tmp_path: Path) -> None:
    """`raw` is taken as it was sent; without it the message is put together."""
    lines = [
        trace(0, "cp-to-csms", "CALL", action="Heartbeat", payload={}, raw='[2,"1","Heartbeat",{} ]'),
        trace(1, "csms-to-cp", "CALLRESULT", payload={"currentTime": stamp(1)}),
        trace(2, "csms-to-cp", "CALL", messageId="2", action="Reset", payload={"type": "OnIdle"}),
        trace(3, "cp-to-csms", "CALLERROR", messageId="2", error={"code": "NotSupported"}),
        trace(4, "sideways", "CALL"),
        trace(5, "cp-to-csms", "CALL", transport="soap"),
    ]
    log, records = read(write(tmp_path / "a.jsonl", *lines))
    assert (log.formats, log.skipped) == (["Open OCPP Trace"], 2)
    assert [r.text for r in records] == [
        '[2,"1","Heartbeat",{} ]',
        f'[3,"1",{{"currentTime":"{stamp(1)}"}}]',
        '[2,"2","Reset",{"type":"OnIdle"}]',
        '[4,"2","NotSupported","",{}]',
    ]
    assert {(r.station, r.version) for r in records} == {("CP1", "ocpp2.0.1")}


COLUMNS = {"time": "When", "station": "Charger", "sender": "Way", "frame": "Message"}
MAPPING = CsvMapping(
    COLUMNS, CsvSender(("in",), ("out",)), time_format="%d.%m.%Y %H:%M:%S", time_zone="+01:00", delimiter=";"
)


def table(path: Path, *rows: list[str]) -> Path:
    """A table with a head."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([["Charger", "When", "Way", "Message"], *rows])
    return path


def test_a_table_is_read_by_its_mapping(tmp_path: Path) -> None:
    """Its columns, its words for the sender, its times, its zone; a row that does not fit is skipped."""
    rows = [
        ["CP1", "01.11.2026 11:00:00", "in", '[2,"1","Heartbeat",{}]'],
        ["CP1", "1. November", "in", "[]"],
        ["CP1", "01.11.2026 11:00:01", "sideways", "[]"],
        ["CP1", "01.11.2026 11:00:01"],
        ["CP1", "01.11.2026 11:00:02", "out", '[3,"1",\n{}]'],
    ]
    log, (first, second) = read(table(tmp_path / "a.csv", *rows), mapping=MAPPING)
    assert (first.sender, second.sender, second.text) == ("station", "csms", '[3,"1",\n{}]')
    assert second.utc_ns - first.utc_ns == 2 * 10**9
    assert first.utc_ns == read(write(tmp_path / "b.jsonl", simple(0, "station")))[1][0].utc_ns
    assert [line.place for line in log.named] == ["a.csv:3", "a.csv:4", "a.csv:5"]


@pytest.mark.parametrize(
    ("mapping", "wrong"),
    [
        (None, "--mapping must say which column is what"),
        (CsvMapping(COLUMNS), "has no column 'When'"),
        (CsvMapping({"time": "When"}, delimiter=";"), "columns: sender is missing"),
        (CsvMapping(COLUMNS | {"zeit": "When"}, delimiter=";"), "'zeit' is none of"),
        (CsvMapping(COLUMNS, delimiter=";", time_zone="CET"), 'write it like "+01:00"'),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(tmp_path: Path, mapping: CsvMapping | None, wrong: str) -> None:
    """It says what is wrong with which column."""
    with pytest.raises(LogError, match=wrong.replace("(", r"\(").replace("+", r"\+")):
        Log([table(tmp_path / "a.csv")], mapping)


@pytest.mark.parametrize("text", ["", "hello\n", "{}\n", '{"level": "info"}\n'])
def test_what_is_no_log_is_refused(tmp_path: Path, text: str) -> None:
    """With the form that would be right."""
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LogError, match=r"a\.txt: no format that is known"):
        Log([path])


def test_a_log_without_a_line_that_can_be_read_is_refused(tmp_path: Path) -> None:
    """The first fault is named."""
    log = Log([write(tmp_path / "a.jsonl", {"station": "CP1"}, {"station": "CP1"})])
    with pytest.raises(LogError, match=r"no line could be read; a\.jsonl:1: it has no time"):
        log.survey()


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("2.1", "ocpp2.1"),
        ("OCPP2.0.1", "ocpp2.0.1"),
        ("ocpp 2.1", "ocpp2.1"),
        ("1.6", "ocpp1.6"),
        ("ocpp1.6j", "ocpp1.6"),
    ],
)
def test_versions_are_read_however_they_are_written(written: str, spoken: str) -> None:
    """As the WebSocket's subprotocol is called."""
    assert subprotocol(written) == spoken


# -- from records to what rules see -----------------------------------------------------------------------------------


def test_another_version_is_named_and_left_alone(tmp_path: Path) -> None:
    """Its messages are counted; those of other stations are judged."""
    other = [line | {"version": "1.6"} for line in beats(3, "OLD")]
    stream = LogStream()
    log, _ = read(write(tmp_path / "a.jsonl", *other, *beats(2)))
    seen = [item for item in stream.items(log.in_order()) if isinstance(item, Message)]
    assert stream.left_alone == {"ocpp1.6": 6}
    assert ({m.station for m in seen}, stream.messages) == ({"CP1"}, 4)
    assert stream.spoken == {"OLD": {"ocpp1.6"}, "CP1": {"not told"}}


def test_a_connections_version_holds_for_its_messages(tmp_path: Path) -> None:
    """Until another one is told; `--version` stands in where none is."""
    opened = {"time": stamp(0), "station": "CP1", "event": "connected", "version": "2.1"}
    log, _ = read(write(tmp_path / "a.jsonl", opened, *beats(1), *beats(1, "CP2")))
    seen = [item for item in LogStream("ocpp2.0.1").items(log.in_order()) if isinstance(item, Message)]
    assert {(m.station, m.version) for m in seen} == {("CP1", "ocpp2.1"), ("CP2", "ocpp2.0.1")}


def test_answers_know_their_calls(tmp_path: Path) -> None:
    """By id, station and side."""
    log, _ = read(write(tmp_path / "a.jsonl", *beats(2), *beats(2, "CP2")))
    seen = [item for item in LogStream().items(log.in_order()) if isinstance(item, Message)]
    answers = [m for m in seen if not m.is_call]
    assert [(m.action, m.call is not None and m.call.id == m.id) for m in answers] == [("Heartbeat", True)] * 4
