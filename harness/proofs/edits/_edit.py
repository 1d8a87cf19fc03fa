"""One named change of a recorded trace: drop, duplicate, move, delay or set. Nothing else of it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from harness.judge.rules import Message
from harness.judge.rules.v2g import V2gMessage
from harness.proofs.edits._select import EditError, Found, Talked
from harness.proofs.edits._set import changed
from harness.proofs.edits._set_v2g import changed_exi
from harness.trace import Event

Change = Callable[[list[Event], Talked, Mapping[str, Any]], list[Event]]


def edited(events: Sequence[Event], edit: Mapping[str, Any]) -> list[Event]:
    """The events with one change made, numbered anew. Raises EditError.

    | edit | what is done |
    | --- | --- |
    | `drop: EVENT` | it is taken out |
    | `duplicate: EVENT` | it comes a second time, right after itself or `after: EVENT` |
    | `move: EVENT` | it comes `before: EVENT` or `after: EVENT` instead, at that moment, over that connection |
    | `delay: EVENT, by_s: N` | it comes N seconds later, past what happened meanwhile |
    | `set: EVENT, at: PATH` | what stands at a path is another: `to`, `by`, `copy`, `without` (see `_set`) |

    `with: answer` takes what answers it along (drop, move, delay); `with: rest` delays all that follows likewise.
    `then:` is a second edit of what the first one left: a promise that is dropped, say, and the time that passes.
    """
    if "then" in edit:
        first = {key: value for key, value in edit.items() if key != "then"}
        if not isinstance(edit["then"], dict):
            raise EditError("`then:` is an edit as well: write `verb: EVENT` lines below it")
        return edited(edited(events, first), edit["then"])
    verbs = [verb for verb in _VERBS if verb in edit]
    if len(verbs) != 1:
        raise EditError(f"an edit does one thing ({', '.join(_VERBS)}), and this has {len(verbs)} of them")
    change, keys = _VERBS[verbs[0]]
    if unknown := sorted(set(edit) - {verbs[0], *keys}):
        raise EditError(f"{verbs[0]!r} knows no {unknown[0]!r}; it takes {', '.join(keys) or 'nothing else'}")
    made = change(list(events), Talked(events), edit)
    return [msgspec.structs.replace(event, seq=number) for number, event in enumerate(made)]


def in_words(edit: Mapping[str, Any]) -> str:
    """An edit in one line: "set call:Heartbeat#2 at timestamp by 30"."""
    said = (f"then {in_words(v)}" if k == "then" else f"{k.replace('_', ' ')} {v}" for k, v in edit.items())
    return " ".join(said)


def _drop(events: list[Event], talk: Talked, edit: Mapping[str, Any]) -> list[Event]:
    gone = {each.place for each in _meant(talk, edit["drop"], edit)}
    return [event for place, event in enumerate(events) if place not in gone]


def _duplicate(events: list[Event], talk: Talked, edit: Mapping[str, Any]) -> list[Event]:
    twice = talk.one(edit["duplicate"])
    behind = talk.one(edit["after"]) if "after" in edit else twice
    again = _moment(events[twice.place], events[behind.place])
    return [*events[: behind.place + 1], again, *events[behind.place + 1 :]]


def _move(events: list[Event], talk: Talked, edit: Mapping[str, Any]) -> list[Event]:
    if ("before" in edit) == ("after" in edit):
        raise EditError("'move' needs the event that it comes `before:` or `after:`, one of the two")
    moved = _meant(talk, edit["move"], edit)
    target = talk.one(edit.get("before") or edit["after"]).place
    places = {each.place for each in moved}
    if target in places:
        raise EditError("an event cannot be moved to itself")
    there = [_moment(_over(events[each.place], events[target]), events[target]) for each in moved]
    made = []
    for place, event in enumerate(events):
        if place == target:
            made += [*there, event] if "before" in edit else [event, *there]
        elif place not in places:
            made.append(event)
    return made


def _delay(events: list[Event], talk: Talked, edit: Mapping[str, Any]) -> list[Event]:
    by_s = edit.get("by_s")
    if not isinstance(by_s, int | float) or isinstance(by_s, bool) or by_s <= 0:
        raise EditError("'delay' needs `by_s:`, seconds above 0")
    if edit.get("with") == "rest":
        first = talk.one(edit["delay"]).place
        return [event if place < first else _later(event, by_s) for place, event in enumerate(events)]
    late = [each.place for each in _meant(talk, edit["delay"], edit)]
    made = [event for place, event in enumerate(events) if place not in late]
    for event in (_later(events[place], by_s) for place in late):
        at = next((n for n, other in enumerate(made) if other.t_ns > event.t_ns), len(made))
        made.insert(at, event)
    return made


def _set(events: list[Event], talk: Talked, edit: Mapping[str, Any]) -> list[Event]:
    found = talk.one(edit["set"])
    event = events[found.place]
    raw = event.data.get("raw")
    if isinstance(found.item, V2gMessage):
        copied = talk.one(edit["copy"]).item if "copy" in edit else None
        made = changed_exi(found.item, edit, copied if isinstance(copied, V2gMessage) else None)
        data = {**event.data, **made}
        events[found.place] = msgspec.structs.replace(event, data=data)
        return events
    if not isinstance(found.item, Message) or not isinstance(raw, str):
        raise EditError(f"{edit['set']!r} is no message, so that nothing can be set in it")
    other = talk.one(edit["copy"]).item if "copy" in edit else None
    data = {**event.data, "raw": changed(raw, edit, other if isinstance(other, Message) else None)}
    events[found.place] = msgspec.structs.replace(event, data=data)
    return events


_VERBS: dict[str, tuple[Change, tuple[str, ...]]] = {
    "drop": (_drop, ("with",)),
    "duplicate": (_duplicate, ("after",)),
    "move": (_move, ("before", "after", "with")),
    "delay": (_delay, ("by_s", "with")),
    "set": (_set, ("at", "to", "by", "copy", "without")),
}


def _meant(talk: Talked, selector: str, edit: Mapping[str, Any]) -> list[Found]:
    """The event that a selector names, and its answer where that goes with it, in order."""
    found = talk.one(selector)
    if edit.get("with") is None:
        return [found]
    if edit["with"] != "answer":
        raise EditError(f"`with:` is {edit['with']!r}; it may be 'answer' (of a delay also 'rest')")
    answer = talk.answer_to(found)
    if answer is None:
        raise EditError(f"{selector!r} has no answer in this window")
    return [found, answer]


def _moment(event: Event, of: Event) -> Event:
    return msgspec.structs.replace(event, t_ns=of.t_ns, utc=of.utc)


def _over(event: Event, line: Event) -> Event:
    """An event over the connection that another one came over."""
    if line.data.get("conn") is None or event.data.get("conn") == line.data["conn"]:
        return event
    data = {**event.data, "conn": line.data["conn"]}
    return msgspec.structs.replace(event, data=data, connection=line.connection)


def _later(event: Event, by_s: float) -> Event:
    utc = datetime.fromisoformat(event.utc) + timedelta(seconds=by_s)
    text = utc.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return msgspec.structs.replace(event, t_ns=event.t_ns + int(by_s * 1e9), utc=text)
