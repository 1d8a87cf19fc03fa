"""From a packet to what TCP or UDP carried: Ethernet, cooked, loopback and raw links, IPv6 and IPv4."""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass

from harness.trace.captures._blocks import Packet

TCP, UDP = 6, 17
FIN, SYN, RST = 0x01, 0x02, 0x04
_IPV4, _IPV6 = 0x0800, 0x86DD
_TAGGED = (0x8100, 0x88A8, 0x9100)
_SKIPPED_HEADERS = (0, 43, 60, 135)  # of IPv6: their length stands in them
_FRAGMENT, _AUTHENTICATION = 44, 51
End = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Segment:
    """What one packet carried between two ends, each an address and a port.

    `sequence`, `acknowledged` and `flags` are TCP's.
    """

    packet: int
    utc_ns: int | None
    protocol: int
    source: End
    target: End
    payload: bytes
    sequence: int = 0
    acknowledged: int = 0
    flags: int = 0
    missing: int = 0  # octets of the payload that the capture did not keep


class Unread(ValueError):
    """A packet that is TCP or UDP and cannot be read."""


def segment_of(packet: Packet) -> Segment | None:
    """What a packet carried; None for all that is neither TCP nor UDP over IP. Raises Unread."""
    try:
        found = _network(packet)
        if found is None:
            return None
        protocol, source, target, octets, missing = found
        return _transport(packet, protocol, source, target, octets, missing)
    except Unread:
        raise
    except (struct.error, IndexError, ValueError):  # an address that is cut off, too
        raise Unread("a packet is shorter than its headers say") from None


def _link(packet: Packet) -> tuple[int, bytes] | None:
    """The protocol that stands in a link's frame, by its EtherType, and its octets."""
    octets, link = packet.octets, packet.link
    if link == 1:  # Ethernet
        at, (kind,) = 14, struct.unpack_from("!H", octets, 12)
        while kind in _TAGGED:
            (kind,) = struct.unpack_from("!H", octets, at + 2)
            at += 4
        return kind, octets[at:]
    if link == 113:  # Linux cooked
        return struct.unpack_from("!H", octets, 14)[0], octets[16:]
    if link == 276:  # the same, second version
        return struct.unpack_from("!H", octets, 0)[0], octets[20:]
    if link in (0, 108):  # loopback: a family number, in the order of octets of its machine
        family = min(struct.unpack_from("<I", octets)[0], struct.unpack_from(">I", octets)[0])
        return (_IPV4 if family == 2 else _IPV6), octets[4:]
    if link in (12, 14, 101, 228, 229):  # IP itself
        return (_IPV4 if octets[0] >> 4 == 4 else _IPV6), octets
    return None


def _network(packet: Packet) -> tuple[int, str, str, bytes, int] | None:
    """(protocol, source, target, octets, octets that are missing at the end) of an IP packet."""
    framed = _link(packet)
    if framed is None or framed[0] not in (_IPV4, _IPV6):
        return None
    kind, octets = framed
    if kind == _IPV4:
        words, total, fragment, protocol = octets[0] & 15, *struct.unpack_from("!2xHxxHxB", octets)[:3]
        if fragment & 0x3FFF:
            raise Unread("a part of a packet in parts, which are not put together")
        source, target = (str(ipaddress.IPv4Address(octets[at : at + 4])) for at in (12, 16))
        whole = total - words * 4 if total else len(octets)  # 0: left to the network card
        carried = octets[words * 4 :][:whole]
        return protocol, source, target, carried, whole - len(carried) if total else 0
    length, protocol = struct.unpack_from("!4xHB", octets)
    source, target = (str(ipaddress.IPv6Address(octets[at : at + 16])) for at in (8, 24))
    carried, length = octets[40:][: length or None], length or len(octets) - 40
    missing = length - len(carried)
    while protocol in (*_SKIPPED_HEADERS, _FRAGMENT, _AUTHENTICATION):
        if protocol == _FRAGMENT and struct.unpack_from("!2xH", carried)[0] & 0xFFF9:
            raise Unread("a part of a packet in parts, which are not put together")
        size = 4 * (carried[1] + 2) if protocol == _AUTHENTICATION else 8 + carried[1] * 8
        protocol, carried = carried[0], carried[8 if protocol == _FRAGMENT else size :]
    return protocol, source, target, carried, missing


def _transport(packet: Packet, protocol: int, source: str, target: str, octets: bytes, missing: int) -> Segment | None:
    if protocol == UDP:
        ports = struct.unpack_from("!HH", octets)
        ends = (source, ports[0]), (target, ports[1])
        return Segment(packet.number, packet.utc_ns, UDP, *ends, octets[8:], missing=missing)
    if protocol != TCP:
        return None
    first, second, sequence, acknowledged, words, flags = struct.unpack_from("!HHIIBB", octets)
    carried = octets[(words >> 4) * 4 :]
    ends = (source, first), (target, second)
    return Segment(packet.number, packet.utc_ns, TCP, *ends, carried, sequence, acknowledged, flags, missing)
