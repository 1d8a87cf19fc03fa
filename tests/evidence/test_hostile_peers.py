"""Whatever a peer sent, the campaign is sealed, the bundle verifies, and nothing ends as a fault of ours."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.cli._main import cli
from harness.evidence import verify
from harness.evidence._facts import dut_record
from harness.trace import Event, Recorder, Trace
from tests.evidence._campaign import StepClock, campaign, the_plan

DEEP = "[" * 5000 + "]" * 5000


def _boot(station: str) -> str:
    return '[2,"9","BootNotification",{"reason":"PowerUp","chargingStation":' + station + "}]"


FRAMES = {
    "a number beyond all numbers": _boot('{"model":1e999,"vendorName":"A"}'),
    "a number of 5000 digits": _boot('{"model":' + "9" * 5000 + "}"),
    "a number of 40 digits": _boot('{"model":' + "9" * 40 + ',"firmwareVersion":-' + "9" * 40 + "}"),
    "NaN": _boot('{"model":NaN}'),
    "half a character": _boot('{"model":"\\ud800","vendorName":"A"}'),
    "half a character for a key": _boot('{"\\udfff":"x"}'),
    "a station nested 5000 deep": _boot('{"model":' + DEEP + "}"),
    "a station nested 400 deep": _boot('{"model":' + "[" * 400 + "]" * 400 + "}"),
    "a station nested 120 deep": _boot('{"a":' * 120 + "1" + "}" * 120),
    "nothing but brackets": DEEP,
    "a station that is a list": _boot("[1,2]"),
    "a station that is null": _boot("null"),
    "texts that are none": _boot('{"model":{"a":1},"serialNumber":[1],"vendorName":null,"firmwareVersion":true}'),
    "a key twice": _boot('{"model":"A","model":"B"}'),
    "a name of a megabyte": _boot('{"model":"' + "x" * 1_000_000 + '"}'),
    "ten thousand keys": _boot(json.dumps({f"k{n}": n for n in range(10_000)})),
    "controls and directions": _boot(json.dumps({"model": "A\u202e\x00\x1b[2J", "vendorName": "\n\rGO"})),
    "no JSON at all": "\x00\x01 hello",
    "nothing": "",
}


def _hear(folder: Path, raw: str, action: str | None = "BootNotification") -> None:
    """Append what a charger sent, as the recorder of a campaign does."""
    recorder = Recorder.append_to(folder / "trace.jsonl", StepClock())
    data = {"conn": 1, "dir": "in", "type": 2, "id": "9", "action": action, "raw": raw, "errors": ["rubbish"]}
    recorder.record("ocpp.frame", "dut", data)
    recorder.close()


def _seal(folder: Path) -> Result:
    return CliRunner().invoke(cli, ["seal", str(folder)])


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "ended"])
@pytest.mark.parametrize("what", FRAMES)
def test_what_a_charger_sent_is_sealed(tmp_path: Path, what: str, killed: bool) -> None:
    """First and only boot or a later one: exit code 0 or 1, and the bundle holds, judged again."""
    folder = campaign(tmp_path / "c" / "evidence", to_the_end=not killed)
    _hear(folder, FRAMES[what])
    ended = _seal(tmp_path / "c")
    assert ended.exit_code in (0, 1), ended.output
    report = verify(tmp_path / "c" / "bundle.zip", rejudge=True)
    another = [p for p in report.problems if "is GO for one charger" in p.what]  # a name that another boot did not give
    assert list(report.problems) == another
    assert report.rejudged == ("not possible" if another else "agrees")
    assert CliRunner().invoke(cli, ["verify", str(tmp_path / "c" / "bundle.zip"), "--rejudge"]).exit_code != 3
    page = CliRunner().invoke(cli, ["report", str(tmp_path / "c" / "bundle.zip"), "--out", str(tmp_path / "r.html")])
    assert page.exit_code in (0, 1, 2), page.output


@pytest.mark.parametrize("what", FRAMES)
def test_who_the_charger_is_stays_readable(what: str) -> None:
    """As the only boot: dut.json has a measure, and is JSON that everybody reads alike."""
    from harness.evidence.bundle._strict_json import decode

    data = {"dir": "in", "type": 2, "id": "9", "action": "BootNotification", "raw": FRAMES[what]}
    event = Event(seq=0, t_ns=1, utc="2026-11-22T10:00:00Z", kind="ocpp.frame", who="dut", data=data)
    raw = msgspec.json.encode(dut_record(the_plan(), Trace([event])))
    assert len(raw) < 200_000
    assert decode(raw)["profile"]["serial"] == "A-17"


@pytest.mark.parametrize(
    "torn", [b"\xff\xfe\x00", b'{"seq":', b"[" * 100_000, b'{"seq":1e999', b"\n" * 0 + b"x" * 100_000]
)
def test_a_torn_line_of_any_kind_is_cut_off(tmp_path: Path, torn: bytes) -> None:
    """Whatever stood in the half line that a kill left."""
    folder = campaign(tmp_path / "c" / "evidence", to_the_end=False)
    with (folder / "trace.jsonl").open("ab") as file:
        file.write(torn)
    ended = _seal(tmp_path / "c")
    assert ended.exit_code == 1 and "was torn" in ended.output
    assert verify(tmp_path / "c" / "bundle.zip", rejudge=True).ok


HALF_WRITTEN = {
    "cut off": b'{"schema": "chargepr',
    "empty": b"",
    "deep": b"[" * 100_000,
    "not UTF-8": b"\xff\xfe",
    "1e999": b'{"schema": 1e999}',
    "huge": b'{"schema": ' + b"9" * 5000 + b"}",
    "half a character": b'{"schema": "\\ud800"}',
    "another shape": b"[]",
}


@pytest.mark.parametrize("name", ["verdicts.json", "dut.json"])
@pytest.mark.parametrize("what", HALF_WRITTEN)
def test_half_written_documents_are_made_anew(tmp_path: Path, name: str, what: str) -> None:
    """Those that follow from the trace."""
    folder = campaign(tmp_path / "c" / "evidence", to_the_end=False)
    (folder / name).write_bytes(HALF_WRITTEN[what])
    ended = _seal(tmp_path / "c")
    assert ended.exit_code in ((1, 2) if what == "another shape" else (1,)), ended.output
    if ended.exit_code == 1:
        assert verify(tmp_path / "c" / "bundle.zip", rejudge=True).ok


def test_an_environment_that_was_altered_is_named(tmp_path: Path) -> None:
    """It was on the disk before the first event, whose digest it must have: no kill leaves half of it."""
    folder = campaign(tmp_path / "c" / "evidence", to_the_end=False)
    (folder / "environment.json").write_bytes(b'{"schema": "chargeproof/environ')
    ended = _seal(tmp_path / "c")
    assert ended.exit_code == 2 and "environment.json: was altered" in ended.output


@pytest.mark.parametrize("what", HALF_WRITTEN)
def test_a_plan_that_cannot_be_read_is_named(tmp_path: Path, what: str) -> None:
    """Without its plan nothing can be judged: exit code 2, never 3."""
    folder = campaign(tmp_path / "c" / "evidence")
    (folder / "plan.json").write_bytes(HALF_WRITTEN[what])
    ended = _seal(tmp_path / "c")
    assert ended.exit_code == 2 and "plan.json" in ended.output


def test_papers_of_others_need_not_be_json(tmp_path: Path) -> None:
    """What lies among the attachments is enclosed as it is."""
    folder = campaign(tmp_path / "c" / "evidence")
    (folder / "attachments" / "log.json").write_bytes(b"{'not': json,")
    (folder / "attachments" / "twice.json").write_bytes(b'{"a":1,"a":2}')
    assert _seal(tmp_path / "c").exit_code == 0
    assert verify(tmp_path / "c" / "bundle.zip", rejudge=True).ok


_STATION = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(station=st.dictionaries(st.sampled_from(["model", "vendorName", "serialNumber", "firmwareVersion"]), _STATION))
def test_any_station_is_sealed(tmp_path_factory: pytest.TempPathFactory, station: dict[str, object]) -> None:
    """Any JSON, or what Python's writer takes for JSON, in place of what a charger says of itself."""
    place = tmp_path_factory.mktemp("any")
    folder = campaign(place / "evidence", to_the_end=False)
    _hear(folder, _boot(json.dumps(station)))
    ended = _seal(place)
    assert ended.exit_code == 1, ended.output
    assert verify(place / "bundle.zip", rejudge=True).ok
