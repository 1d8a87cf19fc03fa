"""Logs as tables: a mapping says which column is what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo

import msgspec

from harness.trace.logs._record import CSMS, STATION, Record, Unreadable, ns_of, subprotocol, time_ns


class CsvSender(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words by which a table names who sent a message."""

    station: tuple[str, ...] = (STATION,)
    csms: tuple[str, ...] = (CSMS,)


class CsvMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which column of a table is what. `columns` names time, station, sender and frame; version and event if there.

    `time_format` is one of Python's strptime ("%d.%m.%Y %H:%M:%S.%f"), else times are ISO 8601. Times that name no zone
    are in `time_zone` ("+01:00", "Z"). `station` stands for a column where the log is of one station.
    """

    columns: dict[str, str]
    sender: CsvSender = CsvSender()
    time_format: str = ""
    time_zone: str = "Z"
    delimiter: str = ","
    station: str = ""
    version: str = ""


def faults_of_mapping(mapping: CsvMapping, head: list[str]) -> list[str]:
    """What is wrong with a mapping for a table with these columns."""
    known = {"time", "station", "sender", "frame", "version", "event"}
    faults = [
        f"columns: {name!r} is none of {', '.join(sorted(known))}" for name in mapping.columns if name not in known
    ]
    needed = ("time", "sender", "frame", *(() if mapping.station else ("station",)))
    faults += [f"columns: {name} is missing" for name in needed if name not in mapping.columns]
    for name, column in mapping.columns.items():
        if column not in head:
            faults.append(f"columns.{name}: the table has no column {column!r}; it has: {', '.join(head)[:300]}")
    try:
        zone_of(mapping.time_zone)
    except ValueError:
        faults.append(f'time_zone: {mapping.time_zone!r} is none; write it like "+01:00" or "Z"')
    return faults


def zone_of(text: str) -> tzinfo:
    """A fixed offset from UTC. Raises ValueError."""
    if text in ("Z", "UTC"):
        return UTC
    offset = datetime.fromisoformat(f"2026-01-01T00:00:00{text}").utcoffset()
    if offset is None:
        raise ValueError(text)
    return timezone(offset if isinstance(offset, timedelta) else timedelta())


class CsvReader:
    """Rows of a table as records."""

    def __init__(self, mapping: CsvMapping, head: list[str]) -> None:
        self._mapping, self._zone, self._width = mapping, zone_of(mapping.time_zone), len(head)
        self._place = {name: head.index(column) for name, column in mapping.columns.items()}
        self._senders = dict.fromkeys(mapping.sender.station, STATION) | dict.fromkeys(mapping.sender.csms, CSMS)

    def read(self, row: list[str], at: int) -> Record:
        """One row. Raises Unreadable."""
        if len(row) != self._width:
            raise Unreadable(f"the row has {len(row)} columns, the table has {self._width}")
        utc_ns = self._time(self._cell(row, "time"))
        station = self._cell(row, "station") or self._mapping.station
        if not station:
            raise Unreadable("station is missing")
        version = subprotocol(self._cell(row, "version") or self._mapping.version)
        if (event := self._cell(row, "event")) in ("connected", "disconnected"):
            return Record(at, utc_ns, station, event=event, version=version)
        sender = self._senders.get(self._cell(row, "sender"))
        if sender is None:
            raise Unreadable(f"sender {self._cell(row, 'sender')[:40]!r} is none of {', '.join(self._senders)}")
        text = self._cell(row, "frame")
        if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
            raise Unreadable("its frame is not UTF-8")
        return Record(at, utc_ns, station, sender, text, version=version)

    def _cell(self, row: list[str], name: str) -> str:
        place = self._place.get(name)
        return "" if place is None else row[place]

    def _time(self, text: str) -> int:
        if not self._mapping.time_format:
            return time_ns(text, self._zone)
        try:
            read = datetime.strptime(text, self._mapping.time_format)
        except ValueError:
            raise Unreadable(f"time {text[:40]!r} does not fit {self._mapping.time_format!r}") from None
        return ns_of(read if read.tzinfo is not None else read.replace(tzinfo=self._zone))
