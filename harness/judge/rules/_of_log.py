"""A log of others as a stream of what rules look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from harness.judge.rules._message import CSMS, STATION, Item, Line
from harness.judge.rules._talk import Talk
from harness.ocppj import is_readable
from harness.trace.logs import Record


class LogStream:
    """Records in order of time as items. `left_alone` counts messages of versions that are not judged, by version.

    `version` is what stations speak of which the log does not say so; None: then only what all versions say is judged.
    """

    def __init__(self, version: str | None = None) -> None:
        self._default = version
        self._versions: dict[str, str | None] = {}
        self._talks: dict[str, Talk] = {}
        self._connections: dict[str, int] = {}
        self.messages = 0
        self.left_alone: Counter[str] = Counter()
        self.spoken: dict[str, set[str]] = {}

    def items(self, records: Iterable[tuple[int, Record]]) -> Iterator[Item]:
        """The stream; nothing of it is kept."""
        for t_ns, record in records:
            version = self._version(record)
            if version is not None and not is_readable(version):
                self.left_alone[version] += bool(record.sender)
                continue
            talk = self._talks.get(record.station)
            if talk is None:
                talk = self._talks[record.station] = Talk(record.station)
            if record.event:
                yield self._line(t_ns, record, talk, version)
                continue
            self.messages += 1
            by = STATION if record.sender == "station" else CSMS
            number = self._connections.get(record.station, 0)
            yield talk.take(record.at, t_ns, record.utc_ns, by, number, version, record.text)

    def _version(self, record: Record) -> str | None:
        if record.version:
            self._versions[record.station] = record.version
        version = self._versions.get(record.station, self._default)
        if (spoken := self.spoken.get(record.station)) is None:
            spoken = self.spoken[record.station] = set()
        spoken.add(version or "not told")
        return version

    def _line(self, t_ns: int, record: Record, talk: Talk, version: str | None) -> Line:
        number = self._connections.get(record.station, 0)
        if record.event == "connected":
            number = self._connections[record.station] = number + 1
            talk.opened(number)
            return Line(record.at, t_ns, record.utc_ns, record.station, "opened", number, version)
        return Line(record.at, t_ns, record.utc_ns, record.station, "closed", number)
