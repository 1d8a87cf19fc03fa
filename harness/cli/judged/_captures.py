"""From captures to verdicts: the ISO 15118 sessions of others, watched by the rules of that standard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.judge.rules import (
    LadderRung,
    LogFile,
    LogVerdicts,
    SessionShown,
    SkippedLine,
    known_v2g_rules,
    results,
    rules_of,
    stations_of,
    time_of,
)
from harness.judge.rules.v2g import Heard, Ladder, Ladders, V2gWatch
from harness.proofs import proven
from harness.trace.captures import Capture
from requirement_catalog import Suites, read_proofs

OF = "ISO 15118"
_PACKETS_A_FILE = 10**9
_MOST_NOTES = 20


def judged_captures(paths: Sequence[Path], suites: Suites, keys: str) -> LogVerdicts:
    """Captures, one after the other. Raises CaptureError (the text names no file), OSError."""
    rows = [row for row in suites.rules if row.id in known_v2g_rules()]
    watch, ladders, names = V2gWatch(rows), Ladders(), [path.name for path in paths]
    captures, heard = [Capture(path, keys) for path in paths], list[Heard]()
    for number, capture in enumerate(captures):
        mine = Heard(number * _PACKETS_A_FILE, max((each.highest for each in heard), default=0))
        heard.append(mine)
        for item in mine.items(capture, ladders.take):
            watch.take(item)
    found = results(watch.tallies, rows, proven(rows, read_proofs()))
    spoken: dict[str, set[str]] = {}
    for each in heard:
        for station, protocols in each.spoken.items():
            spoken.setdefault(station, set()).update(protocols)

    def place(at: int) -> str:
        return f"{names[at // _PACKETS_A_FILE]}: packet {at % _PACKETS_A_FILE}"

    begun, ended = [h.begun_ns for h in heard if h.begun_ns], [h.last_ns for h in heard if h.last_ns]
    return LogVerdicts(
        tuple(LogFile(path.name, capture.form) for path, capture in zip(paths, captures, strict=True)),
        sum(each.messages for each in heard),
        time_of(min(begun, default=None)),
        time_of(max(ended, default=None)),
        sum(each.skipped for each in heard),
        tuple(SkippedLine(place(at), why) for each in heard for at, why in each.unread),
        {},
        tuple(note for capture in captures for note in _notes(capture))[:_MOST_NOTES],
        stations_of(found, spoken, place),
        rules_of(found),
        of=OF,
        sessions=tuple(_shown(ladder, names) for ladder in ladders.all),
        encrypted=sum(len(capture.encrypted) for capture in captures),
    )


def _notes(capture: Capture) -> list[str]:
    """What of a capture was not read, or not as it stands."""
    name, notes = capture.path.name, list[str]()
    if capture.torn:
        notes.append(f"{name}: its end could not be read: {capture.torn}")
    for opened, why in capture.encrypted:
        ends = f"{opened.client[0]} to {opened.server[0]}, port {opened.server[1]}"
        notes.append(f"{name}: encrypted and not read: {ends}, from packet {opened.packet}: {why}")
    if capture.decrypted:
        notes.append(f"{name}: {capture.decrypted} TLS sessions were opened with the secrets that were given")
    if capture.others:
        notes.append(f"{name}: {capture.others} TCP connections carry something else and were left alone")
    notes += [f"{name}: {count} packets: {why}" for why, count in capture.unread.most_common(3)]
    return notes


def _shown(ladder: Ladder, names: Sequence[str]) -> SessionShown:
    rungs = [
        LadderRung(
            time_of(rung.time_ns),
            f"{rung.at % _PACKETS_A_FILE}" + (f"–{rung.last_at % _PACKETS_A_FILE}" if rung.times > 1 else ""),
            rung.by,
            rung.what,
            rung.told,
            rung.times,
        )
        for rung in ladder.rungs
    ]
    file = names[ladder.rungs[0].at // _PACKETS_A_FILE] if ladder.rungs and len(names) > 1 else ""
    station = f"{ladder.station} ({file})" if file else ladder.station
    return SessionShown(ladder.session, station, ladder.protocol, tuple(rungs), ladder.more)
