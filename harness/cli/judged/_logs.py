"""From files to verdicts: a log of others, or evidence of our own, watched by all rules."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from harness.judge.rules import (
    Item,
    LogFile,
    LogStream,
    LogVerdicts,
    Message,
    SkippedLine,
    items_of,
    known_v2g_rules,
    results,
    rules_of,
    stations_of,
    time_of,
    watch,
    watch_v2g,
)
from harness.judge.rules.v2g import v2g_items_of
from harness.proofs import proven
from harness.trace import Trace, read_trace, trace_of
from harness.trace.logs import CsvMapping, Log, LogError, place_of
from plain_files import is_plain, is_there, opened
from requirement_catalog import Suites, read_proofs

TRACE = "trace.jsonl"
_MOST_BYTES = 2 << 30
_MOST_NOTES = 20


def is_evidence(path: Path) -> bool:
    """Whether it is ours: a bundle, a campaign's folder, its evidence folder, or the journal in it."""
    return path.is_dir() or (path.name == TRACE and not _is_of_others(path)) or _is_bundle(path)


def _is_bundle(path: Path) -> bool:
    return is_plain(path) and zipfile.is_zipfile(path)


def _is_of_others(path: Path) -> bool:
    """Others call their logs trace.jsonl too."""
    try:
        return is_plain(path) and Log([path]).formats != ["evidence"]
    except LogError:
        return False


class _Times:
    """Passes a stream on, and remembers the first and the last time, what was spoken and how many messages came."""

    def __init__(self) -> None:
        self.first: int | None = None
        self.last: int | None = None
        self.messages = 0
        self.spoken: dict[str, set[str]] = {}

    def over(self, stream: Iterable[Item]) -> Iterator[Item]:
        for item in stream:
            if isinstance(item, Message):
                self.messages += 1
                self.spoken.setdefault(item.station, set()).add(item.version or "not told")
                if item.utc_ns is not None:
                    self.first = item.utc_ns if self.first is None else min(self.first, item.utc_ns)
                    self.last = item.utc_ns if self.last is None else max(self.last, item.utc_ns)
            yield item


def judged_log(paths: Sequence[Path], suites: Suites, version: str | None, mapping: CsvMapping | None) -> LogVerdicts:
    """A log of others. Raises LogError, OSError."""
    if missing := [path for path in paths if not is_there(path)]:
        raise LogError(f"{missing[0]}: there is no such file")
    log = Log(paths, mapping)
    order = log.survey()
    stream, times = LogStream(version), _Times()
    rows = [row for row in suites.rules if row.id not in known_v2g_rules()]
    watching = watch(times.over(stream.items(log.in_order())), rows)
    found = results(watching.tallies, rows, proven(rows, read_proofs()))
    notes = [
        f"{station}: the clocks of its two recorders differ by {abs(shift) / 1e9:.3f} s, which was taken out"
        for station, shift in sorted(order.shifts.items())
    ]
    notes += [
        f"{station}: the clocks of its recorders cannot be brought together; its lines are judged as they stand"
        for station in sorted(order.unsteady)
    ]
    if len(notes) > _MOST_NOTES:
        notes = [*notes[:_MOST_NOTES], f"and {len(notes) - _MOST_NOTES} more stations whose clocks differ"]
    if order.needs_sorting:
        notes.insert(0, "its lines were not in order of time and were sorted")
    if any("not told" in spoken for spoken in stream.spoken.values()):
        notes.append("where no version of OCPP is told, only what 2.0.1 and 2.1 both say was judged (see --version)")
    return LogVerdicts(
        tuple(LogFile(name, form) for name, form in zip(log.names, log.formats, strict=True)),
        times.messages,
        time_of(times.first),
        time_of(times.last),
        log.skipped,
        tuple(SkippedLine(line.place, line.why) for line in log.named),
        dict(sorted(stream.left_alone.items())),
        tuple(notes),
        stations_of(found, stream.spoken, lambda at: place_of(at, log.names)),
        rules_of(found),
    )


def judged_evidence(path: Path, suites: Suites) -> LogVerdicts:
    """A campaign of our own. Raises LogError, TraceError, OSError."""
    trace, times = _trace_in(path), _Times()
    tallies = watch(times.over(items_of(trace)), suites.rules).tallies
    tallies += watch_v2g(v2g_items_of(trace), suites.rules).tallies
    found = results(tallies, suites.rules, proven(suites.rules, read_proofs()))
    return LogVerdicts(
        (LogFile(path.name, "evidence of chargeproof"),),
        times.messages,
        time_of(times.first),
        time_of(times.last),
        0,
        (),
        {},
        (),
        stations_of(found, times.spoken, lambda at: f"{TRACE}: event {at}"),
        rules_of(found),
    )


def _trace_in(path: Path) -> Trace:
    if path.is_file() and path.name != TRACE:
        return _trace_of_bundle(path)
    places = [path, path / TRACE, path / "evidence" / TRACE]
    journal = next((place for place in places if place.is_file()), None)
    if journal is None:
        raise LogError(f"{path}: holds no {TRACE}; give a campaign's folder, its evidence folder or its bundle")
    return read_trace(journal, torn_tail=True)


def _trace_of_bundle(path: Path) -> Trace:
    with opened(path) as file, zipfile.ZipFile(file) as bundle:
        names = [name for name in bundle.namelist() if name.split("/")[-1] == TRACE]
        if not names:
            raise LogError(f"{path.name}: is a zip and holds no {TRACE}; give a bundle of chargeproof, or unpack it")
        if bundle.getinfo(names[0]).file_size > _MOST_BYTES:
            raise LogError(f"{path.name}: its {TRACE} is larger than {_MOST_BYTES >> 30} GiB; unpack it, and give that")
        return trace_of(bundle.read(names[0]), TRACE)
