"""A packet capture made from socket octets: IPv6, TCP and UDP headers are synthetic, and the file says so."""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

COMMENT = (
    "Made by chargeproof from socket octets, because capturing packets was not possible or not permitted: "
    "IPv6, TCP and UDP headers are synthetic; what went through TLS is shown decrypted."
)
LINKTYPE_RAW = 101
SEGMENT = 1440
TCP, UDP = 6, 17
SYN, ACK, PUSH, FIN = 0x02, 0x10, 0x08, 0x01
EV_ADDRESS, SECC_ADDRESS = "fe80::e0", "fe80::5ecc"


class EventLike(Protocol):
    """`harness.trace.Event` fits."""

    @property
    def kind(self) -> str: ...
    @property
    def t_ns(self) -> int: ...
    @property
    def utc(self) -> str: ...
    @property
    def data(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class WireFrame:
    """Octets that went one way at one time. `udp` for SDP; `flags` for TCP segments without octets."""

    epoch_ns: int
    source: tuple[str, int]
    target: tuple[str, int]
    octets: bytes
    udp: bool = False
    flags: int = PUSH | ACK


def frames_from_events(events: Iterable[EventLike]) -> list[WireFrame]:
    """The V2G octets of a trace: `v2g.connection` gives the addresses, `v2g.message` the content."""
    frames: list[WireFrame] = []
    ends: dict[int, tuple[tuple[str, int], tuple[str, int]]] = {}
    offset_ns: int | None = None
    for event in events:
        if not event.kind.startswith("v2g."):
            continue
        data = event.data
        if offset_ns is None:
            offset_ns = int(datetime.fromisoformat(event.utc).timestamp() * 1e6) * 1000 - event.t_ns
        at, session = offset_ns + event.t_ns, int(data.get("session", 0))
        ev, secc = ends.get(session, ((EV_ADDRESS, 49152), (SECC_ADDRESS, 49152)))
        if event.kind == "v2g.connection":
            what, state = data.get("what"), data.get("state")
            if what == "sdp" and state == "asked":
                group = (str(data.get("to", "ff02::1")), 15118)
                frames.append(WireFrame(at, (EV_ADDRESS, 50000), group, bytes.fromhex(data["octets"]), udp=True))
            elif what == "sdp" and "octets" in data:
                sender = (_plain(str(data.get("sender", SECC_ADDRESS))), 15118)
                frames.append(WireFrame(at, sender, (EV_ADDRESS, 50000), bytes.fromhex(data["octets"]), udp=True))
            elif what == "tcp" and state == "open":
                ev = (_plain(str(data["local"])), int(data["local_port"]))
                secc = (_plain(str(data["address"])), int(data["port"]))
                ends[session] = (ev, secc)
                frames.append(WireFrame(at, ev, secc, b"", flags=SYN))
                frames.append(WireFrame(at, secc, ev, b"", flags=SYN | ACK))
                frames.append(WireFrame(at, ev, secc, b"", flags=ACK))
            elif what == "closed":
                first, second = (secc, ev) if data.get("closed_by") == "dut" else (ev, secc)
                frames.append(WireFrame(at, first, second, b"", flags=FIN | ACK))
        elif event.kind == "v2g.message":
            source, target = (ev, secc) if data["dir"] == "out" else (secc, ev)
            frames.append(WireFrame(at, source, target, _octets(data)))
    return frames


def pcap_from_frames(frames: Iterable[WireFrame]) -> bytes:
    """A capture file (pcapng, which Wireshark and tcpdump read) with a comment on how it was made."""
    blocks = [_section(), _block(1, struct.pack("<HHI", LINKTYPE_RAW, 0, 0) + _option(9, b"\x09"))]
    sequence: dict[tuple[tuple[str, int], tuple[str, int]], int] = {}
    for frame in frames:
        for start in range(0, max(len(frame.octets), 1), SEGMENT):
            chunk = frame.octets[start : start + SEGMENT]
            blocks.append(_packet(frame.epoch_ns, _ip(frame, chunk, sequence)))
    return b"".join(blocks)


def _octets(data: dict[str, Any]) -> bytes:
    exi, payload_type = bytes.fromhex(data["exi"]), data.get("payload_type")
    if payload_type is None:  # never was V2GTP: the octets as they were
        return exi
    return struct.pack("!BBHI", 0x01, 0xFE, payload_type, len(exi)) + exi


def _ip(frame: WireFrame, chunk: bytes, sequence: dict[tuple[tuple[str, int], tuple[str, int]], int]) -> bytes:
    source, target = _packed(frame.source[0]), _packed(frame.target[0])
    if frame.udp:
        protocol, head = UDP, struct.pack("!HHHH", frame.source[1], frame.target[1], 8 + len(chunk), 0)
    else:
        way, back = (frame.source, frame.target), (frame.target, frame.source)
        mine, theirs = sequence.setdefault(way, 0), sequence.get(back, 0)
        sequence[way] = (mine + len(chunk) + bool(frame.flags & (SYN | FIN))) & 0xFFFFFFFF
        ports = (frame.source[1], frame.target[1])
        acknowledged = theirs if frame.flags & ACK else 0
        head = struct.pack("!HHIIBBHHH", *ports, mine, acknowledged, 5 << 4, frame.flags, 65535, 0, 0)
        protocol = TCP
    pseudo = source + target + struct.pack("!II", len(head) + len(chunk), protocol)
    checksum = _checksum(pseudo + head + chunk) or 0xFFFF
    at = 6 if protocol == UDP else 16
    head = head[:at] + struct.pack("!H", checksum) + head[at + 2 :]
    return struct.pack("!IHBB", 6 << 28, len(head) + len(chunk), protocol, 64) + source + target + head + chunk


def _checksum(data: bytes) -> int:
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _section() -> bytes:
    return _block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + _option(1, COMMENT.encode()))


def _packet(epoch_ns: int, packet: bytes) -> bytes:
    head = struct.pack("<IIIII", 0, epoch_ns >> 32, epoch_ns & 0xFFFFFFFF, len(packet), len(packet))
    return _block(6, head + _padded(packet))


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("<HH", code, len(value)) + _padded(value) + struct.pack("<HH", 0, 0)


def _block(kind: int, body: bytes) -> bytes:
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)


def _plain(address: str) -> str:
    return address.split("%")[0]


def _packed(address: str) -> bytes:
    return ipaddress.IPv6Address(_plain(address)).packed
