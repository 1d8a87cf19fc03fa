"""OCPP N07: events."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._owed import parts_are_numbered


@rule("OCPP-N07.R007", "call:NotifyEvent")
def parts_are_in_order(s: Station, m: Message) -> bool | str | None:
    """N07.FR.07: the parts of an event's notification are numbered from 0."""
    return parts_are_numbered(s, m, "event")
