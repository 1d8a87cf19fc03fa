"""Trace edits: what each verb does, what is refused, and that every edit of the suites proves its rule."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from harness.proofs import digest_of
from harness.proofs.edits import MOST_EVENTS, EditError, edited, names, proof_of, seen, try_edit, window
from harness.trace import Event
from requirement_catalog import Rule, TraceEdit, load_suites
from tests.rules.test_of_trace import Journal

RULES = load_suites().rules
EDITED = [rule for rule in RULES if rule.proof is not None]
EXISTS, PENDING = "OCPP-P4.R002", "OCPP-B02.R002"


def talk() -> list[Event]:
    """It boots, beats twice and tells a state: ten events, two to a message, a tenth of a second apart."""
    journal = Journal().opened().boots()
    for number in ("2", "3"):
        journal.frame("in", 2, number, "Heartbeat", {}).frame("out", 3, number, {"currentTime": "2026-11-01T10:00:00Z"})
    told = {"timestamp": "2026-11-01T10:00:00Z", "connectorStatus": "Available", "evseId": 1, "connectorId": 1}
    return journal.frame("in", 2, "4", "StatusNotification", told).frame("out", 3, "4", {}).events


def frames(events: list[Event]) -> list[Any]:
    """The frames' ids (an answer's with a dash), and "-" for a line."""
    parts = [json.loads(e.data["raw"]) if e.kind == "ocpp.frame" else None for e in events]
    return ["-" if p is None else p[1] if p[0] == 2 else f"{p[1]}'" for p in parts]


@pytest.mark.parametrize("rule", EDITED, ids=lambda rule: rule.id)
def test_an_edit_proves_its_rule(rule: Rule) -> None:
    """Exercised and green in the recorded window; after the one change exactly the named rules are red."""
    assert try_edit(rule).wrong == ""


@pytest.mark.parametrize("name", names())
def test_a_window_is_short_and_accuses_nobody(name: str) -> None:
    """At most 500 events, numbered from 0; every rule that it exercises is green in it."""
    events = window(name)
    assert 0 < len(events) <= MOST_EVENTS
    assert [event.seq for event in events] == list(range(len(events)))
    assert [id for id, tally in seen(events).items() if tally.violated or tally.errors] == []


def test_every_window_is_used() -> None:
    """One that no edit needs would be weight alone."""
    assert set(names()) == {rule.proof.trace for rule in EDITED if rule.proof is not None}


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        ({"drop": "call:Heartbeat"}, ["-", "1", "1'", "2'", "3", "3'", "4", "4'"]),
        ({"drop": "call:Heartbeat#2", "with": "answer"}, ["-", "1", "1'", "2", "2'", "4", "4'"]),
        ({"drop": "opened"}, ["1", "1'", "2", "2'", "3", "3'", "4", "4'"]),
        ({"duplicate": "call:Heartbeat"}, ["-", "1", "1'", "2", "2", "2'", "3", "3'", "4", "4'"]),
        (
            {"duplicate": "call:Heartbeat", "after": "told:Heartbeat#-1"},
            ["-", "1", "1'", "2", "2'", "3", "3'", "2", "4", "4'"],
        ),
        (
            {"move": "call:StatusNotification[evseId=1]", "before": "call:BootNotification", "with": "answer"},
            ["-", "4", "4'", "1", "1'", "2", "2'", "3", "3'"],
        ),
        (
            {"move": "call:BootNotification", "after": "told:Heartbeat"},
            ["-", "1'", "2", "2'", "1", "3", "3'", "4", "4'"],
        ),
        ({"delay": "call:Heartbeat", "by_s": 0.25}, ["-", "1", "1'", "2'", "3", "2", "3'", "4", "4'"]),
        ({"delay": "call:Heartbeat", "by_s": 9, "with": "answer"}, ["-", "1", "1'", "3", "3'", "4", "4'", "2", "2'"]),
    ],
    ids=str,
)
def test_what_an_edit_does_to_the_order(edit: dict[str, Any], wanted: list[str]) -> None:
    """Events keep their order of time and are numbered anew; the others stand as they were."""
    made = edited(talk(), edit)
    assert frames(made) == wanted
    assert [event.seq for event in made] == list(range(len(made)))
    assert [event.t_ns for event in made] == sorted(event.t_ns for event in made)


def test_a_pause_delays_all_that_follows() -> None:
    """By the monotonic and the wall clock alike; what came before keeps its time."""
    before, made = talk(), edited(talk(), {"delay": "call:Heartbeat#2", "by_s": 60, "with": "rest"})
    assert [(b.t_ns - a.t_ns) / 1e9 for a, b in zip(before, made, strict=True)] == [0] * 5 + [60] * 4
    assert made[5].utc[:19] == "2026-11-01T10:01:00"


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        ({"at": "evseId", "to": 7}, {"evseId": 7}),
        ({"at": "evseId", "by": 2}, {"evseId": 3}),
        ({"at": "timestamp", "by": -60}, {"timestamp": "2026-11-01T09:59:00.000Z"}),
        ({"at": "customData", "to": {"vendorId": "x"}}, {"customData": {"vendorId": "x"}}),
        ({"at": "timestamp", "copy": "told:BootNotification"}, None),
        ({"at": "connectorId", "without": True}, {"connectorId": None}),
    ],
    ids=str,
)
def test_what_may_be_set_in_a_payload(edit: dict[str, Any], wanted: dict[str, Any] | None) -> None:
    """A value, a step, a time shifted by seconds, another message's value, or nothing; the rest stands as it was."""
    made = {"set": "call:StatusNotification", **edit}
    if wanted is None:
        with pytest.raises(EditError, match="holds nothing at 'timestamp'"):
            edited(talk(), made)
        return
    before, after = (json.loads(events[7].data["raw"])[3] for events in (talk(), edited(talk(), made)))
    assert {k: after.get(k) for k in {*before, *after} if after.get(k) != before.get(k)} == wanted


