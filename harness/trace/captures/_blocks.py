"""Packets out of a capture file, pcap or pcapng, one after the other: nothing but the packet at hand is held."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedReader

PCAP, PCAPNG = "pcap", "pcapng"
MOST_OCTETS = 1 << 24  # of one packet or block: a larger one is no packet of any network
_MAGIC = {  # pcap's first octets -> order of octets, and how many parts a second has
    b"\xd4\xc3\xb2\xa1": ("<", 10**6),
    b"\xa1\xb2\xc3\xd4": (">", 10**6),
    b"\x4d\x3c\xb2\xa1": ("<", 10**9),
    b"\xa1\xb2\x3c\x4d": (">", 10**9),
}
_SECTION, _INTERFACE, _SIMPLE, _ENHANCED, _OLD, _SECRETS = 0x0A0D0D0A, 1, 3, 6, 2, 10
_NSS_KEY_LOG = 0x544C534B


class CaptureError(ValueError):
    """A file that is no capture, or whose rest cannot be read; the text says where and what."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet: its number from 1, when it was seen (ns since 1970; None: not told), on what link, its octets.

    `cut`: it was longer on the wire than what was kept of it.
    """

    number: int
    utc_ns: int | None
    link: int
    octets: bytes
    cut: bool = False


@dataclass
class Blocks:
    """A capture file's packets. `secrets` are the TLS secrets that it carries, in the form of a key log."""

    file: BufferedReader
    form: str = ""
    secrets: list[str] = field(default_factory=list)
    packets: int = 0
    torn: str = ""  # why the end of the file could not be read
    _at: int = 0

    def __post_init__(self) -> None:
        first = self._take(4)
        if first in _MAGIC:
            self.form, self._order, self._parts = PCAP, *_MAGIC[first]
        elif first == struct.pack("<I", _SECTION):
            self.form, self._order, self._links = PCAPNG, "<", list[tuple[int, int]]()
        else:
            raise CaptureError("is no capture: it begins neither like pcap nor like pcapng")

    def __iter__(self) -> Iterator[Packet]:
        """Every packet in order; what is wrong with the rest of the file is said in `torn`."""
        try:
            yield from self._of_pcap() if self.form == PCAP else self._of_pcapng()
        except CaptureError as error:
            self.torn = f"octet {self._at}: {error}"

    def _take(self, count: int) -> bytes:
        found = self.file.read(count)
        self._at += len(found)
        return found

    def _whole(self, count: int) -> bytes:
        found = self._take(count)
        if len(found) < count:
            raise CaptureError("the file ends inside a packet")
        return found

    def _of_pcap(self) -> Iterator[Packet]:
        (link,) = struct.unpack(f"{self._order}16xI", self._whole(20))
        while head := self._take(16):
            if len(head) < 16:
                raise CaptureError("the file ends inside a packet")
            seconds, part, kept, length = struct.unpack(f"{self._order}IIII", head)
            utc_ns = seconds * 10**9 + part * (10**9 // self._parts)
            yield self._packet(utc_ns, link & 0xFFFF, self._whole(_bounded(kept)), length)

    def _packet(self, utc_ns: int | None, link: int, octets: bytes, length: int) -> Packet:
        self.packets += 1
        return Packet(self.packets, utc_ns, link, octets, len(octets) < length)

    # -- pcapng -------------------------------------------------------------------------------------------------------

    def _of_pcapng(self) -> Iterator[Packet]:
        kind_octets = struct.pack("<I", _SECTION)
        while kind_octets:
            if len(kind_octets) < 4:
                raise CaptureError("the file ends inside a block")
            if kind_octets == struct.pack("<I", _SECTION):
                self._section()
            else:
                yield from self._block(struct.unpack(f"{self._order}I", kind_octets)[0])
            kind_octets = self._take(4)

    def _section(self) -> None:
        """A section may have another order of octets, and has interfaces of its own."""
        length_octets, magic = self._whole(4), self._whole(4)
        self._order = "<" if magic == b"\x4d\x3c\x2b\x1a" else ">"
        (length,) = struct.unpack(f"{self._order}I", length_octets)
        self._whole(_bounded(length - 12))
        self._links = []

    def _block(self, kind: int) -> Iterator[Packet]:
        (length,) = struct.unpack(f"{self._order}I", self._whole(4))
        if length < 12 or length % 4:
            raise CaptureError(f"a block says that it has {length} octets")
        body = self._whole(_bounded(length - 12))
        self._whole(4)
        try:
            if kind == _INTERFACE:
                self._links.append((struct.unpack_from(f"{self._order}H", body)[0], self._resolution(body)))
            elif kind == _SECRETS:
                self._secret(body)
            elif kind in (_ENHANCED, _OLD):
                yield self._enhanced(body, kind)
            elif kind == _SIMPLE:
                (length,) = struct.unpack_from(f"{self._order}I", body)
                yield self._packet(None, self._links[0][0], body[4 : 4 + length], length)
        except (struct.error, IndexError):
            raise CaptureError("a block is shorter than what it must hold, or names no interface") from None

    def _enhanced(self, body: bytes, kind: int) -> Packet:
        form = "IIIII" if kind == _ENHANCED else "HxxIIII"
        interface, high, low, kept, length = struct.unpack_from(f"{self._order}{form}", body)
        link, parts = self._links[interface]
        ticks = (high << 32) | low
        return self._packet(ticks * 10**9 // parts, link, body[20 : 20 + kept], length)

    def _resolution(self, body: bytes) -> int:
        """How many parts a second has in this interface's times: a power of ten, or of two."""
        at = 8
        while at + 4 <= len(body):
            code, length = struct.unpack_from(f"{self._order}HH", body, at)
            if code == 9 and length == 1 and at + 4 < len(body):
                power = int(body[at + 4])
                return int(2 ** (power & 0x7F)) if power & 0x80 else int(10**power)
            if code == 0:
                break
            at += 4 + length + -length % 4
        return 10**6

    def _secret(self, body: bytes) -> None:
        kind, length = struct.unpack_from(f"{self._order}II", body)
        if kind == _NSS_KEY_LOG and len(self.secrets) < 1000:
            self.secrets.append(body[8 : 8 + length].decode("ascii", "replace"))


def _bounded(count: int) -> int:
    if not 0 <= count <= MOST_OCTETS:
        raise CaptureError(f"a packet or block says that it has {count} octets")
    return count
