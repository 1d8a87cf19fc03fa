"""One log of one or several files: its format found out, its lines read, what cannot be read counted and named."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from harness.trace.logs._csv import CsvMapping, CsvReader, faults_of_mapping
from harness.trace.logs._json_lines import read_open_trace, read_simple
from harness.trace.logs._order import Order, Survey
from harness.trace.logs._record import Record, Unreadable
from plain_files import opened

_LINES_A_FILE = 10**10
_LONGEST = 8 << 20  # characters of one line
_MOST_NAMED = 50
_FORMATS: dict[str, Callable[[str, int], Record]] = {"JSON Lines": read_simple, "Open OCPP Trace": read_open_trace}


class LogError(ValueError):
    """A log that cannot be read at all; the text names the file, what is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that could not be read."""

    place: str
    why: str


def place_of(at: int, names: Sequence[str]) -> str:
    """File and line of a record: "station.jsonl:17"."""
    return f"{names[at // _LINES_A_FILE]}:{at % _LINES_A_FILE}"


class Log:
    """Some files as one log, read twice: once to see whether it is in order, once to hand out its records.

    `survey` must be called first. Raises LogError for a file that is none, and for a log in which nothing can be read.
    """

    def __init__(self, files: Sequence[Path], mapping: CsvMapping | None = None) -> None:
        self.files, self.names = list(files), [file.name for file in files]
        self.formats = [_format_of(file, mapping) for file in self.files]
        self._mapping = mapping
        self.lines = self.records = self.skipped = 0
        self.named: list[Skipped] = []
        self.order: Order | None = None

    def survey(self) -> Order:
        """Read everything once; count and name what cannot be read."""
        survey = Survey()
        for record in self._read(self._skip):
            self.records += 1
            survey.take(record)
        self.lines = self.records + self.skipped
        if not self.records:
            first = f"; {self.named[0].place}: {self.named[0].why}" if self.named else ": it is empty"
            raise LogError(f"{', '.join(self.names)}: no line could be read{first}")
        self.order = survey.plan()
        return self.order

    def in_order(self) -> Iterator[tuple[int, Record]]:
        """Every record with its time on one axis (ns); the times of a station never run back."""
        assert self.order is not None, "survey first"
        return self.order.times(self._read(lambda at, why: None))

    def _skip(self, at: int, why: str) -> None:
        self.skipped += 1
        if len(self.named) < _MOST_NAMED:
            self.named.append(Skipped(place_of(at, self.names), why[:200]))

    def _read(self, skip: Callable[[int, str], None]) -> Iterator[Record]:
        for number, (file, form) in enumerate(zip(self.files, self.formats, strict=True)):
            base = number * _LINES_A_FILE
            if form == "CSV":
                yield from self._table(file, base, skip)
            else:
                yield from _lines(file, base, _FORMATS[form], skip)

    def _table(self, file: Path, base: int, skip: Callable[[int, str], None]) -> Iterator[Record]:
        assert self._mapping is not None
        with _opened(file) as stream:
            rows = csv.reader(stream, delimiter=self._mapping.delimiter)
            reader = CsvReader(self._mapping, next(rows))
            while True:
                at = base + rows.line_num + 1
                try:
                    row = next(rows)
                    if row:
                        yield reader.read(row, at)
                except StopIteration:
                    return
                except (Unreadable, csv.Error) as error:
                    skip(at, str(error))


def _lines(
    file: Path, base: int, read: Callable[[str, int], Record], skip: Callable[[int, str], None]
) -> Iterator[Record]:
    with _opened(file) as stream:
        number, going_on = 0, False
        while line := stream.readline(_LONGEST):
            whole = line.endswith("\n") or len(line) < _LONGEST
            number += not going_on
            if going_on or not whole:
                if not going_on:
                    skip(base + number, f"longer than {_LONGEST} characters")
            elif line.strip():
                try:
                    yield read(line, base + number)
                except Unreadable as error:
                    skip(base + number, str(error))
            going_on = not whole


def _opened(file: Path) -> IO[str]:
    """The file's text; what is no UTF-8 is kept in such a way that it shows as no UTF-8."""
    raw: IO[bytes] = opened(file)
    packed = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    if packed:
        return gzip.open(raw, "rt", encoding="utf-8", errors="surrogateescape", newline="")
    return io.TextIOWrapper(raw, encoding="utf-8", errors="surrogateescape", newline="")


def _format_of(file: Path, mapping: CsvMapping | None) -> str:
    try:
        with _opened(file) as stream:
            if file.name.removesuffix(".gz").lower().endswith(".csv"):
                return _csv_format(file, stream, mapping)
            for _ in range(1000):
                line = stream.readline(_LONGEST)
                if not line:
                    break
                if (form := _looks_like(line)) is not None:
                    return form
    except (OSError, EOFError) as error:
        raise LogError(f"{file}: {getattr(error, 'strerror', None) or error}") from None
    raise LogError(
        f"{file.name}: no format that is known here: it must have a JSON object a line with time, station, sender and "
        'frame (write {"time": "2026-11-01T10:00:00Z", "station": "CP1", "sender": "station", "frame": "[2,…]"}), '
        "or be an Open OCPP Trace, a CSV file with --mapping, or evidence of chargeproof"
    )


def _looks_like(line: str) -> str | None:
    try:
        data = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return None
    if not isinstance(data, dict):
        return None
    if {"seq", "kind", "who", "prev"} <= set(data):
        return "evidence"
    if "schemaVersion" in data and "direction" in data:
        return "Open OCPP Trace"
    return "JSON Lines" if "station" in data or "frame" in data else None


def _csv_format(file: Path, stream: IO[str], mapping: CsvMapping | None) -> str:
    if mapping is None:
        raise LogError(f"{file.name}: of a CSV file --mapping must say which column is what")
    try:
        head = next(csv.reader(stream, delimiter=mapping.delimiter), [])
    except (csv.Error, TypeError) as error:
        raise LogError(f"{file.name}:1: no head of a table can be read: {error}") from None
    if faults := faults_of_mapping(mapping, head):
        raise LogError("\n".join(f"the mapping does not fit {file.name}: {fault}" for fault in faults))
    return "CSV"
