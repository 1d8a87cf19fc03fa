"""What exceeded a budget stands on the report: who, of what, how much; beside the decision and with the bench."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reports import load, render_html
from tests.reports import _scenes
from tests.reports._build import Campaign, sealed
from tests.reports._page_reader import PageReader, words

STRANGER = {"budget": "connections", "allowed": 100, "per_s": 2, "remote": "192.0.2.7"}


def page_of(folder: Path, *events: tuple[str, dict[str, Any], str | None]) -> PageReader:
    """The page of a plain campaign with these `peer.budget` events in it."""
    c = Campaign(folder / "c", dut={"vendorName": "V", "model": "M", "serialNumber": "S", "firmwareVersion": "1"})
    _scenes.papers(c, 1)
    _scenes.setpoint_case(c, 20)
    for n, (who, data, station) in enumerate(events):
        c.clock.t_s = 100 + n
        c.recorder.record("peer.budget", who, data, station=station)
    return PageReader(render_html(load(sealed(c.finish()))))


def test_the_charger_that_sent_too_much_is_named_with_what_and_how_much(tmp_path: Path) -> None:
    """Allowed, done, dropped unread and when; on the first page, too, as what was not judged."""
    told = {
        "budget": "messages",
        "allowed": 20000,
        "per_s": 40,
        "remote": "192.0.2.9",
        "done": "its connection was closed",
    }
    page = page_of(tmp_path, ("dut", {**told, "count": 7}, "CS001"), ("dut", {**told, "count": 5}, "CS001"))
    bench = words(page.by_id["surroundings"])
    assert "More than anybody may send" in bench
    assert (
        "The charger (CS001) messages 20 000 at once, then 40 in a second its connection was closed 12"
        in bench.replace("\u202f", " ").replace("\u00a0", " ")
    )
    first = words(page.by_id["decision"])
    assert "The charger sent or asked for more than a charger has need of." in first
    assert "What was left out was not judged." in first


def test_a_strangers_attempts_are_told_and_not_called_the_chargers(tmp_path: Path) -> None:
    """Begun and counted at the end are one row; an address is no charger."""
    begun = {**STRANGER, "done": "left out of the trace from here on", "count": None}
    ended = {**STRANGER, "done": "left out of the trace", "count": 431}
    page = page_of(tmp_path, ("caller", begun, None), ("caller", ended, None))
    bench, first = words(page.by_id["surroundings"]), words(page.by_id["decision"])
    assert bench.count("192.0.2.7") == 1 and "100 at once, then 2 in a second" in bench and "431" in bench
    assert "Somebody who was not known to be the charger sent or asked for more" in first
    assert "The charger sent" not in first


def test_both_are_told_apart_and_old_traces_say_less(tmp_path: Path) -> None:
    """The charger's row stands first; where a trace tells no allowance or no count, that is said."""
    mine = {"budget": "requests for a certificate", "done": "rejected from here on", "count": None}
    page = page_of(tmp_path, ("caller", {**STRANGER, "done": "left out", "count": 3}, None), ("dut", mine, "CS001"))
    bench, first = words(page.by_id["surroundings"]), words(page.by_id["decision"])
    assert bench.index("The charger (CS001)") < bench.index("192.0.2.7")
    assert "not told rejected from here on not counted" in bench
    assert "and so did others on its network" in first


def test_where_nobody_did_the_page_is_silent(tmp_path: Path) -> None:
    """No heading without a row."""
    assert "More than anybody may send" not in words(page_of(tmp_path).by_id["surroundings"])
