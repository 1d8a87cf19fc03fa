"""SDP as a link with several chargers, or with somebody else on it, answers: more than one answer, and nonsense."""

from __future__ import annotations

import asyncio
import ipaddress
import struct
from pathlib import Path
from typing import cast

import pytest

from ev_emulator import Evcc, load_vehicle, v2gtp
from harness.trace import Recorder
from tests.ev.peer import JsonCodec


def _answer(port: int) -> bytes:
    return v2gtp(struct.pack("!16sHBB", ipaddress.IPv6Address("::1").packed, port, 0x10, 0), 0x9001)


class _Link(asyncio.DatagramProtocol):
    """Sends these datagrams for each request."""

    def __init__(self, datagrams: list[bytes]) -> None:
        self._datagrams = datagrams

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        for each in self._datagrams:
            self._transport.sendto(each, addr)


@pytest.mark.parametrize(
    ("datagrams", "told", "refused"),
    [
        pytest.param([_answer(61001), _answer(61002)], 2, 0, id="two chargers"),
        pytest.param([b"\x00" * 30, _answer(61001)], 1, 1, id="nonsense first"),
        pytest.param([b"", b"\x01\xfe\x90\x01\xff\xff\xff\xff", _answer(61001)], 1, 2, id="empty and endless"),
        pytest.param([_answer(61001), *[bytes(60_000)] * 70], 1, 50, id="a flood"),
    ],
)
def test_any_answers_are_told_and_the_first_proper_one_counts(
    tmp_path: Path, datagrams: list[bytes], told: int, refused: int
) -> None:
    """Two answers at once, which crashed the car before, are both in the trace; what is too much is counted."""
    raised: list[object] = []

    async def discover() -> tuple[int, Recorder]:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, about: raised.append(about))
        transport, _ = await loop.create_datagram_endpoint(lambda: _Link(datagrams), local_addr=("::1", 0))
        recorder = Recorder(tmp_path / "trace.jsonl")
        port = transport.get_extra_info("sockname")[1]
        evcc = Evcc(load_vehicle("bidirectional_dc_400v"), JsonCodec(), recorder, "lo", sdp_target="::1", sdp_port=port)
        found = await evcc.discover(within_s=5)
        await asyncio.sleep(0)
        transport.close()
        recorder.close()
        return found.port, recorder

    port, recorder = asyncio.run(asyncio.wait_for(discover(), 20))
    states = [e.data["state"] for e in recorder.events if e.kind == "v2g.connection" and e.data["what"] == "sdp"]
    assert port == 61001 and raised == []
    assert states.count("answered") == told and states.count("refused") <= refused
    assert recorder.size < 100_000
