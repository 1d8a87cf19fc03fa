"""Which event of a window an edit is about, in words that survive a new recording: "call:TransactionEvent#3"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from harness.judge.rules import Line, Message, items_of
from harness.judge.rules.v2g import V2gMessage, v2g_items_of
from harness.trace import Event, Trace

_SELECTOR = re.compile(r"(?P<what>[a-z]+(?::\w+)?)(?P<where>(?:\[[^=\[\]]+=[^\[\]]*\])*)(?:#(?P<number>-?\d+))?")
_WHERE = re.compile(r"\[([^=\[\]]+)=([^\[\]]*)\]")


class EditError(ValueError):
    """An edit that cannot be made: what is wrong, and what would be right."""


@dataclass(frozen=True)
class Found:
    """An event of a window by its place, and what it is in the talk: a message, or a line that opens or closes."""

    place: int
    item: Message | Line | V2gMessage


class Talked:
    """A window's events as the talk that they are."""

    def __init__(self, events: Sequence[Event]) -> None:
        places = {event.seq: place for place, event in enumerate(events)}
        heard = items_of(Trace(events))
        self._all = [Found(places[item.at], item) for item in heard if isinstance(item, Message | Line)]
        between = v2g_items_of(Trace(events))
        self._all += [Found(places[item.at], item) for item in between if isinstance(item, V2gMessage)]

    def one(self, selector: str) -> Found:
        """The event that a selector names. Raises EditError.

        A selector is what sets rules off ("call:Heartbeat", "told:BootNotification", "result:Reset"; of an ISO 15118
        session "req:PowerDelivery" and "res:PowerDelivery"), or "opened" or "closed" of a connection; then conditions
        ("[eventType=Ended]", a path and a value), then which of them: "#2",
        "#-1" the last; without a number the first.
        """
        found = _SELECTOR.fullmatch(str(selector))
        if found is None:
            raise EditError(f"{selector!r} names no event; write it like 'call:TransactionEvent[eventType=Ended]#2'")
        number = int(found["number"] or 1)
        mine = [each for each in self._all if _is(each.item, found["what"], _WHERE.findall(found["where"]))]
        place = number - 1 if number > 0 else number
        if number == 0 or not -len(mine) <= place < len(mine):
            raise EditError(f"{selector!r}: the window holds {len(mine)} such events")
        return mine[place]

    def answer_to(self, call: Found) -> Found | None:
        """The message that answers a call; None where the window holds none."""
        return next((each for each in self._all if _asked_by(each.item) is call.item), None)

    def __iter__(self) -> Iterator[Found]:
        return iter(self._all)


def _asked_by(item: Message | Line | V2gMessage) -> Message | V2gMessage | None:
    if isinstance(item, Line):
        return None
    return item.request if isinstance(item, V2gMessage) else item.call


def _is(item: Message | Line | V2gMessage, what: str, where: list[tuple[str, str]]) -> bool:
    if isinstance(item, Line):
        return item.kind == what and not where
    content = item.body if isinstance(item, V2gMessage) else item.payload
    return item.trigger == what and all(shown(at(content, path)) == value for path, value in where)


def at(payload: Any, path: str) -> Any:
    """What stands at a path ("evse.id", "meterValue.0.timestamp") of a payload; None where nothing does."""
    for name in path.split("."):
        if isinstance(payload, dict):
            payload = payload.get(name)
        elif isinstance(payload, list) and name.lstrip("-").isdigit() and -len(payload) <= int(name) < len(payload):
            payload = payload[int(name)]
        else:
            return None
    return payload


def shown(value: Any) -> str:
    """A value as a selector writes it."""
    if value is None or isinstance(value, bool):
        return str(value).lower()
    return str(value)
