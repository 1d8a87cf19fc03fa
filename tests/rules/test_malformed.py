"""What a station says wrongly is one rule's business: no other one stumbles over it, now or later, and nothing ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from harness.judge.rules import Message, tallies_of
from harness.judge.rules._talk import read_frame
from harness.proofs.edits import edited, window
from harness.proofs.edits._select import Talked
from harness.trace import Trace
from requirement_catalog import load_suites
from tests.rules._stream import Stream, row

RULES = load_suites().rules
FITS = "OCPP-P4.R003"


def places(name: str) -> Iterator[tuple[str, str]]:
    """Every place of every kind of message in a window that the station sent, once: (message, path)."""
    counts: dict[str, int] = {}
    known: set[tuple[str, str]] = set()
    for found in Talked(window(name)):
        m = found.item
        if not isinstance(m, Message):
            continue
        counts[m.trigger] = counts.get(m.trigger, 0) + 1
        if m.by == "station" and m.type != 4:
            for path in _below(m.payload, ""):
                shape = "".join("#" if c.isdigit() else c for c in path)
                if (m.trigger, shape) not in known:
                    known.add((m.trigger, shape))
                    yield f"{m.trigger}#{counts[m.trigger]}", path


def _below(value: Any, at: str) -> Iterator[str]:
    named = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for key, inner in named:
        path = f"{at}.{key}" if at else str(key)
        yield path
        yield from _below(inner, path)


@pytest.mark.parametrize("wrong", [{}, "x"], ids=["an object", "a text"])
@pytest.mark.parametrize("name", ["firmware", "resets", "asked"])
def test_a_value_of_another_type_trips_no_rule(name: str, wrong: Any) -> None:
    """Wherever it stands: the rules judge on, none of them fails, and the schema's rule tells of it."""
    tried = unseen = 0
    for message, path in places(name):
        events = edited(window(name), {"set": message, "at": path, "to": wrong})
        tallies = tallies_of(Trace(events), RULES)
        assert [error for tally in tallies for error in tally.errors] == [], (message, path)
        tried += 1
        unseen += not any(tally.violated for tally in tallies if tally.rule == FITS)
    assert tried > 40
    assert unseen < tried / 2  # a text may well be another text, and customData may hold anything


def test_a_rule_that_raises_over_a_message_that_fits_is_our_fault() -> None:
    """The control: of what is as it should be, a rule has to be able to judge."""

    def stumbles(s: object, m: Message) -> bool:
        """It stumbles."""
        raise ValueError("over its own feet")

    stream = Stream(row(stumbles, "call:Heartbeat"))
    assert stream.opened().sends("Heartbeat", {}).of("OCPP-X99.R001").errors != []
    other = Stream(row(stumbles, "call:Heartbeat"))
    assert other.opened().sends("Heartbeat", {"beat": []}).of("OCPP-X99.R001").errors == []


@pytest.mark.parametrize(
    ("told", "value"), [("1.0", 1), ("100.0e0", 100), ("-0.0", 0), ("1.50", 1.5), ('"1.0"', "1.0"), ("[1.0]", [1])]
)
def test_a_whole_number_is_an_integer_however_it_is_written(told: str, value: Any) -> None:
    """As JSON Schema has it; one with a fraction stays one, and a text stays as it is."""
    _, payload = read_frame(f'[2,"1","Heartbeat",{{"seqNo":{told},"at":"10:00:00.050Z"}}]'.encode())
    assert payload["seqNo"] == value
    assert type(payload["seqNo"]) is type(value)


def test_a_number_beyond_all_numbers_is_no_payload() -> None:
    """It is not taken for infinity."""
    assert read_frame(b'[2,"1","Heartbeat",{"seqNo":1e400,"at":"10:00:00.050Z"}]')[1] == {}
