"""Every OCPP frame of a trace read once from its octets: whose it is, what it answers, and what is wrong with it."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

from harness.ocppj import CALLERROR, CALLRESULT, Conversation, Frame, read
from harness.trace._message import OcppMessage, Recorded, octets_of
from harness.trace._store import PartStore, Positions, Store


@dataclass
class Listed:
    """Some messages of a store, and where they stand."""

    messages: list[OcppMessage] = field(default_factory=list)
    at: array[int] = field(default_factory=lambda: array("I"))

    def add(self, message: OcppMessage, at: int) -> None:
        """The next one."""
        self.messages.append(message)
        self.at.append(at)

    def inside(self, view: Positions) -> list[OcppMessage]:
        """Those that lie in a view."""
        if isinstance(view, range):
            return self.messages[bisect_left(self.at, view.start) : bisect_left(self.at, view.stop)]
        wanted = set(view)
        return [message for message, at in zip(self.messages, self.at, strict=True) if at in wanted]


class Conversations:
    """All messages of one store."""

    def __init__(self, every: Listed) -> None:
        self._every = every
        self._listed: dict[Any, Listed] = {(None, None): every}

    def listed(self, action: str | tuple[str, ...] | None, direction: str | None) -> Listed:
        """Those of these actions, one direction, or both."""
        actions = (action,) if isinstance(action, str) else action
        return self._only(
            (actions, direction),
            lambda m: (actions is None or m.action in actions) and (direction is None or m.direction == direction),
        )

    def faulty(self, direction: str | None) -> Listed:
        """Those that break OCPP."""
        return self._only(
            ("faulty", direction, None), lambda m: (direction is None or m.direction == direction) and not m.valid
        )

    def at(self, at: int) -> OcppMessage | None:
        """The message of the event at a position; None when it is none."""
        place = bisect_left(self._every.at, at)
        held = place < len(self._every.at) and self._every.at[place] == at
        return self._every.messages[place] if held else None

    def _only(self, key: Any, fits: Any) -> Listed:
        found = self._listed.get(key)
        if found is None:
            found = self._listed[key] = Listed()
            for message, at in zip(self._every.messages, self._every.at, strict=True):
                if fits(message):
                    found.add(message, at)
        return found


def conversations(store: Store) -> Conversations:
    """The messages of a store, read once."""
    return store.once(
        "conversations", lambda: Conversations(_of_part(store) if isinstance(store, PartStore) else _read(store))
    )


@dataclass
class _Line:
    """One connection as a trace tells of it."""

    number: int
    station: str
    version: str | None = None


def _read(store: Store) -> Listed:
    every = Listed()
    stations: dict[str, Conversation] = {}
    lines: dict[Any, _Line] = {}
    for at in store.of(("ocpp.connection", "ocpp.frame")):
        data = store.data(at)
        conn = data.get("conn")
        if store.kinds[at] == "ocpp.connection":
            if data.get("state") == "open":
                line = lines[conn] = _Line(at, str(data.get("identity")), data.get("subprotocol"))
                stations.setdefault(line.station, Conversation()).opened(line.number)
            continue
        if (line_ := lines.get(conn)) is None:
            line_ = lines[conn] = _Line(-1 - len(lines), f"connection {conn}")
        every.add(_message(store, at, data, line_, stations.setdefault(line_.station, Conversation()), every), at)
    return every


def _message(
    store: Store, at: int, data: dict[str, Any], line: _Line, talk: Conversation, before: Listed
) -> OcppMessage:
    octets = octets_of(data)
    frame = Frame() if data.get("truncated") else read(octets)
    way = "out" if data.get("dir") == "out" else "in"
    match = talk.take(way, line.number, frame, len(before.messages), octets)
    message = Recorded(store, at, way, frame, match, line.version or data.get("version"))
    if match.call is not None and frame.type in (CALLRESULT, CALLERROR):
        before.messages[match.call].answer = message
    return message


def _of_part(store: PartStore) -> Listed:
    """A part's messages are those of the whole: what they answer may lie outside of it."""
    whole, part = conversations(store.whole), Listed()
    for at, origin in enumerate(store.at):
        if (message := whole.at(origin)) is not None:
            part.add(message, at)
    return part
