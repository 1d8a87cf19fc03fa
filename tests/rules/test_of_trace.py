"""A trace of our own as rules see it: judged as hard as a foreign log, and what we did wrong on purpose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.judge.rules import LogStream, RuleResult, results, watch, watch_trace
from harness.trace import Event, Trace
from harness.trace.logs import Log
from requirement_catalog import load_suites
from tests.rules._stream import BOOT, stamp

SUITES = load_suites()


class Journal:
    """Events one after the other."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.now = 0.0

    def add(self, kind: str, who: str, after: float = 0.1, **data: Any) -> Journal:
        """The next event."""
        self.now += after
        seq = len(self.events)
        self.events.append(Event(seq=seq, t_ns=int(self.now * 1e9), utc=stamp(self.now), kind=kind, who=who, data=data))
        return self

    def opened(self) -> Journal:
        """Connection 1."""
        return self.add("ocpp.connection", "dut", conn=1, state="open", identity="CP1", subprotocol="ocpp2.0.1")

    def frame(self, way: str, *parts: Any, after: float = 0.1) -> Journal:
        """A message."""
        who = "dut" if way == "in" else "harness"
        return self.add("ocpp.frame", who, after, conn=1, dir=way, raw=json.dumps(parts), version="ocpp2.0.1")

    def boots(self, status: str = "Accepted") -> Journal:
        """BootNotification and its answer."""
        told = {"currentTime": stamp(self.now), "interval": 300, "status": status}
        return self.frame("in", 2, "1", "BootNotification", BOOT).frame("out", 3, "1", told)

    def watched(self) -> dict[str, RuleResult]:
        """What came of the rules that were exercised."""
        return {r.rule: r for r in watch_trace(Trace(self.events), SUITES, ()) if r.exercised}


def faulty() -> Journal:
    """A station that is told to wait, and does not; and says what nobody knows."""
    journal = Journal().opened().boots("Pending")
    journal.frame("in", 2, "2", "MakeCoffee", {}).frame("out", 4, "2", "NotImplemented", "", {})
    return journal.frame("in", 2, "3", "Heartbeat", {"beat": 1}).frame("in", 3, "9", {})


def test_a_trace_is_judged_as_hard_as_a_foreign_log(tmp_path: Path) -> None:
    """The same messages give the same counts, rule by rule; places are numbers of events."""
    lines = [{"time": stamp(0.1), "station": "CP1", "event": "connected", "version": "2.0.1"}]
    for event in faulty().events[1:]:
        sender = "station" if event.data["dir"] == "in" else "csms"
        lines.append({"time": event.utc, "station": "CP1", "sender": sender, "frame": event.data["raw"]})
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    log = Log([path])
    log.survey()
    foreign = results(watch(LogStream().items(log.in_order()), SUITES.rules).tallies, SUITES.rules, ())
    ours = faulty().watched()
    assert {r.rule: (r.exercised, r.violated) for r in foreign if r.exercised} == {
        id: (r.exercised, r.violated) for id, r in ours.items()
    }
    assert {id for id, r in ours.items() if r.violated} >= {
        "OCPP-B02.R002",
        "OCPP-P4.R002",
        "OCPP-P4.R003",
        "OCPP-P4.R005",
    }
    assert ours["OCPP-P4.R002"].places[0].at == (3,)


def test_rubbish_is_told_of_in_a_trace_as_in_a_log() -> None:
    """What is no message of OCPP-J breaks the first of part 4's rules, whether it is text or not."""
    for rubbish in ({"raw": '{"Heartbeat":{}}'}, {"raw": "[2]"}, {"octets": "/wA="}):
        journal = Journal().opened().boots().add("ocpp.frame", "dut", conn=1, dir="in", version="ocpp2.0.1", **rubbish)
        found = journal.watched()["OCPP-P4.R001"]
        assert (found.exercised, found.violated) == (2, 1)
    large = {"truncated": True, "raw": "[2,", "length": 10**8}
    journal = Journal().opened().boots().add("ocpp.frame", "dut", conn=1, dir="in", version="ocpp2.0.1", **large)
    assert journal.watched()["OCPP-P4.R001"].violated == 0


def test_a_view_of_a_trace_is_watched_whole() -> None:
    """Rules need what came before; a part would accuse without it."""
    trace = Trace(faulty().events)
    assert watch_trace(trace[4:], SUITES, ()) == watch_trace(trace, SUITES, ())


def test_frames_of_a_connection_that_never_opened_are_nobodys() -> None:
    """Whose they were nobody knows."""
    assert Journal().frame("in", 2, "1", "MakeCoffee", {}).watched() == {}


def test_an_answer_that_we_hold_back_gives_the_station_time() -> None:
    """`provoked` says for how long; what it owes may come so much later."""
    for by_s, violated in ((0, 1), (500, 0)):
        journal = Journal().opened().boots()
        journal.frame("out", 2, "b", "TriggerMessage", {"requestedMessage": "MeterValues"}).frame(
            "in", 3, "b", {"status": "Accepted"}
        )
        journal.add("provoked", "harness", what="a late answer", by_s=by_s).frame(
            "in", 2, "2", "Heartbeat", {}, after=300
        )
        found = journal.watched().get("OCPP-F06.R010")
        assert (found.violated if found else 0) == violated


def test_a_network_that_we_cut_leaves_open_what_was_owed() -> None:
    """However it was cut; nothing could be sent meanwhile."""
    journal = Journal().opened().boots()
    journal.frame("out", 2, "b", "TriggerMessage", {"requestedMessage": "MeterValues"}).frame(
        "in", 3, "b", {"status": "Accepted"}
    )
    journal.add("bench.action", "harness", role="csms.network", command="cut:blackhole")
    assert "OCPP-F06.R010" not in journal.frame("in", 2, "2", "Heartbeat", {}, after=300).watched()


def test_every_result_says_whether_it_decides_and_what_it_serves() -> None:
    """A rule that was read once, or elsewhere than in the standard, is advisory, whatever it found."""
    found = watch_trace(Trace(faulty().events), SUITES, {r.id for r in SUITES.rules})
    assert {r.rule for r in found} == {r.id for r in SUITES.rules}
    for each, row in ((r, SUITES.rule(r.rule)) for r in found):
        assert each.decides == (row.readings > 1 and row.confidence.decides)
    assert {r.decides for r in found if r.rule.startswith("V2G-")} == {False}
    assert next(r for r in found if r.rule == "OCPP-B02.R002").serves == ("SC-09.1",)
