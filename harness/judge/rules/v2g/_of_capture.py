"""A capture as the sessions that rules look at, with what could not be read of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from harness.judge.rules.v2g._message import CAR, CHARGER, Hole, SessionLine, V2gItem
from harness.judge.rules.v2g._talk import Talk
from harness.trace.captures import Capture, Closed, Frame, Lost, Opened
from requirement_catalog import own_count

MOST_NAMED = own_count("v2g.most_named")
_MOST_SESSIONS = own_count("v2g.most_connections")


@dataclass
class Heard:
    """What came of one capture, counted; `unread` names the first messages that could not be read: (at, why)."""

    first_at: int = 0  # of its packets, so that those of several files can be told apart
    first_session: int = 0
    messages: int = 0
    highest: int = 0  # the last session's number
    begun_ns: int | None = None
    last_ns: int | None = None
    skipped: int = 0
    unread: list[tuple[int, str]] = field(default_factory=list)
    spoken: dict[str, set[str]] = field(default_factory=dict)
    _chargers: dict[int, tuple[str, bool]] = field(default_factory=dict)  # session -> charger, beginning seen

    def items(self, capture: Capture, seen: Callable[[V2gItem], None] = lambda item: None) -> Iterator[V2gItem]:
        """The sessions of a capture in order; `seen` is shown each. Raises CaptureError, OSError."""
        talk = Talk()
        for found in capture:
            if not isinstance(found, Opened | Frame | Lost | Closed):
                continue
            item = self._item(found, talk)
            seen(item)
            yield item

    def _item(self, found: Opened | Frame | Lost | Closed, talk: Talk) -> V2gItem:
        t_ns = self._time(found.utc_ns)
        number, at = self.first_session + found.session, self.first_at + found.packet
        if isinstance(found, Opened):
            self._opened(found)
            return SessionLine(at, t_ns, found.utc_ns, self._charger(found.session), number, "opened", found.whole)
        station = self._charger(found.session)
        if isinstance(found, Closed):
            talk.over(number)
            return SessionLine(at, t_ns, found.utc_ns, station, number, "closed")
        if isinstance(found, Lost):
            who = CAR if found.from_client else CHARGER
            shown = f": {found.octets[:24].hex()}" if found.octets else ""
            self._skip(at, f"session {number}, {who}: {found.count} octets: {found.why}{shown}")
            return Hole(at, t_ns, found.utc_ns, station, number, found.why)
        whole = self._chargers.get(found.session, ("", True))[1]
        by = "" if not whole else CAR if found.from_client else CHARGER
        m = talk.take(at, t_ns, found.utc_ns, station, number, by, found.payload_type, found.payload)
        self.messages += 1
        self.spoken.setdefault(station, set()).add(m.protocol or "not known")
        if m.unreadable:
            self._skip(at, f"session {number}, {m.by}, {m.protocol or 'protocol not known'}: {m.unreadable}")
        return m

    def _opened(self, found: Opened) -> None:
        self.highest = max(self.highest, self.first_session + found.session)
        self._chargers[found.session] = f"charger at {found.server[0]}", found.whole
        if len(self._chargers) > _MOST_SESSIONS:
            del self._chargers[next(iter(self._chargers))]

    def _charger(self, session: int) -> str:
        return self._chargers.get(session, ("charger", True))[0]

    def _time(self, utc_ns: int | None) -> int:
        """One axis that never runs back, also where packets are not in order."""
        if utc_ns is not None:
            self.begun_ns = utc_ns if self.begun_ns is None else min(self.begun_ns, utc_ns)
            self.last_ns = utc_ns if self.last_ns is None else max(self.last_ns, utc_ns)
        return self.last_ns or 0

    def _skip(self, at: int, why: str) -> None:
        self.skipped += 1
        if len(self.unread) < MOST_NAMED:
            self.unread.append((at, why[:300]))
