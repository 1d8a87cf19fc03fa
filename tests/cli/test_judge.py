"""`chargeproof judge`: what it prints, writes, refuses, and how it ends."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from click.testing import CliRunner, Result

from harness.cli._main import cli
from harness.judge.rules import LogVerdicts
from tests.rules._stream import BOOT, stamp

HEARTBEAT = [2, "1", "Heartbeat", {}]


def line(s: float, sender: str, frame: Any, station: str = "CP1", **more: str) -> str:
    """A line of the simple form."""
    told = {"time": stamp(s), "station": station, "sender": sender, "frame": json.dumps(frame)}
    return json.dumps(told | more)


def log(path: Path, *lines: str) -> Path:
    """A log of these lines."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def judge(*arguments: str | Path) -> Result:
    """The command."""
    return CliRunner().invoke(cli, ["judge", *map(str, arguments)])


def good(path: Path) -> Path:
    """A station that does everything right."""
    told = {"currentTime": stamp(0), "interval": 300, "status": "Accepted"}
    return log(path, line(0, "station", [2, "1", "BootNotification", BOOT]), line(0.1, "csms", [3, "1", told]))


def bad(path: Path) -> Path:
    """Three stations: one fine, one with an unknown action, one with that and more."""
    lines = [line(0, "station", HEARTBEAT), line(1, "station", [2, "2", "MakeCoffee", {}], "CP2")]
    for n in range(4):
        lines.append(line(2 + n, "station", [2, f"a{n}", f"Make<b>{n}</b>", {}], "CP3"))
        lines.append(line(3 + n, "station", [2, f"b{n}", "StatusNotification", {}], "CP3"))
    return log(path, *lines, "rubbish")


def test_a_log_without_a_violation_is_exit_0(tmp_path: Path) -> None:
    """It counts what came up, and says that of the rest nothing is known; it says no GO."""
    result = judge(good(tmp_path / "a.jsonl"))
    assert result.exit_code == 0, result.output
    assert "none of them violated; of" in result.output and "nothing is known" in result.output
    assert "GO" not in result.output


def test_a_violation_is_exit_1_with_clause_place_and_what_was_seen(tmp_path: Path) -> None:
    """The worst station first; lines that were skipped are named."""
    result = judge(bad(tmp_path / "a.jsonl"))
    assert result.exit_code == 1, result.output
    assert result.output.index("CP3:") < result.output.index("CP2:")
    assert "CP1:" not in result.output
    assert "OCPP-J 4.1.6" in result.output
    assert "a.jsonl:2: action MakeCoffee does not exist" in result.output
    assert "a.jsonl:11: not JSON" in result.output


