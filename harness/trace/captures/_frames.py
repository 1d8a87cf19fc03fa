"""V2GTP frames out of a stream of octets, found again after what is lost or is none; keeps at most one in memory."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from harness.trace.captures._streams import Octets

HEADER = 8
MOST_OCTETS = 1 << 20  # the longest real payload, a chain of certificates, has below 10 kB
_START = b"\x01\xfe"


@dataclass(frozen=True, slots=True)
class Frame:
    """One V2GTP message without its header."""

    session: int
    packet: int
    utc_ns: int | None
    from_client: bool
    payload_type: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Lost:
    """Octets from which no message could be made: missing in the capture (`count`, none given), or no V2GTP."""

    session: int
    packet: int
    utc_ns: int | None
    from_client: bool
    count: int
    why: str
    octets: bytes = b""
    missing: bool = False


class Framer:
    """One direction of one connection."""

    def __init__(self, session: int, from_client: bool) -> None:
        self._session, self._from_client = session, from_client
        self._buffer = bytearray()
        self._last: Octets | None = None
        self._astray = False

    def feed(self, item: Octets) -> Iterator[Frame | Lost]:
        """What is whole with these octets."""
        self._last = item
        if item.lost:
            yield self._lost(item.lost, f"{item.lost} octets are not in the capture", missing=True)
            yield from self._drop("is the beginning of a message whose end is not in the capture")
            self._astray = True
        if self._astray and item.octets[:2] != _START:
            if item.octets:
                yield self._lost(len(item.octets), "follows what is lost, and begins no message", item.octets)
            return
        self._astray = False
        self._buffer += item.octets
        while len(self._buffer) >= HEADER:
            version, inverse, payload_type, length = struct.unpack_from("!BBHI", self._buffer)
            if (version, inverse) != (1, 0xFE):
                yield from self._drop(f"begins with {version:02x}{inverse:02x}, where V2GTP begins with 01fe")
            elif length > MOST_OCTETS:
                yield from self._drop(f"says that {length} octets follow; more than {MOST_OCTETS} are not read")
            elif len(self._buffer) < HEADER + length:
                return
            else:
                payload = bytes(self._buffer[HEADER : HEADER + length])
                del self._buffer[: HEADER + length]
                yield Frame(self._session, item.packet, item.utc_ns, self._from_client, payload_type, payload)

    def end(self) -> Iterator[Lost]:
        """Nothing more comes."""
        if self._buffer:
            yield from self._drop("is the beginning of a message that never ended")

    def _drop(self, why: str) -> Iterator[Lost]:
        if self._buffer:
            self._astray = True
            octets = bytes(self._buffer)
            self._buffer.clear()
            yield self._lost(len(octets), why, octets)

    def _lost(self, count: int, why: str, octets: bytes = b"", missing: bool = False) -> Lost:
        assert self._last is not None
        at = self._last
        return Lost(self._session, at.packet, at.utc_ns, self._from_client, count, why, octets[:64], missing)
