"""Which answer belongs to which CALL, found from ids, connections and directions alone."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum

from harness.ocppj._frame import CALL, CALLERROR, CALLRESULTERROR, Frame


class Remark(StrEnum):
    """What is odd about a frame among the others."""

    RETRY = "retry"  # a CALL again, word for word: allowed (Part 4, 4.1.4 of 2.1, and erratum 4.6 to 2.0.1)
    REUSED = "reused"  # a CALL with the id of another one
    DUPLICATE = "duplicate"  # a second answer
    UNASKED = "unasked"  # an answer to nothing
    ELSEWHERE = "elsewhere"  # an answer over another connection than its CALL


@dataclass(frozen=True, slots=True)
class Match:
    """`action` of a frame (of an answer: its CALL's), the `call` that it answers (None: none), and a remark."""

    action: str | None
    call: int | None = None
    remark: Remark | None = None


@dataclass(slots=True)
class _Call:
    number: int
    connection: int
    action: str | None
    digest: int
    answers: int = 0


class Conversation:
    """All that one charging station and its backend say to each other, over one connection after another.

    Ids are unique for each side over all connections of a station (Part 4, 4.1.4). What is told of frames are numbers
    that the caller chose for them, and for the connections. `most` bounds the calls of each side that are remembered.
    """

    def __init__(self, most: int | None = None) -> None:
        self._calls: dict[str, OrderedDict[str, _Call]] = {"in": OrderedDict(), "out": OrderedDict()}
        self._garbled: dict[str, dict[int, int]] = {"in": {}, "out": {}}
        self._begun: set[int] = set()
        self._most = most
        self._forgot = False  # a call without an answer: what answers nothing that we know may answer it

    def opened(self, connection: int) -> None:
        """A connection began under our eyes: an answer over it to nothing that was asked is a fault from now on."""
        if self._most is not None and len(self._begun) > self._most:
            self._begun.clear()
            for counts in self._garbled.values():
                counts.clear()
        self._begun.add(connection)

    def take(self, way: str, connection: int, frame: Frame, number: int, octets: bytes) -> Match:
        """Take in the next frame; `way` is "in" (from the station) or "out"."""
        other = "out" if way == "in" else "in"
        if frame.type == CALL and frame.id is not None:
            match = self._called(way, connection, frame, number, octets)
            if frame.faults:
                self._garble(way, connection)
            return match
        if frame.is_answer and frame.id is not None:
            return self._answered(other, connection, frame)
        if frame.type == CALLRESULTERROR and frame.id is not None:
            heard = self._calls[way].get(frame.id)  # it speaks of the answer to a CALL of its own
            return Match(heard.action, heard.number) if heard else Match(None, None, self._stray(connection))
        if frame.type is None:
            self._garble(way, connection)
        return Match(frame.action)

    def _called(self, way: str, connection: int, frame: Frame, number: int, octets: bytes) -> Match:
        assert frame.id is not None
        self._begun.add(connection)
        before, digest = self._calls[way].get(frame.id), hash(octets)
        self._calls[way][frame.id] = _Call(number, connection, frame.action, digest)
        if self._most is not None and len(self._calls[way]) > self._most:
            self._forgot |= not self._calls[way].popitem(last=False)[1].answers
        if before is None:
            return Match(frame.action)
        return Match(frame.action, None, Remark.RETRY if before.digest == digest else Remark.REUSED)

    def _answered(self, asked: str, connection: int, frame: Frame) -> Match:
        assert frame.id is not None
        call = self._calls[asked].get(frame.id)
        if call is None:
            if frame.type == CALLERROR and self._forgive(asked, connection):
                return Match(None)
            return Match(None, None, self._stray(connection))
        call.answers += 1
        if call.answers > 1:
            return Match(call.action, None, Remark.DUPLICATE)
        return Match(call.action, call.number, None if call.connection == connection else Remark.ELSEWHERE)

    def _garble(self, way: str, connection: int) -> None:
        counts = self._garbled[way]
        counts[connection] = counts.get(connection, 0) + 1

    def _forgive(self, way: str, connection: int) -> bool:
        """Whether an error without a CALL may answer something that could not be read as one (Part 4, 4.2.3)."""
        left = self._garbled[way].get(connection, 0)
        if left:
            self._garbled[way][connection] = left - 1
        return left > 0

    def _stray(self, connection: int) -> Remark | None:
        """In a log that begins in the middle of a connection, its first answers may belong to what came before."""
        return Remark.UNASKED if connection in self._begun and not self._forgot else None
