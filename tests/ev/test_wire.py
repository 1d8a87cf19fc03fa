"""The car against a hand-made charger: split and joined segments, silence, rubbish, floods, lost connections."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from ev_emulator import ConnectionLost, Evcc, UnexpectedMessage, V2gTimeout, load_vehicle, v2gtp
from harness.trace import Event, Recorder
from tests.ev.peer import JsonCodec, Script, Side, answer, serve


def play(recorder: Recorder, script: Script, act: Callable[[Evcc], Awaitable[None]], **options: Any) -> None:
    """Connect a car to a server that runs `script`, and let it `act`."""

    async def run() -> None:
        server, port = await serve(script)
        evcc = Evcc(load_vehicle("bidirectional_dc_400v"), JsonCodec(), recorder, "lo", **options)
        try:
            await evcc.connect("::1", port)
            await act(evcc)
        finally:
            await evcc.close()
            server.close()

    asyncio.run(run())


def came(recorder: Recorder) -> list[Event]:
    return [e for e in recorder.events if e.kind == "v2g.message" and e.data["dir"] == "in"]


def closed(recorder: Recorder) -> dict[str, Any]:
    return next(e.data for e in recorder.events if e.data.get("what") == "closed")


async def set_up(evcc: Evcc) -> None:
    await evcc.session_setup()


def test_an_answer_in_many_segments(recorder: Recorder) -> None:
    """One octet at a time is still one message."""

    async def script(side: Side) -> None:
        await side.request()
        for octet in answer("SessionSetupRes"):
            await side.send(bytes((octet,)))
            await asyncio.sleep(0)
        await side.reader.read()

    async def act(evcc: Evcc) -> None:
        assert (await evcc.session_setup())["ResponseCode"] == "OK"
        assert evcc.session_id == "0102030405060708"

    play(recorder, script, act)


def test_two_answers_in_one_segment(recorder: Recorder) -> None:
    """The second message of a segment is recorded as unsolicited, and does not pass for the next answer."""

    async def script(side: Side) -> None:
        await side.request()
        await side.send(answer("SessionSetupRes") + answer("SessionSetupRes", EVSEID="twice"))
        await side.request()
        await side.send(answer("AuthorizationSetupRes"))
        await side.reader.read()

    async def act(evcc: Evcc) -> None:
        await evcc.session_setup()
        await asyncio.wait_for(_until(lambda: len(came(recorder)) == 2), 5)
        assert "Header" in await evcc.authorization_setup()

    play(recorder, script, act)
    assert [e.data.get("remark") for e in came(recorder)] == [None, "unsolicited", None]


def test_a_late_answer_is_in_the_trace(recorder: Recorder) -> None:
    """What comes after the car lost patience is recorded as late, with its time."""
    go = asyncio.Event()

    async def script(side: Side) -> None:
        await side.request()
        await go.wait()
        await side.send(answer("SessionSetupRes"))
        await side.reader.read()

    async def act(evcc: Evcc) -> None:
        with pytest.raises(V2gTimeout, match=r"waited 0.05 s for SessionSetupRes to SessionSetupReq"):
            await evcc.session_setup(within_s=0.05)
        go.set()
        assert (await evcc.receive(5)).name == "SessionSetupRes"

    play(recorder, script, act)
    assert came(recorder)[0].data["remark"] == "late"


def test_another_message_than_the_answer(recorder: Recorder) -> None:
    """An answer of another name raises, says both names, and is marked in the trace."""

    async def script(side: Side) -> None:
        await side.request()
        await side.send(answer("ServiceDiscoveryRes"))
        await side.reader.read()

    async def act(evcc: Evcc) -> None:
        with pytest.raises(UnexpectedMessage, match="expected SessionSetupRes, got ServiceDiscoveryRes"):
            await evcc.session_setup()

    play(recorder, script, act)
    assert came(recorder)[0].data["remark"] == "unexpected"


def test_octets_that_cannot_be_decoded(recorder: Recorder) -> None:
    """A frame whose content is rubbish is kept with its octets and why it could not be read."""

    async def script(side: Side) -> None:
        await side.request()
        await side.send(v2gtp(b"\xff\x00rubbish", 0x8002))
        await side.reader.read()

    async def act(evcc: Evcc) -> None:
        with pytest.raises(UnexpectedMessage, match="9 octets that are no known message"):
            await evcc.session_setup()

    play(recorder, script, act)
    data = came(recorder)[0].data
    assert (data["name"], data["payload"], data["exi"]) == (None, None, b"\xff\x00rubbish".hex())
    assert "not JSON" in data["error"]


def test_a_stream_that_is_not_v2gtp(recorder: Recorder) -> None:
    """HTTP instead of V2GTP ends the connection with the octets in the trace."""

    async def script(side: Side) -> None:
        await side.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await side.reader.read()

    async def act(evcc: Evcc) -> None:
        with pytest.raises(ConnectionLost, match="expected 01fe"):
            await evcc.receive(5)

    play(recorder, script, act)
    assert bytes.fromhex(came(recorder)[0].data["exi"]).startswith(b"HTTP/1.1")


def test_a_100_mb_frame_is_not_read(recorder: Recorder) -> None:
    """A header that announces 100 MB ends the connection at once; nothing of it is kept in memory."""

    async def script(side: Side) -> None:
        await side.request()
        await side.send(bytes.fromhex("01fe8002") + (100_000_000).to_bytes(4, "big") + b"\0" * 4096)
        await side.reader.read()

    async def act(evcc: Evcc) -> None:
        with pytest.raises(ConnectionLost, match="announces 100000000 octets"):
            await evcc.session_setup()

    play(recorder, script, act)
    assert closed(recorder)["closed_by"] == "dut"


def test_the_charger_hangs_up_inside_a_message(recorder: Recorder) -> None:
    """Half a message and a closed connection: lost at once, not after a timeout, and the half is mentioned."""

    async def script(side: Side) -> None:
        await side.request()
        await side.send(answer("SessionSetupRes")[:11])

    async def act(evcc: Evcc) -> None:
        with pytest.raises(ConnectionLost, match="inside a message \\(11 octets"):
            await evcc.session_setup()
        with pytest.raises(ConnectionLost):
            await evcc.receive(5)
        assert not evcc.connected

    play(recorder, script, act)
    assert closed(recorder)["closed_by"] == "dut"


def test_a_flood_is_bounded(recorder: Recorder) -> None:
    """A thousand messages nobody asked for are all recorded and do not stop the next exchange."""

    async def script(side: Side) -> None:
        await side.send(answer("SessionSetupRes") * 1000)
        await side.request()
        await side.send(answer("AuthorizationSetupRes"))
        await side.reader.read()

    async def act(evcc: Evcc) -> None:
        await asyncio.wait_for(_until(lambda: len(came(recorder)) == 1000), 10)
        assert evcc._wire is not None
        assert evcc._wire._inbox.qsize() <= 64
        await evcc.authorization_setup()

    play(recorder, script, act)
    assert {e.data.get("remark") for e in came(recorder)[:1000]} == {"unsolicited"}


def test_raw_octets_go_out_as_they_are(recorder: Recorder) -> None:
    """`raw` replaces the message octet for octet; the trace says what went out, readable or not."""
    got: list[bytes] = []

    async def script(side: Side) -> None:
        got.append(await side.reader.readexactly(12))
        await side.send(answer("SessionSetupRes"))
        got.append(await side.reader.readexactly(3))
        await side.reader.read()

    async def act(evcc: Evcc) -> None:
        await evcc.session_setup(raw=v2gtp(b"\x80\x01\x02\x03", 0x8002))
        await evcc.send_raw(b"abc")
        await evcc.close()

    play(recorder, script, act)
    assert got == [bytes.fromhex("01fe80020000000480010203"), b"abc"]
    out = [e.data for e in recorder.events if e.kind == "v2g.message" and e.data["dir"] == "out"]
    assert (out[0]["exi"], out[0]["payload_type"], out[0]["name"]) == ("80010203", 0x8002, None)
    assert (out[1]["exi"], out[1]["payload_type"]) == ("616263", None)


def test_ongoing_is_repeated_and_bounded(recorder: Recorder) -> None:
    """Authorization repeats while the charger is Ongoing, and gives up after its bound, not forever."""

    async def script(side: Side) -> None:
        while True:
            await side.request()
            await side.send(answer("AuthorizationRes", EVSEProcessing="Ongoing"))
            await asyncio.sleep(0.01)

    async def act(evcc: Evcc) -> None:
        with pytest.raises(V2gTimeout, match=r"Authorization was still Ongoing after 0.1 s"):
            await evcc.authorize(ongoing_s=0.1)

    play(recorder, script, act)
    assert len(came(recorder)) >= 2


def test_nobody_listens(recorder: Recorder) -> None:
    """A port nobody listens on is a lost connection that names the address, and is in the trace."""

    async def run() -> None:
        server, port = await serve(lambda side: asyncio.sleep(0))
        server.close()
        await server.wait_closed()
        evcc = Evcc(load_vehicle("bidirectional_dc_400v"), JsonCodec(), recorder, "lo")
        with pytest.raises(ConnectionLost, match=str(port)):
            await evcc.connect("::1", port)

    asyncio.run(run())
    refused = [e.data for e in recorder.events if e.kind == "v2g.connection"]
    assert [(r["what"], r["state"]) for r in refused] == [("tcp", "refused")]


def test_discovery_without_an_answer(recorder: Recorder) -> None:
    """Nobody answers SDP: the request repeats every 250 ms and the bound names the target."""

    async def run() -> None:
        evcc = Evcc(load_vehicle("bidirectional_dc_400v"), JsonCodec(), recorder, "lo", sdp_target="::1", sdp_port=9)
        with pytest.raises(V2gTimeout, match=r"no charger answered SDP to ::1 on lo within 0\.6 s"):
            await evcc.discover(within_s=0.6)

    asyncio.run(run())
    asked = [e for e in recorder.events if e.data.get("state") == "asked"]
    assert len(asked) == 3
    assert {e.data["security"] for e in asked} == {0x10}


async def _until(test: Callable[[], bool]) -> None:
    while not test():
        await asyncio.sleep(0.005)