@pytest.mark.parametrize(
    ("at", "to", "wanted"),
    [
        ("/id", "x", [2, "x", "Heartbeat", {}]),
        ("/type", 9, [9, "2", "Heartbeat", {}]),
        ("/action", "MakeCoffee", [2, "2", "MakeCoffee", {}]),
        ("/payload", [], [2, "2", "Heartbeat", []]),
        ("/text", "[2]", [2]),
    ],
)
def test_what_may_be_set_in_a_frame(at: str, to: Any, wanted: list[Any]) -> None:
    """Each of its parts, or all of its text."""
    made = edited(talk(), {"set": "call:Heartbeat", "at": at, "to": to})
    assert json.loads(made[3].data["raw"]) == wanted
    other = edited(talk(), {"set": "call:Heartbeat#2", "at": "/id", "copy": "call:Heartbeat"})
    assert frames(other)[5] == "2"


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        ({}, "does one thing"),
        ({"drop": "call:Heartbeat", "set": "call:Heartbeat"}, "has 2 of them"),
        ({"drop": "call:Heartbeat", "by_s": 3}, "knows no 'by_s'"),
        ({"drop": "Heartbeat!"}, "names no event"),
        ({"drop": "call:Heartbeat#3"}, "the window holds 2 such events"),
        ({"drop": "call:Heartbeat#0"}, "the window holds 2 such events"),
        ({"drop": "call:StatusNotification[evseId=2]"}, "the window holds 0 such events"),
        ({"drop": "told:Heartbeat", "with": "answer"}, "has no answer"),
        ({"drop": "call:Heartbeat", "with": "pleasure"}, "it may be 'answer'"),
        ({"move": "call:Heartbeat"}, "one of the two"),
        ({"move": "call:Heartbeat", "after": "call:Heartbeat"}, "to itself"),
        ({"delay": "call:Heartbeat"}, "seconds above 0"),
        ({"delay": "call:Heartbeat", "by_s": True}, "seconds above 0"),
        ({"set": "call:Heartbeat"}, "needs `at:`"),
        ({"set": "call:Heartbeat", "at": "x"}, "this has 0"),
        ({"set": "call:Heartbeat", "at": "x", "to": 1, "by": 2}, "this has 2"),
        ({"set": "opened", "at": "x", "to": 1}, "is no message"),
        ({"set": "call:Heartbeat", "at": "x", "without": True}, "there is no 'x'"),
        ({"set": "call:Heartbeat", "at": "x.y", "to": 1}, "holds nothing at 'x'"),
        ({"set": "call:StatusNotification", "at": "connectorStatus", "by": 1}, "neither a number nor a time"),
        ({"set": "told:Heartbeat", "at": "/action", "to": "x"}, "no part of such a frame"),
    ],
    ids=str,
)
def test_an_edit_that_cannot_be_made_says_why(edit: dict[str, Any], why: str) -> None:
    """A selector that names nothing any more must not pass for an edit that changed nothing."""
    with pytest.raises(EditError, match=why):
        edited(talk(), edit)


def proved(rule: str = EXISTS, **more: Any) -> str:
    """What is wrong with an edit of this rule on the first window: without a change, nothing."""
    action = {"set": "call:Heartbeat", "at": "/action", "to": "MakeCoffee"}
    given = {"trace": "opening", "edit": action, "turns_red": (EXISTS,), **more}
    row = msgspec.structs.replace(load_suites().rule(rule), proof=TraceEdit(**given))
    return try_edit(row).wrong


def test_what_proves_nothing_says_so() -> None:
    """Not exercised, not named, another is red, nothing is red, no such window; the control: it proves the rule."""
    assert proved() == ""
    assert "does not exercise" in proved("OCPP-P4.R009", turns_red=("OCPP-P4.R009",))
    assert "does not name" in proved("OCPP-P4.R001")
    assert "turns red: OCPP-P4.R002;" in proved(turns_red=(EXISTS, PENDING))
    assert "turns red: nothing;" in proved(edit={"set": "call:Heartbeat", "at": "customData", "to": {"vendorId": "x"}})
    assert "no window is called" in proved(trace="nowhere")


def test_a_proof_says_by_what_and_on_what() -> None:
    """The row of proofs.csv, with the digest of the rule as it is now."""
    rule = EDITED[0]
    assert rule.proof is not None
    row = proof_of(rule)
    assert row.red.startswith(f"edit of {rule.proof.trace}: ")
    assert (row.green, row.digest) == (f"the recorded window {rule.proof.trace}", digest_of(rule))
