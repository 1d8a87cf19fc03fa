"""Connections that go wrong: identities, versions, sizes, floods, silence; each recorded with its reason."""

from __future__ import annotations

import asyncio
import hashlib
import json
import zlib
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from harness.csms import NotSeen
from harness.trace import had_no_room, was_replaced
from tests.csms.rig import backend, frames, seen, station, timed


@timed
async def test_an_unknown_identity_gets_404(tmp_path: Path) -> None:
    """OCPP-J Part 4, 3.3: the CSMS does not know it, so 404 and a recorded reason."""
    async with backend(tmp_path) as csms:
        with pytest.raises(Exception, match="404"):
            async with station(csms, "CS999"):
                pass
        refused = await seen(csms, "ocpp.connection", state="refused")
        assert (refused.who, refused.data["identity"], refused.data["code"]) == ("harness", "CS999", 404)
        assert "'CS999' is not known" in refused.data["reason"]


@timed
async def test_identities_are_percent_decoded(tmp_path: Path) -> None:
    """An identity with a reserved character arrives as it was meant."""
    async with backend(tmp_path, identities={"RDAM|123": None}) as csms, station(csms, "RDAM|123") as dut:
        assert csms.url("RDAM|123").endswith("/RDAM%7C123")
        await dut.boot()
        assert (await csms.station("RDAM|123", within_s=2)).connected


@pytest.mark.parametrize("offered", [("ocpp1.6",), ()])
@timed
async def test_no_common_version_completes_the_handshake_and_closes(tmp_path: Path, offered: tuple[str, ...]) -> None:
    """Part 4, 3.3: 101 without a subprotocol, then an immediate close; the reason says which versions met."""
    async with backend(tmp_path) as csms:
        async with station(csms, versions=offered) as dut:
            assert dut.ws.subprotocol is None
            with pytest.raises(ConnectionClosed) as closed:
                await dut.hear()
            assert closed.value.rcvd is not None and closed.value.rcvd.code == 1002
        refused = await seen(csms, "ocpp.connection", state="refused")
        assert "this CSMS speaks ocpp2.1, ocpp2.0.1" in refused.data["reason"]
        assert ("ocpp1.6" in refused.data["reason"]) is bool(offered)
        assert not any(e.data["state"] == "open" for e in csms.recorder.events if e.kind == "ocpp.connection")


@timed
async def test_the_stations_preference_among_spoken_versions_counts(tmp_path: Path) -> None:
    """The first offered version that is spoken here is chosen; `versions` can be narrowed while running."""
    async with backend(tmp_path) as csms:
        async with station(csms, versions=("ocpp1.6", "ocpp2.0.1", "ocpp2.1")) as dut:
            assert dut.ws.subprotocol == "ocpp2.0.1"
        csms.versions = ("ocpp2.1",)
        async with station(csms, versions=("ocpp2.0.1", "ocpp2.1")) as dut:
            assert dut.ws.subprotocol == "ocpp2.1"


@timed
async def test_a_50_mb_message_is_drained_hashed_and_closed_with_1009(tmp_path: Path) -> None:
    """Nothing of it is kept but its beginning, its length and its digest."""
    text = json.dumps([2, "huge", "DataTransfer", {"vendorId": "x", "data": "y" * 50_000_000}])
    async with backend(tmp_path) as csms, station(csms) as dut:
        await dut.ws.send(text)
        with pytest.raises(ConnectionClosed) as closed:
            await dut.hear()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 1009
        event = frames(csms)[0]
        assert event.data["length"] == len(text) and event.data["truncated"] is True
        assert event.data["sha256"] == hashlib.sha256(text.encode()).hexdigest()
        assert text.startswith(event.data["raw"]) and len(event.data["raw"]) < 5000
        assert "larger than" in event.data["errors"][0]
        ended = await seen(csms, "ocpp.connection", state="closed")
        assert (ended.data["code"], ended.data["closed_by"]) == (1009, "harness")
    assert (tmp_path / "trace.jsonl").stat().st_size < 100_000


@timed
async def test_a_message_in_many_fragments_is_bounded_as_a_whole(tmp_path: Path) -> None:
    """Small fragments do not slip a large message past the bound."""
    async with backend(tmp_path, max_message_bytes=10_000) as csms, station(csms) as dut:
        with pytest.raises(ConnectionClosed):
            await dut.ws.send(['[2,"f","DataTransfer",{"data":"', *["x" * 1000] * 50])
            await dut.hear()
        event = await seen(csms, "ocpp.frame", truncated=True)
        assert event.data["raw"].startswith('[2,"f"')
        ended = await seen(csms, "ocpp.connection", state="closed")
        assert ended.data["code"] == 1009


