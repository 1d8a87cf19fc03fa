"""The capture made from socket octets: readable, right in time and order, and honest about its making."""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass

from ev_emulator import Evcc, WireFrame, frames_from_events, load_vehicle, pcap_from_frames
from harness.trace import Recorder
from tests.ev.peer import JsonCodec, Side, answer, serve

EV, SECC = ("fe80::1", 50001), ("fe80::2", 50002)


@dataclass
class Packet:
    """One packet of a capture, taken apart."""

    epoch_ns: int
    protocol: int
    source: tuple[bytes, int]
    flags: int
    sequence: int
    octets: bytes
    checksum_right: bool


def read(capture: bytes) -> tuple[str, list[Packet]]:
    """The comment and the packets of a pcapng file of ours."""
    at, comment, packets = 0, "", []
    while at < len(capture):
        kind, length = struct.unpack_from("<II", capture, at)
        body = capture[at + 8 : at + length - 4]
        assert struct.unpack_from("<I", capture, at + length - 4) == (length,)
        assert length % 4 == 0
        if kind == 0x0A0D0D0A:
            size = struct.unpack_from("<H", body, 18)[0]
            comment = body[20 : 20 + size].decode()
        elif kind == 6:
            _, high, low, size, _ = struct.unpack_from("<IIIII", body)
            packets.append(_packet((high << 32) | low, body[20 : 20 + size]))
        at += length
    return comment, packets


def _packet(epoch_ns: int, packet: bytes) -> Packet:
    length, protocol = struct.unpack_from("!HB", packet, 4)
    source, segment = packet[8:24], packet[40:]
    assert (packet[0] >> 4, len(segment)) == (6, length)
    pseudo = packet[8:40] + struct.pack("!II", length, protocol) + segment + b"\0" * (length % 2)
    total = sum(struct.unpack(f"!{len(pseudo) // 2}H", pseudo))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    if protocol == 17:
        return Packet(epoch_ns, 17, (source, _port(segment)), 0, 0, segment[8:], total == 0xFFFF)
    sequence, flags = struct.unpack_from("!I", segment, 4)[0], segment[13]
    return Packet(epoch_ns, 6, (source, _port(segment)), flags, sequence, segment[20:], total == 0xFFFF)


def _port(segment: bytes) -> int:
    return int.from_bytes(segment[:2], "big")


def test_long_octets_are_cut_and_numbered() -> None:
    """Four thousand octets become three segments whose numbers follow each other; checksums are right."""
    octets = bytes(range(250)) * 16
    _, packets = read(pcap_from_frames([WireFrame(5, EV, SECC, octets), WireFrame(6, EV, SECC, b"x")]))
    assert b"".join(p.octets for p in packets) == octets + b"x"
    assert [p.sequence for p in packets] == [0, 1440, 2880, 4000]
    assert all(p.checksum_right for p in packets)


def test_the_file_says_how_it_was_made() -> None:
    """The comment in the file says that its headers are synthetic."""
    comment, packets = read(pcap_from_frames([]))
    assert "synthetic" in comment
    assert "socket octets" in comment
    assert packets == []


def test_a_trace_becomes_a_capture(recorder: Recorder) -> None:
    """SDP, the TCP handshake, each message and the end, in order, with the addresses and times of the trace."""

    async def script(side: Side) -> None:
        await side.request()
        await side.send(answer("SessionSetupRes"))
        await side.reader.read()

    async def run() -> int:
        server, port = await serve(script)
        evcc = Evcc(load_vehicle("bidirectional_dc_400v"), JsonCodec(), recorder, "lo")
        await evcc.connect("::1", port)
        await evcc.session_setup()
        await evcc.close()
        server.close()
        return port

    sdp = {"session": 1, "what": "sdp", "state": "asked", "octets": "01fe9000000000021000", "to": "ff02::1"}
    recorder.record("v2g.connection", "ev", sdp)
    port = asyncio.run(run())
    _, packets = read(pcap_from_frames(frames_from_events(recorder.events)))
    assert [p.protocol for p in packets] == [17, 6, 6, 6, 6, 6, 6]
    assert [p.flags for p in packets[1:]] == [0x02, 0x12, 0x10, 0x18, 0x18, 0x11]
    assert packets[0].octets.hex() == sdp["octets"]
    assert packets[5].octets == answer("SessionSetupRes")
    assert packets[5].source[1] == port
    assert all(p.checksum_right for p in packets)
    times = [e.t_ns for e in recorder.events if e.kind == "v2g.message"]
    assert packets[5].epoch_ns - packets[4].epoch_ns == times[1] - times[0]
