"""Captures made by hand: packets of one or several connections in every form that a capture may have."""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.proofs.edits import window

SYN, ACK, PUSH, FIN, RST = 0x02, 0x10, 0x08, 0x01, 0x04
CAR, CHARGER = ("fe80::e0", 50000), ("fe80::5ecc", 61000)
BEGAN_NS = 1_790_000_000 * 10**9
ETHERNET, NULL, RAW, SLL, SLL2 = 1, 0, 101, 113, 276
End = tuple[str, int]


def _ip(source: str, target: str, protocol: int, octets: bytes) -> bytes:
    one, other = ipaddress.ip_address(source), ipaddress.ip_address(target)
    if one.version == 6:
        return struct.pack("!IHBB", 6 << 28, len(octets), protocol, 64) + one.packed + other.packed + octets
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(octets), 0, 0x4000, 64, protocol, 0)
    return head + one.packed + other.packed + octets


def framed(link: int, packet: bytes, tag: bool = False) -> bytes:
    """An IP packet in the frame of a link."""
    six = packet[0] >> 4 == 6
    kind = struct.pack("!H", 0x86DD if six else 0x0800)
    if link == ETHERNET:
        return (
            b"\2" * 12 + (b"\x81\x00\x00\x07" if tag else b"") + kind + packet + b"\0" * 6
        )  # padded, as short ones are
    if link == SLL:
        return b"\0" * 14 + kind + packet
    if link == SLL2:
        return kind + b"\0" * 18 + packet
    return (struct.pack("<I", 30 if six else 2) if link == NULL else b"") + packet


@dataclass
class Made:
    """Packets in the making; each is (nanoseconds, IP packet)."""

    packets: list[tuple[int, bytes]] = field(default_factory=list)
    sequence: dict[tuple[End, End], int] = field(default_factory=dict)
    now_ns: int = BEGAN_NS

    def tcp(self, source: End, target: End, payload: bytes = b"", flags: int = ACK) -> Made:
        """The next segment of a connection."""
        mine = self.sequence.setdefault((source, target), 0xFFFFFF00)  # so that it runs over
        self.segment(source, target, mine, payload, flags)
        self.sequence[source, target] = (mine + len(payload) + bool(flags & (SYN | FIN))) & 0xFFFFFFFF
        return self

    def segment(self, source: End, target: End, sequence: int, payload: bytes, flags: int = ACK) -> Made:
        """Any segment."""
        theirs = self.sequence.get((target, source), 0)
        head = struct.pack("!HHIIBBHHH", source[1], target[1], sequence, theirs, 0x50, flags, 8192, 0, 0)
        return self._put(_ip(source[0], target[0], 6, head + payload))

    def udp(self, source: End, target: End, payload: bytes) -> Made:
        """A datagram."""
        head = struct.pack("!HHHH", source[1], target[1], 8 + len(payload), 0)
        return self._put(_ip(source[0], target[0], 17, head + payload))

    def opened(self, car: End = CAR, charger: End = CHARGER) -> Made:
        """A handshake."""
        self.sequence.pop((car, charger), None)
        self.sequence.pop((charger, car), None)
        return self.tcp(car, charger, flags=SYN).tcp(charger, car, flags=SYN | ACK).tcp(car, charger)

    def sdp(self, car: End = CAR, charger: End = CHARGER, security: int = 0x10) -> Made:
        """The charger is asked for and tells where it listens."""
        self.udp((car[0], 49200), ("ff02::1", 15118), v2gtp(0x9000, bytes((security, 0))))
        address = ipaddress.IPv6Address(charger[0]).packed
        told = address + struct.pack("!HBB", charger[1], security, 0)
        return self.udp((charger[0], 15118), (car[0], 49200), v2gtp(0x9001, told))

    def says(self, messages: Iterable[tuple[str, int, bytes]], car: End = CAR, charger: End = CHARGER) -> Made:
        """(direction, payload type, octets) one after the other, each in a segment."""
        for way, kind, exi in messages:
            source, target = (charger, car) if way == "in" else (car, charger)
            self.tcp(source, target, v2gtp(kind, exi), PUSH | ACK)
        return self

    def _put(self, packet: bytes) -> Made:
        self.packets.append((self.now_ns, packet))
        self.now_ns += 10_000_000
        return self

    def pcapng(self, path: Path, link: int = ETHERNET, *, order: str = "<", extra: bytes = b"") -> Path:
        """Write it; `extra` are blocks that come before the packets."""
        blocks = [block(0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1), order)]
        resolution = struct.pack(f"{order}HHB3xHH", 9, 1, 9, 0, 0)
        blocks.append(block(1, struct.pack(f"{order}HHI", link, 0, 0) + resolution, order) + extra)
        for at_ns, packet in self.packets:
            octets = framed(link, packet)
            head = struct.pack(f"{order}IIIII", 0, at_ns >> 32, at_ns & 0xFFFFFFFF, len(octets), len(octets))
            blocks.append(block(6, head + octets + b"\0" * (-len(octets) % 4), order))
        path.write_bytes(b"".join(blocks))
        return path

    def pcap(self, path: Path, link: int = ETHERNET, *, order: str = "<", keep: int = 1 << 16) -> Path:
        """Write it in the older form; of each packet at most `keep` octets are kept."""
        written = [struct.pack(f"{order}IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, keep, link)]
        for at_ns, packet in self.packets:
            octets = framed(link, packet)
            head = struct.pack(
                f"{order}IIII", at_ns // 10**9, at_ns % 10**9 // 1000, min(keep, len(octets)), len(octets)
            )
            written.append(head + octets[:keep])
        path.write_bytes(b"".join(written))
        return path


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    """A block of pcapng."""
    length = struct.pack(f"{order}I", len(body) + 12)
    return struct.pack(f"{order}I", kind) + length + body + length


def v2gtp(kind: int, payload: bytes) -> bytes:
    """A V2GTP message."""
    return struct.pack("!BBHI", 1, 0xFE, kind, len(payload)) + payload


def session(name: str = "v2g-dc") -> Sequence[tuple[str, int, bytes]]:
    """The messages of a recorded session that was right."""
    return [
        (str(e.data["dir"]), int(e.data["payload_type"]), bytes.fromhex(str(e.data["exi"])))
        for e in window(name)
        if e.kind == "v2g.message"
    ]