@timed
async def test_a_message_in_fragments_below_the_bound_is_whole(tmp_path: Path) -> None:
    """Fragments are put together before anything reads them."""
    async with backend(tmp_path) as csms, station(csms) as dut:
        await dut.ws.send(['[2,"f",', '"Heartbeat"', ",{}]"])
        assert (await dut.hear())[:2] == [3, "f"]
        assert frames(csms)[0].data["raw"] == '[2,"f","Heartbeat",{}]'


@timed
async def test_compression_is_spoken_and_a_zip_bomb_is_not(tmp_path: Path) -> None:
    """RFC 7692 is a duty of the CSMS (Part 4, 3.4); what inflates beyond the bound ends the connection."""
    async with backend(tmp_path, max_message_bytes=100_000) as csms:
        async with station(csms, compression="deflate") as dut:
            assert dut.ws.response is not None
            assert "permessage-deflate" in dut.ws.response.headers["Sec-WebSocket-Extensions"]
            await dut.boot()
            bomb = "[" + "0," * 1_000_000 + "0]"
            assert len(zlib.compress(bomb.encode())) < 100_000
            await dut.ws.send(bomb)
            with pytest.raises(ConnectionClosed):
                await dut.hear()
        ended = await seen(csms, "ocpp.connection", state="closed")
        assert ended.data["code"] == 1009


@timed
async def test_invalid_utf8_is_recorded_and_closed_with_1007(tmp_path: Path) -> None:
    """RFC 6455 wants UTF-8 in text messages; the bytes are in the trace as far as they can be read."""
    async with backend(tmp_path) as csms, station(csms) as dut:
        await dut.ws.send(b'[2,"u","Heartbeat",{"\xff\xfe":1}]', text=True)
        with pytest.raises(ConnectionClosed) as closed:
            await dut.hear()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 1007
        assert "not UTF-8 at byte 21" in frames(csms)[0].data["errors"][0]


@timed
async def test_something_that_is_not_http(tmp_path: Path) -> None:
    """Rubbish instead of a WebSocket request is refused in words."""
    async with backend(tmp_path) as csms:
        _, writer = await asyncio.open_connection("127.0.0.1", csms.port)
        writer.write(b"\x00\x01\x02 what is this\r\n\r\n")
        refused = await seen(csms, "ocpp.connection", state="refused")
        assert "not a WebSocket request" in refused.data["reason"]
        writer.close()


@timed
async def test_plain_http_request_without_upgrade(tmp_path: Path) -> None:
    """A browser's GET is no WebSocket: refused with the reason, nothing opened."""
    async with backend(tmp_path) as csms:
        reader, writer = await asyncio.open_connection("127.0.0.1", csms.port)
        writer.write(b"GET /ocpp/CS001 HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Protocol: ocpp2.1\r\n\r\n")
        assert b" 426 " in await reader.readline()
        refused = await seen(csms, "ocpp.connection", state="refused")
        assert "no proper WebSocket request" in refused.data["reason"]
        writer.close()


@timed
async def test_a_tcp_connection_that_says_nothing_is_bounded(tmp_path: Path) -> None:
    """A peer that connects and stays silent is cut off when the bound is reached."""
    async with backend(tmp_path, handshake_timeout_s=0.2) as csms:
        reader, writer = await asyncio.open_connection("127.0.0.1", csms.port)
        refused = await seen(csms, "ocpp.connection", state="refused")
        assert "no WebSocket request within 0.2 s" in refused.data["reason"]
        with pytest.raises(ConnectionError):
            await reader.readexactly(1)
        writer.close()


@timed
async def test_a_drop_before_the_websocket_request(tmp_path: Path) -> None:
    """A peer that goes away in mid-handshake is recorded as closed, by it."""
    async with backend(tmp_path) as csms:
        _, writer = await asyncio.open_connection("127.0.0.1", csms.port)
        writer.write(b"GET /ocpp/CS001 HTT")
        await writer.drain()
        writer.close()
        closed = await seen(csms, "ocpp.connection", state="closed")
        assert closed.data["closed_by"] == "dut" and "before it asked for a WebSocket" in closed.data["reason"]


@timed
async def test_the_newer_connection_replaces_the_older(tmp_path: Path) -> None:
    """A station that comes back before its old connection was noticed dead is served on the new one."""
    async with backend(tmp_path) as csms, station(csms) as old:
        await old.boot()
        async with station(csms) as new:
            with pytest.raises(ConnectionClosed):
                await old.hear()
            assert (await new.call("Heartbeat", {}))[0] == 3
            handle = await csms.station("CS001", within_s=2)
            asked = asyncio.create_task(handle.reset())
            assert (await new.hear())[2] == "Reset"
            asked.cancel()
        closed = await seen(csms, "ocpp.connection", state="closed", conn=1)
        assert "replaced by connection 2" in closed.data["reason"] and was_replaced(closed)


