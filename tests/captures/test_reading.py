"""What is read of a capture: every form and link, segments in any order, what is lost, and hostile files."""

from __future__ import annotations

import random
import struct
from itertools import pairwise
from pathlib import Path

import pytest

from harness.trace.captures import Capture, CaptureError, Closed, Frame, Lost, Opened
from tests.captures._make import (
    ACK,
    CAR,
    CHARGER,
    ETHERNET,
    FIN,
    NULL,
    PUSH,
    RAW,
    SLL,
    SLL2,
    SYN,
    Made,
    framed,
    session,
    v2gtp,
)

SAID = session()[:12]


def frames(path: Path) -> list[tuple[str, int, bytes]]:
    """The V2GTP messages of a capture, as `session` has them."""
    found = [each for each in Capture(path) if isinstance(each, Frame)]
    return [("out" if f.from_client else "in", f.payload_type, f.payload) for f in found]


@pytest.mark.parametrize("link", [ETHERNET, NULL, RAW, SLL, SLL2])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("form", ["pcap", "pcapng"])
def test_every_form_and_link_tells_the_same(tmp_path: Path, form: str, order: str, link: int) -> None:
    """Both forms, both orders of octets, five kinds of link."""
    made = Made().sdp().opened().says(SAID)
    path = getattr(made, form)(tmp_path / "x", link, order=order)
    assert frames(path) == list(SAID)


def test_the_older_internet_protocol_too(tmp_path: Path) -> None:
    """A bench may tunnel it over IPv4."""
    car, charger = ("192.0.2.1", 50000), ("192.0.2.2", 61000)
    assert frames(Made().opened(car, charger).says(SAID, car, charger).pcap(tmp_path / "x")) == list(SAID)


def test_a_tagged_frame_is_read(tmp_path: Path) -> None:
    """A VLAN's tag stands before what matters."""
    made = Made().opened().says(SAID)
    octets = [framed(ETHERNET, packet, tag=True) for _, packet in made.packets]
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 16, ETHERNET)
    written = head + b"".join(struct.pack("<IIII", 1, 0, len(o), len(o)) + o for o in octets)
    (tmp_path / "x").write_bytes(written)
    assert frames(tmp_path / "x") == list(SAID)


@pytest.mark.parametrize("seed", range(12))
def test_segments_come_cut_twice_and_out_of_order(tmp_path: Path, seed: int) -> None:
    """However a message was cut, repeated and shuffled, it is read once and whole; sequence numbers run over."""
    drawn, made = random.Random(seed), Made().opened()
    for way, kind, exi in SAID:
        source, target = (CHARGER, CAR) if way == "in" else (CAR, CHARGER)
        octets, at = v2gtp(kind, exi), made.sequence[source, target]
        cuts = sorted({0, len(octets), *(drawn.randrange(len(octets)) for _ in range(3))})
        parts = [(at + a, octets[a:b]) for a, b in pairwise(cuts)]
        parts += [(at + a, octets[a:]) for a in drawn.sample(cuts[:-1], 1)]  # sent again, cut otherwise
        drawn.shuffle(parts)
        for sequence, part in parts:
            made.segment(source, target, sequence & 0xFFFFFFFF, part, PUSH)
        made.sequence[source, target] = (at + len(octets)) & 0xFFFFFFFF
    assert frames(made.pcapng(tmp_path / "x")) == list(SAID)


def test_several_sessions_on_the_same_ports(tmp_path: Path) -> None:
    """A connection that was closed and opened again is another session; two at a time are told apart."""
    made = Made().opened().says(SAID).tcp(CAR, CHARGER, flags=FIN | ACK)
    made.opened().says(SAID).opened(("fe80::2", 1), CHARGER).says(SAID, ("fe80::2", 1), CHARGER)
    found = list(Capture(made.pcap(tmp_path / "x")))
    assert [each.session for each in found if isinstance(each, Opened)] == [1, 2, 3]
    assert [each.how for each in found if isinstance(each, Closed)] == ["FIN"]
    assert sum(isinstance(each, Frame) for each in found) == 3 * len(SAID)


def test_what_the_capture_lost_is_named_and_reading_goes_on(tmp_path: Path) -> None:
    """A lost segment costs its message; whatever follows it is read, and the loss is told with its size."""
    made = Made().opened().says(SAID)
    del made.packets[5]
    found = list(Capture(made.pcap(tmp_path / "x")))
    lost = [each for each in found if isinstance(each, Lost)]
    assert [(each.missing, each.count) for each in lost] == [(True, 8 + len(SAID[2][2]))]
    assert sum(isinstance(each, Frame) for each in found) == len(SAID) - 1


def test_what_was_cut_off_by_the_recorder_is_lost_and_named(tmp_path: Path) -> None:
    """A capture that kept the first octets of each packet."""
    path = Made().opened().says(SAID).pcap(tmp_path / "x", keep=14 + 40 + 20 + 12)
    found = list(Capture(path))
    assert any(isinstance(each, Lost) and each.missing for each in found)


def test_no_v2gtp_where_it_is_due_is_told(tmp_path: Path) -> None:
    """Octets that are none are shown; a message after them is found again."""
    made = Made().opened().tcp(CAR, CHARGER, v2gtp(0x8001, b"a")).tcp(CHARGER, CAR, v2gtp(0x8001, b"b"))
    made.tcp(CHARGER, CAR, b"HTTP/1.1 200 OK\r\n").tcp(CHARGER, CAR, v2gtp(0x8001, b"c"))
    found = list(Capture(made.pcap(tmp_path / "x")))
    lost = [each for each in found if isinstance(each, Lost)]
    assert [each.octets for each in lost] == [b"HTTP/1.1 200 OK\r\n"] and "begins with 4854" in lost[0].why
    assert [each.payload for each in found if isinstance(each, Frame)] == [b"a", b"b", b"c"]


def test_other_connections_are_left_alone(tmp_path: Path) -> None:
    """They are counted, and no session."""
    capture = Capture(Made().opened().tcp(CAR, CHARGER, b"GET / HTTP/1.1\r\n\r\n").pcap(tmp_path / "x"))
    assert (list(capture), capture.others) == ([], 1)


@pytest.mark.parametrize("octets", [b"", b"hello", b"\xd4\xc3\xb2", b"\x00" * 400])
def test_what_is_no_capture_is_refused(tmp_path: Path, octets: bytes) -> None:
    """It says so."""
    (tmp_path / "x").write_bytes(octets)
    with pytest.raises(CaptureError, match="is no capture"):
        list(Capture(tmp_path / "x"))


@pytest.mark.parametrize("form", ["pcap", "pcapng"])
@pytest.mark.parametrize("seed", range(25))
def test_a_spoilt_file_neither_hangs_nor_crashes(tmp_path: Path, form: str, seed: int) -> None:
    """Octets changed and the end cut off: what can be read is read, the rest is told."""
    drawn = random.Random(seed)
    path = getattr(Made().sdp().opened().says(SAID), form)(tmp_path / "x")
    octets = bytearray(path.read_bytes())
    for _ in range(drawn.randrange(1, 30)):
        octets[drawn.randrange(8, len(octets))] = drawn.randrange(256)
    path.write_bytes(octets[: drawn.randrange(24, len(octets))])
    capture = Capture(path)
    assert len(list(capture)) <= 200


def test_a_syn_alone_is_no_session(tmp_path: Path) -> None:
    """A charger that did not answer has said nothing."""
    assert list(Capture(Made().sdp().tcp(CAR, CHARGER, flags=SYN).pcap(tmp_path / "x")))[2:] == []