def test_a_violation_that_decides_nothing_is_exit_0_and_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log is judged by the table of a campaign: what was never seen red and green is advisory, and says so."""
    monkeypatch.setattr("harness.cli.judged._logs.read_proofs", dict)
    result = judge(bad(tmp_path / "a.jsonl"), "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "advisory: its check was never seen to turn red" in result.output
    assert "a reason to look, not a verdict" in result.output
    found = msgspec.json.decode((tmp_path / "out" / "judged.json").read_bytes(), type=LogVerdicts)
    assert found.violated >= 2 and found.decided == 0


def test_nothing_exercised_is_exit_4(tmp_path: Path) -> None:
    """A log of another version, say, or one in which only the backend spoke."""
    result = judge(log(tmp_path / "a.jsonl", line(0, "station", HEARTBEAT, version="1.6")))
    assert result.exit_code == 4, result.output
    assert "Left alone: 1 message of ocpp1.6" in result.output
    assert "Nothing was exercised" in result.output


@pytest.mark.parametrize("make", ["missing", "empty", "picture", "csv", "folder"])
def test_what_is_no_log_is_exit_2(tmp_path: Path, make: str) -> None:
    """It says what would be right, and writes nothing."""
    path = tmp_path / ("a.csv" if make == "csv" else "a")
    if make == "folder":
        path.mkdir()
    elif make != "missing":
        path.write_bytes({"empty": b"", "picture": b"\x89PNG\r\n\x1a\n\xff", "csv": b"a,b\n1,2\n"}[make])
    result = judge(path, "--out", tmp_path / "out")
    assert result.exit_code == 2, result.output
    assert path.name in result.output
    assert not (tmp_path / "out").exists()


def test_evidence_is_judged_alone(tmp_path: Path) -> None:
    """Evidence and foreign logs tell numbers of different kinds."""
    (tmp_path / "evidence").mkdir()
    result = judge(tmp_path / "evidence", good(tmp_path / "a.jsonl"))
    assert result.exit_code == 2 and "give it alone" in result.output


def test_a_wrong_mapping_is_refused_with_its_line(tmp_path: Path) -> None:
    """As every YAML file here."""
    mapping = log(tmp_path / "m.yaml", "columns: {time: T}", "colour: red")
    (tmp_path / "a.csv").write_text("T\n1\n", encoding="utf-8")
    result = judge(tmp_path / "a.csv", "--mapping", mapping)
    assert result.exit_code == 2 and "m.yaml:2" in result.output


def test_the_version_may_be_given(tmp_path: Path) -> None:
    """Without one, only what both versions say is judged, and that is said."""
    path = log(tmp_path / "a.jsonl", line(0, "station", [6, "1", "NotifyPeriodicEventStream", {}]))
    unknown, known = judge(path), judge(path, "--version", "2.0.1")
    assert "no version of OCPP is told" in unknown.output and "OCPP-P4.R015" not in unknown.output
    assert "OCPP-P4.R015" in known.output and "no version of OCPP is told" not in known.output


def test_page_and_verdicts_are_written(tmp_path: Path) -> None:
    """The JSON has all that the page shows; the page runs and fetches nothing, and escapes what a station says."""
    assert judge(bad(tmp_path / "a.jsonl"), "--out", tmp_path / "out").exit_code == 1
    found = msgspec.json.decode((tmp_path / "out" / "judged.json").read_bytes(), type=LogVerdicts)
    page = (tmp_path / "out" / "judged.html").read_text("utf-8")
    assert found.schema == "chargeproof/log-verdicts/1"
    published = resources.files("harness.evidence").joinpath("schema", "log-verdicts.json").read_bytes()
    written = json.loads((tmp_path / "out" / "judged.json").read_bytes())
    assert jsonschema_rs.validator_for(json.loads(published)).is_valid(written)
    assert [s.station for s in found.stations] == ["CP3", "CP2", "CP1"]
    assert (found.messages, found.skipped) == (10, 1)
    assert "default-src 'none'" in page and "<script" not in page and "http:" not in page and "https:" not in page
    assert "<b>0</b>" not in page and "&lt;b&gt;0" in page
    assert "&#34;decision&#34;" not in page and ">GO<" not in page


def test_each_station_has_its_faults_on_a_page_for_an_issue_tracker(tmp_path: Path) -> None:
    """Plain text: what was asked, by which clause, what was seen, how often and where, with the frame."""
    judge(bad(tmp_path / "a.jsonl"), "--out", tmp_path / "out")
    page = (tmp_path / "out" / "judged.html").read_text("utf-8")
    text = page.split("As text for an issue tracker")[1].split("</pre>")[0]
    for part in (
        "Charging station CP3: 2 obligations",
        "OCPP-P4.R002",
        "4 times of 8",
        "at a.jsonl:3",
        "StatusNotification",
    ):
        assert part in text, part


def test_nothing_is_written_over_a_log(tmp_path: Path) -> None:
    """`--out` may not be where the log lies under one of the names that are written."""
    path = good(tmp_path / "judged.json")
    result = judge(path, "--out", tmp_path)
    assert result.exit_code == 2 and "nothing is written over its own source" in result.output


def test_a_campaign_of_ours_is_judged_too(tmp_path: Path) -> None:
    """Its journal, the folder around it; places are events."""
    from harness.trace import Recorder

    folder = tmp_path / "evidence"
    folder.mkdir()
    recorder = Recorder(folder / "trace.jsonl")
    opened = {"conn": 1, "state": "open", "identity": "CP1", "subprotocol": "ocpp2.0.1"}
    recorder.record("ocpp.connection", "dut", opened)
    raw = json.dumps([2, "1", "MakeCoffee", {}])
    recorder.record("ocpp.frame", "dut", {"conn": 1, "dir": "in", "raw": raw})
    recorder.close()
    for path in (folder / "trace.jsonl", folder, tmp_path):
        result = judge(path)
        assert result.exit_code == 1, result.output
        assert "trace.jsonl: event 1: action MakeCoffee" in result.output


def test_a_log_of_others_may_be_called_as_our_journal_is(tmp_path: Path) -> None:
    """trace.jsonl is what others call their Open OCPP Trace too: what is in it decides, not its name."""
    raw = json.dumps([2, "1", "MakeCoffee", {}])
    line = {"schemaVersion": "1.1", "timestamp": "2026-11-01T10:00:00Z", "transport": "json", "direction": "cp-to-csms"}
    (tmp_path / "trace.jsonl").write_text(json.dumps(line | {"ocppVersion": "2.0.1", "raw": raw}) + "\n")
    result = judge(tmp_path / "trace.jsonl")
    assert result.exit_code == 1 and "trace.jsonl (Open OCPP Trace)" in result.output, result.output
