"""A trace of our own as the ISO 15118 sessions that rules look at: its octets are read again, by the codec alone."""

from __future__ import annotations

from collections.abc import Iterator

from harness.judge.rules._of_trace import utc_ns_of
from harness.judge.rules.v2g._message import CAR, CHARGER, Hole, SessionLine, V2gItem
from harness.judge.rules.v2g._talk import Talk
from harness.trace import Event, Trace

THE_CHARGER = "the charger's ISO 15118 side"
_MESSAGES, _CONNECTIONS, _PROVOKED = "v2g.message", "v2g.connection", "provoked"


def v2g_items_of(trace: Trace) -> Iterator[V2gItem]:
    """The trace's V2G messages and connections in order; what was provoked on purpose is a hole in its session."""
    talk, session = Talk(), 0
    for event in trace.of(_MESSAGES, _CONNECTIONS, _PROVOKED):
        utc_ns = utc_ns_of(event.utc)
        at = event.seq, event.t_ns, utc_ns, THE_CHARGER
        if event.kind == _PROVOKED:
            if session:
                yield Hole(*at, session, "something odd was done on purpose")
            continue
        session = _number(event)
        if event.kind == _CONNECTIONS:
            if event.data.get("what") in ("tcp", "closed"):
                kind = "opened" if event.data["what"] == "tcp" else "closed"
                yield SessionLine(*at, session, kind)
                if kind == "closed":
                    talk.over(session)
            continue
        by = CHARGER if event.data.get("dir") == "in" else CAR
        kept = event.data.get("payload_type")
        yield talk.take(*at, session, by, kept if isinstance(kept, int) else None, _octets(event))


def _number(event: Event) -> int:
    found = event.data.get("session")
    return found if isinstance(found, int) else 0


def _octets(event: Event) -> bytes:
    try:
        return bytes.fromhex(str(event.data.get("exi", "")))
    except ValueError:
        return b""
