"""OCPP N07: events."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._owed import content_of


@rule("OCPP-N07.R007", "call:NotifyEvent")
def parts_are_in_order(s: Station, m: Message) -> bool | str | None:
    """N07.FR.07: the parts of an event's notification are numbered from 0."""
    number, due = m.payload.get("seqNo"), s.note("N07.R007")  # a number that may come next -> over which connection
    last, content = s.note("N07.R007 last"), content_of(m)
    if not isinstance(number, int) or m.remark is not None or last.get("content") == content:
        return None
    lost = not (s.from_start and s.booted) or any(over != m.connection for over in due.values())
    wanted, last["content"] = next(iter(due), 0), content
    fits = number == 0 or due.pop(number, None) is not None
    if m.payload.get("tbc"):
        due[number + 1] = m.connection
    if fits or lost:
        return True if fits else None
    return f"NotifyEvent: part {number} came where part {wanted} was due"
