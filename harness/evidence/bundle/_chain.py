"""The trace's chain, looked at from both sides, so that the altered line itself is named and not only its neighbour."""

from __future__ import annotations

import msgspec

from harness.evidence.bundle import _strict_json
from harness.evidence.bundle._model import TRACE, TraceSummary
from harness.evidence.bundle._problem import Problem
from harness.trace import GENESIS, OLD_SCHEMA, Event, line_hash

_decoder, _encoder = msgspec.json.Decoder(Event), msgspec.json.Encoder()
_MOST = 20  # problems named; a rewritten trace would otherwise list every line


def chain_problems(raw: bytes, stated: TraceSummary | None) -> list[Problem]:
    """What is wrong with a journal, line by line. `stated` is the manifest's word on its end, if it has one.

    A line is witnessed by its successor's `prev`, the last one by the manifest. One unwitnessed line was itself
    altered; of several in a row the later ones were, in their `prev`.
    """
    lines = raw.split(b"\n")
    problems = []
    if lines.pop():
        problems.append(_at(len(lines) + 1, "is cut off before its end"))
    events: list[Event | None] = []
    for number, line in enumerate(lines, start=1):
        try:
            events.append(_decoder.decode(line))
            if fault := _ambiguous(line, events[-1]):
                problems.append(_at(number, fault))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            events.append(None)
            problems.append(_at(number, f"is not an event: {error}"))
    if not problems:
        problems += _misnumbered(events)
    if not problems:
        problems += _unwitnessed(lines, [e for e in events if e is not None], stated)
    if not problems and stated is not None and events and events[0] is not None:
        written = events[0].schema or OLD_SCHEMA
        if written != stated.schema:
            problems.append(_at(1, f"begins a trace of shape {written}, the manifest says {stated.schema}"))
    if not problems and stated is not None and len(lines) != stated.events:
        problems.append(_at(len(lines), f"is the last one, but the manifest says that there are {stated.events}"))
    if len(problems) > _MOST:
        left = len(problems) - _MOST
        problems = [*problems[:_MOST], Problem(where=TRACE, what=f"and {left} further faults")]
    return problems


def ambiguities(raw: bytes) -> list[Problem]:
    """The lines of a whole journal that two readers could read as two different events."""
    lines = enumerate(raw.split(b"\n")[:-1], start=1)
    return [_at(number, fault) for number, line in lines if (fault := _ambiguous(line, _decoder.decode(line)))]


def _ambiguous(line: bytes, event: Event | None) -> str:
    """Nothing for a line as the recorder writes it; any other is looked through for keys that stand twice."""
    return "" if _encoder.encode(event) == line else _strict_json.twice(line)


def _misnumbered(events: list[Event | None]) -> list[Problem]:
    for number, event in enumerate(events, start=1):
        if event is not None and event.seq != number - 1:
            return [
                _at(
                    number, f"holds event {event.seq}, not {number - 1}: lines were removed, added, moved or renumbered"
                )
            ]
    return []


def _unwitnessed(lines: list[bytes], events: list[Event], stated: TraceSummary | None) -> list[Problem]:
    if not lines:
        return []
    problems = []
    if events[0].prev != GENESIS:
        problems.append(_at(1, "does not start the chain: what came before it was cut away, or its `prev` was altered"))
    hashes = [line_hash(line) for line in lines]
    witnesses = [*(event.prev for event in events[1:]), stated.head if stated else hashes[-1]]
    broken = {number for number, (a, b) in enumerate(zip(hashes, witnesses, strict=True), start=1) if a != b}
    for number in sorted(broken):
        follows_one = number - 1 in broken
        leads_one = number + 1 in broken
        if follows_one:
            problems.append(_at(number, "was altered: neither the line before nor the one after it fits"))
        elif not leads_one:
            where = "the next line" if number < len(lines) else "the manifest"
            problems.append(_at(number, f"was altered: {where} holds another hash of it"))
    return problems


def _at(number: int, what: str) -> Problem:
    return Problem(where=TRACE, what=f"line {number} {what}", line=number)
