"""V2GTP framing and SDP messages: octets in, frames out, however TCP cut them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ev_emulator import v2gtp
from ev_emulator.line import _sdp
from ev_emulator.line._v2gtp import Frame, FrameReader, FramingError


@given(st.lists(st.binary(max_size=40), max_size=5), st.lists(st.integers(1, 30), min_size=1, max_size=20))
def test_frames_survive_any_segmentation(payloads: list[bytes], cuts: list[int]) -> None:
    """Several frames in one segment or one frame in many: the same frames come out."""
    stream = b"".join(v2gtp(payload, 0x8002) for payload in payloads)
    reader, found, at, turn = FrameReader(), [], 0, 0
    while at < len(stream):
        step = cuts[turn % len(cuts)]
        found += reader.feed(stream[at : at + step])
        at, turn = at + step, turn + 1
    assert found == [Frame(0x8002, payload) for payload in payloads]
    assert reader.pending == b""


def test_header_layout() -> None:
    """Version, its inverse, payload type and length, big endian."""
    assert v2gtp(b"\xaa\xbb", 0x8004).hex() == "01fe800400000002aabb"


@pytest.mark.parametrize(
    ("header", "said"),
    [("02fe800200000001", "expected 01fe"), ("01ff800200000001", "expected 01fe"), ("01fe8002ffffffff", "announces")],
)
def test_bad_headers_are_refused(header: str, said: str) -> None:
    """A wrong version, inverse or an absurd length cannot be read on from; good frames before it still count."""
    reader = FrameReader()
    assert reader.feed(v2gtp(b"good", 0x8002) + bytes.fromhex(header)) == [Frame(0x8002, b"good")]
    with pytest.raises(FramingError, match=said) as error:
        reader.feed(b"")
    assert error.value.received.hex() == header


def test_sdp_request_octets() -> None:
    """An SDP request says TLS (00) or none (10), and TCP (00)."""
    assert _sdp.request(tls=True).hex() == "01fe9000000000020000"
    assert _sdp.request(tls=False).hex() == "01fe9000000000021000"


def test_sdp_response_is_read() -> None:
    """Address, port and security of an SDP response."""
    payload = bytes.fromhex("fe80000000000000000000000000001e") + bytes.fromhex("c3501000")
    found = _sdp.parse_response(v2gtp(payload, 0x9001))
    assert (found.host, found.port, found.tls) == ("fe80::1e", 50000, False)


@pytest.mark.parametrize("datagram", [b"", b"\x00" * 28, v2gtp(b"\x00" * 19, 0x9001), v2gtp(b"\x00" * 20, 0x9000)])
def test_what_is_no_sdp_response(datagram: bytes) -> None:
    """Rubbish, a short payload and another payload type are refused."""
    with pytest.raises(_sdp.SdpError):
        _sdp.parse_response(datagram)
