"""Logs of stations that others wrote are judged as they were read by hand."""

from __future__ import annotations

import gzip
import json

import pytest

from harness.cli.judged._logs import judged_log
from requirement_catalog import load_suites
from tests.strangers._pinned import FOLDER, Stranger, log_of, strangers

STRANGERS = strangers()
DOCUMENT = FOLDER.parents[1] / "docs" / "strangers.md"
MOST_BYTES = 200_000


@pytest.mark.parametrize("name", STRANGERS)
def test_a_strangers_log_is_judged_as_it_was_read(name: str) -> None:
    """Exactly the rules are violated that its page names, so many times: neither an accusation nor a silence is new."""
    stranger = STRANGERS[name]
    judged = judged_log([log_of(name)], load_suites(), None, None)
    assert judged.messages == stranger.messages and judged.skipped == 0
    (station,) = judged.stations
    said = {fault.rule: fault.violated for fault in station.faults}
    assert said == {finding.rule: finding.times for finding in stranger.findings}
    assert station.rules_exercised >= stranger.exercised_at_least


@pytest.mark.parametrize("name", STRANGERS)
def test_no_accusation_is_known_to_be_wrong(name: str) -> None:
    """A finding that reading showed to be ours is mended, not pinned."""
    assert STRANGERS[name].count("ours") == 0


@pytest.mark.parametrize("name", STRANGERS)
def test_a_strangers_log_is_redacted_and_small(name: str) -> None:
    """No maker, no path of a machine, no code of theirs in an error's text; one station, called CP1."""
    path = log_of(name)
    assert path.stat().st_size < MOST_BYTES
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        record = json.loads(line)
        assert record.get("station", record.get("chargePointId")) == "CP1"
        text = record.get("frame", record.get("raw")) or "[0]"
        assert "/tmp/" not in text and "/root/" not in text
        message = json.loads(text)
        if message[0] == 4:
            assert set(message[3]) <= {"x"}
        if message[0] == 2 and message[2] == "BootNotification":
            assert set(message[3]["chargingStation"].values()) <= {"M", "V", "S", "F"}


def test_every_log_has_its_page_and_every_page_its_log() -> None:
    """A pair of files each, of at least four authors."""
    assert {path.name.removesuffix(".jsonl.gz") for path in FOLDER.glob("*.jsonl.gz")} == set(STRANGERS)
    assert len({stranger.repository for stranger in STRANGERS.values()}) >= 4


@pytest.mark.parametrize("name", STRANGERS)
def test_the_table_says_what_the_pages_say(name: str) -> None:
    """Station, version, messages, and how its violations were read."""
    assert _row(STRANGERS[name]) in DOCUMENT.read_text(encoding="utf-8").splitlines()


def _row(stranger: Stranger) -> str:
    cells = [stranger.station, stranger.version, str(stranger.messages)]
    cells += [str(stranger.count(read_as)) for read_as in ("true", "ours", "unclear")]
    return f"| {' | '.join([*cells, str(len(stranger.was_wrong)), str(len(stranger.not_seen))])} |"
