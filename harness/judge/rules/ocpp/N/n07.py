"""OCPP N07: events."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._owed import content_of
from harness.judge.rules._read import items, named

_MONITORS = ("CustomMonitor", "PreconfiguredMonitor")  # one that is hardwired need not have a number


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


@rule("OCPP-N07.R006", "call:NotifyEvent")
def events_name_their_monitor(s: Station, m: Message) -> list[bool | str]:
    """N07.FR.06: what a monitor caused that was set or configured names it."""
    mine = [e for e in items(m.payload.get("eventData")) if e.get("eventNotificationType") in _MONITORS]
    return [
        True if isinstance(e.get("variableMonitoringId"), int) else f"the event of {named(e)} names no monitor"
        for e in mine
    ]
