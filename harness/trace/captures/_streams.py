"""TCP connections put together from segments: lost, repeated and out of order ones; bounded, whatever comes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from harness.trace.captures._packets import FIN, RST, SYN, End, Segment

MOST_CONNECTIONS = 1024  # followed at a time; the one that was silent longest goes first
MOST_WAITING = 64  # segments that came before one that is missing
_ROUND = 1 << 32
_ACK = 0x10


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection is seen for the first time. `client` opened it, as far as its beginning was seen (`whole`)."""

    session: int
    packet: int
    utc_ns: int | None
    client: End
    server: End
    whole: bool


@dataclass(frozen=True, slots=True)
class Octets:
    """What came next over a connection, `from_client` or not; `lost` octets before it are not in the capture."""

    session: int
    packet: int
    utc_ns: int | None
    from_client: bool
    octets: bytes
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Closed:
    """A connection ends; `by_client` and how ("FIN", "RST"), empty where the capture ends before it."""

    session: int
    packet: int
    utc_ns: int | None
    by_client: bool | None
    how: str


@dataclass(slots=True)
class _Half:
    """One direction of a connection."""

    due: int | None = None  # the sequence number that comes next
    waiting: dict[int, Segment] = field(default_factory=dict)

    def take(self, segment: Segment) -> Iterator[tuple[Segment, bytes, int]]:
        """What can be handed on now: (segment, octets, how many were lost before them)."""
        first = segment.sequence + bool(segment.flags & SYN)
        if segment.flags & SYN or self.due is None:
            self.due = first % _ROUND
        ahead = (first - self.due) % _ROUND
        if ahead == 0 or ahead >= _ROUND // 2:
            yield from self._next(segment, _ROUND - ahead if ahead else 0)
            yield from self._caught_up()
        elif segment.payload:
            self.waiting.setdefault(first, segment)
            if len(self.waiting) > MOST_WAITING:
                yield from self.give_up()

    def give_up(self, acknowledged: int | None = None) -> Iterator[tuple[Segment, bytes, int]]:
        """What is missing will not come: the other end has `acknowledged` it, or too much waits for it."""
        while self.waiting and self.due is not None:
            due = self.due
            nearest = min(self.waiting, key=lambda at: (at - due) % _ROUND)
            lost = (nearest - due) % _ROUND
            if acknowledged is not None and (acknowledged - nearest) % _ROUND >= _ROUND // 2:
                return
            segment, self.due = self.waiting.pop(nearest), nearest
            yield from self._next(segment, 0, lost)
            yield from self._caught_up()

    def _next(self, segment: Segment, seen: int, lost: int = 0) -> Iterator[tuple[Segment, bytes, int]]:
        """A segment of which `seen` octets came before."""
        new = segment.payload[seen:]
        if new or (segment.missing and not seen):
            assert self.due is not None
            self.due = (self.due + len(new) + segment.missing) % _ROUND
            if new:
                yield segment, new, lost
            if segment.missing:
                yield segment, b"", segment.missing

    def _caught_up(self) -> Iterator[tuple[Segment, bytes, int]]:
        while self.waiting and self.due is not None:
            due = self.due
            ready = [at for at in self.waiting if at == due or (at - due) % _ROUND >= _ROUND // 2]
            if not ready:
                return
            for at in ready:
                segment = self.waiting.pop(at)
                yield from self._next(segment, (self.due - at) % _ROUND)


@dataclass(slots=True)
class _Connection:
    session: int
    client: End
    whole: bool
    halves: tuple[_Half, _Half] = field(default_factory=lambda: (_Half(), _Half()))  # from client, from server
    closed: bool = False


class Streams:
    """Segments in, what the ends of each connection said out. `sessions` counts the connections that were seen."""

    def __init__(self) -> None:
        self._open: OrderedDict[frozenset[End], _Connection] = OrderedDict()
        self.sessions = 0

    def take(self, segment: Segment) -> Iterator[Opened | Octets | Closed]:
        """The next segment."""
        ends = frozenset((segment.source, segment.target))
        known = self._open.get(ends)
        if known is None or (known.closed and segment.flags & SYN and not segment.flags & _ACK):
            if not segment.flags & SYN and not segment.payload:
                return
            known = self._open[ends] = self._new(segment)
            server = segment.target if known.client == segment.source else segment.source
            yield Opened(known.session, segment.packet, segment.utc_ns, known.client, server, known.whole)
        self._open.move_to_end(ends)
        if len(self._open) > MOST_CONNECTIONS:
            _, oldest = self._open.popitem(last=False)
            yield from self._flush(oldest)
        yield from self._said(known, segment)

    def end(self) -> Iterator[Octets]:
        """The capture is over: what waited for something that never came."""
        for known in self._open.values():
            yield from self._flush(known)

    def _new(self, segment: Segment) -> _Connection:
        self.sessions += 1
        opens = bool(segment.flags & SYN)
        answers = opens and bool(segment.flags & _ACK)
        return _Connection(self.sessions, segment.target if answers else segment.source, opens)

    def _said(self, known: _Connection, segment: Segment) -> Iterator[Octets | Closed]:
        from_client = segment.source == known.client
        mine, theirs = known.halves if from_client else known.halves[::-1]
        if segment.flags & _ACK:
            for each in theirs.give_up(segment.acknowledged):
                yield _octets(known, not from_client, *each)
        for each in mine.take(segment):
            yield _octets(known, from_client, *each)
        if segment.flags & (FIN | RST) and not known.closed:
            known.closed = True
            how = "RST" if segment.flags & RST else "FIN"
            yield Closed(known.session, segment.packet, segment.utc_ns, from_client, how)

    def _flush(self, known: _Connection) -> Iterator[Octets]:
        for from_client, half in zip((True, False), known.halves, strict=True):
            for each in half.give_up():
                yield _octets(known, from_client, *each)


def _octets(known: _Connection, from_client: bool, segment: Segment, octets: bytes, lost: int) -> Octets:
    return Octets(known.session, segment.packet, segment.utc_ns, from_client, octets, lost)
