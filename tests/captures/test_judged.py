"""`chargeproof judge` of captures: what it prints, writes and refuses, and how it ends."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest
from click.testing import CliRunner, Result

from harness.cli._main import cli
from harness.judge.rules import LogVerdicts
from tests.captures._make import ACK, CAR, CHARGER, FIN, Made, session


def judge(*arguments: str | Path) -> Result:
    """The command."""
    return CliRunner().invoke(cli, ["judge", *map(str, arguments)])


def test_a_good_session_is_exit_0_and_a_ladder(tmp_path: Path) -> None:
    """It counts what came up, shows the session, fits its published schema, and says no GO."""
    path = Made().sdp().opened().says(session()).tcp(CAR, CHARGER, flags=FIN | ACK).pcapng(tmp_path / "a.pcapng")
    result = judge(path, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "none of them violated" in result.output and "GO" not in result.output
    written = (tmp_path / "out" / "judged.json").read_bytes()
    found = msgspec.json.decode(written, type=LogVerdicts)
    assert (found.of, found.messages, found.skipped, len(found.sessions)) == ("ISO 15118", len(session()), 0, 1)
    assert found.sessions[0].protocol == "ISO 15118-20" and found.stations[0].station == "charger at fe80::5ecc"
    whats = [rung.what for rung in found.sessions[0].ladder]
    assert whats[0] == "connection opened" and whats[-1] == "connection closed" and "DC_ChargeLoopReq" in whats
    published = resources.files("harness.evidence").joinpath("schema", "log-verdicts.json").read_bytes()
    assert jsonschema_rs.validator_for(json.loads(published)).is_valid(json.loads(written))
    page = (tmp_path / "out" / "judged.html").read_text("utf-8")
    assert "← DC_ChargeLoopRes" in page and "What ISO 15118 asks" in page and "<script" not in page


@pytest.mark.parametrize("link", [1, 101])
def test_a_violated_rule_says_where(tmp_path: Path, link: int) -> None:
    """An answer that comes twice, with the packet in which it stands."""
    said = list(session())
    path = Made().opened().says([*said[:8], said[7], *said[8:]]).pcap(tmp_path / "b.pcap", link)
    result = judge(path, "--out", tmp_path / "out")
    assert "V2G-SES.R002" in result.output and "b.pcap: packet 12: it sent ServiceDiscoveryRes" not in result.output
    found = msgspec.json.decode((tmp_path / "out" / "judged.json").read_bytes(), type=LogVerdicts)
    assert [(f.rule, f.violated) for f in found.stations[0].faults] == [("V2G-SES.R002", 1)]
    assert found.stations[0].faults[0].places[0].where == ("b.pcap: packet 12",)
    assert result.exit_code == (0 if found.stations[0].faults[0].advisory else 1)


def test_what_cannot_be_read_is_named_and_counted(tmp_path: Path) -> None:
    """A message that is none of its schema, with octet and bit; octets that are no V2GTP."""
    said = [*session()[:6], ("out", 0x8002, b"\x80\xff\xff"), ("in", 0x8002, b"")]
    made = Made().opened().says(said).tcp(CHARGER, CAR, b"rubbish")
    result = judge(made.pcap(tmp_path / "c.pcap"), "--out", tmp_path / "out")
    found = msgspec.json.decode((tmp_path / "out" / "judged.json").read_bytes(), type=LogVerdicts)
    assert found.skipped == 3 and found.messages == 8 and "Skipped: 3 messages" in result.output
    assert "octet" in found.skipped_lines[0].why and "bit" in found.skipped_lines[0].why


def test_an_empty_capture_exercises_nothing(tmp_path: Path) -> None:
    """Exit 4, as for a log in which nothing came up."""
    assert judge(Made().sdp().pcap(tmp_path / "a.pcap")).exit_code == 4


def test_what_does_not_go_together_is_refused(tmp_path: Path) -> None:
    """Exit 2: a key log without a capture, a capture beside a log, a table's columns, a key log that is not there."""
    capture, other = Made().sdp().pcap(tmp_path / "a.pcap"), tmp_path / "a.jsonl"
    other.write_text("{}\n")
    assert "goes with a capture" in (one := judge(other, "--tls-keys", other)).output and one.exit_code == 2
    assert "one by one" in (two := judge(capture, other)).output and two.exit_code == 2
    assert (
        "--mapping goes with a table" in (three := judge(capture, "--mapping", other)).output and three.exit_code == 2
    )
    assert (four := judge(capture, "--tls-keys", tmp_path / "none")).exit_code == 2 and "none" in four.output
    assert (five := judge(capture, "--out", capture.parent / "o", "--tls-keys", other)).exit_code == 4, five.output


def test_a_torn_capture_is_judged_as_far_as_it_goes(tmp_path: Path) -> None:
    """And its end is named."""
    path = Made().opened().says(session()).pcap(tmp_path / "a.pcap")
    path.write_bytes(path.read_bytes()[:-30])
    result = judge(path)
    assert result.exit_code == 0 and "its end could not be read" in result.output
