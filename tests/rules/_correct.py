"""What a rule says of a station that is correct in an unusual way, and of one that is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.judge.rules import known_rules
from tests.rules._stream import Stream

Steps = Callable[[Stream], Any]


def stream_of(rule: str, steps: Steps) -> Stream:
    """The steps, over OCPP 2.1; `rule` is an id without its "OCPP-"."""
    assert f"OCPP-{rule}" in known_rules()
    stream = Stream(version="ocpp2.1")
    steps(stream)
    return stream


def not_accused(rule: str, steps: Steps) -> None:
    """The rule is not violated, and no rule fails in itself."""
    stream = stream_of(rule, steps)
    found = stream.of(f"OCPP-{rule}")
    assert not found.violated, [place.seen for place in found.places.values()]
    assert not [t.errors for t in stream.watch.tallies if t.errors]


def noticed(rule: str, steps: Steps) -> None:
    """The rule is violated."""
    assert stream_of(rule, steps).of(f"OCPP-{rule}").violated