@timed
async def test_several_stations_at_once(tmp_path: Path) -> None:
    """Each identity has its own handle, ids and version."""
    async with (
        backend(tmp_path, identities=None) as csms,
        station(csms, "A", versions=("ocpp2.1",)) as a,
        station(csms, "B", versions=("ocpp2.0.1",)) as b,
    ):
        await asyncio.gather(a.boot(), b.boot())
        first, second = await csms.station("A", within_s=2), await csms.station("B", within_s=2)
        assert (first.version, second.version) == ("ocpp2.1", "ocpp2.0.1")
        calls = [asyncio.create_task(each.reset()) for each in (first, second)]
        for raw in (a, b):
            _, identifier, _, _ = await raw.hear()
            await raw.say(3, identifier, {"status": "Accepted"})
        assert all(answer.accepted for answer in await asyncio.gather(*calls))


@timed
async def test_too_many_connections(tmp_path: Path) -> None:
    """The number of connections is bounded, and the one too many is told so."""
    async with backend(tmp_path, max_connections=1) as csms, station(csms) as dut:
        with pytest.raises((OSError, WebSocketException)):
            await connect(csms.url("CS001"), subprotocols=[Subprotocol("ocpp2.1")], proxy=None)
        refused = await seen(csms, "ocpp.connection", state="refused")
        assert had_no_room(refused) and refused.data["cause"] == "full"
        await dut.boot()


@timed
async def test_a_flood_is_worked_off_and_leaves_room_for_others(tmp_path: Path) -> None:
    """2,000 messages in one go are all recorded and answered, and another station is served in between."""
    async with backend(tmp_path, identities=None) as csms, station(csms, "A") as a, station(csms, "B") as b:

        async def flood() -> None:
            for number in range(2000):
                await a.say(2, f"f{number}", "Heartbeat", {})

        async def drain() -> None:
            for _ in range(2000):
                await a.hear()

        loop = asyncio.get_running_loop()
        flooding = asyncio.gather(flood(), drain())
        await asyncio.sleep(0)
        started = loop.time()
        assert (await b.call("Heartbeat", {}))[0] == 3
        assert loop.time() - started < 2
        await flooding
        assert len([e for e in frames(csms) if e.data["id"].startswith("f")]) == 2000


@timed
async def test_a_station_that_never_reads_is_cut_off(tmp_path: Path) -> None:
    """A stalled reader fills our buffers only up to the bound; then the connection is reset and the reason recorded."""
    async with backend(tmp_path, max_unsent_bytes=100_000, boot_grace_s=0.1) as csms:
        reader, writer = await asyncio.open_connection("127.0.0.1", csms.port, limit=1024)
        writer.write(
            b"GET /ocpp/CS001 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Protocol: ocpp2.1\r\n\r\n"
        )
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        handle = await csms.station(within_s=5)
        with pytest.raises(NotSeen):
            for _ in range(2000):
                handle.send('[2, "x", "DataTransfer", {"vendorId": "v", "data": "' + "z" * 50_000 + '"}]')
                await asyncio.sleep(0)
        closed = await seen(csms, "ocpp.connection", state="closed")
        assert "does not read" in closed.data["reason"] and closed.data["closed_by"] == "harness"
        writer.close()


@timed
async def test_pings_find_a_dead_station(tmp_path: Path) -> None:
    """A station that answers pings stays; one that does not is cut off, and the reason says so."""
    async with backend(tmp_path, ping_interval_s=0.05, ping_timeout_s=0.2) as csms, station(csms) as dut:
        await asyncio.sleep(0.5)
        assert (await dut.call("Heartbeat", {}))[0] == 3
        dut.ws.transport.pause_reading()
        closed = await seen(csms, "ocpp.connection", state="closed")
        assert "no answer to a WebSocket ping" in closed.data["reason"]


@timed
async def test_who_closed_first(tmp_path: Path) -> None:
    """A close by the station, a lost TCP connection and a close by us are told apart."""
    async with backend(tmp_path) as csms:
        async with station(csms) as dut:
            await dut.ws.close(1000, "done")
        first = await seen(csms, "ocpp.connection", state="closed", conn=1)
        assert (first.data["code"], first.data["reason"], first.data["closed_by"]) == (1000, "done", "dut")
        async with station(csms) as dut:
            dut.ws.transport.abort()
            second = await seen(csms, "ocpp.connection", state="closed", conn=2)
        assert (second.data["code"], second.data["closed_by"]) == (1006, "dut")
        async with station(csms) as dut:
            await seen(csms, "ocpp.connection", state="open", conn=3)
            await csms.disconnect("CS001")
            third = await seen(csms, "ocpp.connection", state="closed", conn=3)
        assert (third.data["code"], third.data["closed_by"], third.who) == (1001, "harness", "harness")


@timed
async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """Starting on an occupied port raises OSError instead of listening somewhere else."""
    async with backend(tmp_path) as csms:
        folder = tmp_path / "second"
        folder.mkdir()
        with pytest.raises(OSError, match="address already in use"):
            async with backend(folder, port=csms.port):
                pass
