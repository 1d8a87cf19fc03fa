"""The network that goes away and comes back, and the file server that firmware is fetched from."""

from __future__ import annotations

import asyncio
import contextlib
import json
from hashlib import sha256
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from harness.csms._budgets import Allowance, Budgets
from tests.csms.rig import backend, seen, station, timed, trusting


@pytest.mark.parametrize(("how", "code"), [("reset", 1006), ("close", 1001)])
@timed
async def test_a_cut_refuses_until_it_is_restored(tmp_path: Path, how: Literal["reset", "close"], code: int) -> None:
    """The open connection ends as asked, new ones are refused by the system, and the same port listens again after."""
    async with backend(tmp_path) as csms:
        port = csms.port
        async with station(csms) as dut:
            await seen(csms, "ocpp.connection", state="open")
            await csms.network.cut(how)
            with pytest.raises(ConnectionClosed):
                await dut.hear()
        closed = await seen(csms, "ocpp.connection", state="closed")
        assert (closed.data["code"], closed.data["closed_by"]) == (code, "harness")
        with pytest.raises(ConnectionRefusedError):
            async with station(csms):
                pass
        await csms.network.restore()
        assert csms.port == port
        async with station(csms) as dut:
            await dut.boot()
        commands = [e.data["command"] for e in csms.recorder.events if e.kind == "bench.action"]
        assert commands == [f"cut:{how}", "restore"]


@timed
async def test_a_busy_backend_turns_away_and_is_seen_to(tmp_path: Path) -> None:
    """The open connection is reset; each attempt is answered 503 and recorded, until it is restored."""
    async with backend(tmp_path) as csms:
        async with station(csms) as dut:
            await seen(csms, "ocpp.connection", state="open")
            await csms.network.cut("busy")
            with pytest.raises(ConnectionClosed):
                await dut.hear()
        for _ in range(2):
            with pytest.raises(InvalidStatus) as turned_away:
                async with station(csms):
                    pass
            assert turned_away.value.response.status_code == 503
        refused = [e for e in csms.recorder.events if e.data.get("state") == "refused"]
        assert [e.data["identity"] for e in refused] == ["CS001", "CS001"]
        await csms.network.restore()
        async with station(csms) as dut:
            await dut.boot()


@timed
async def test_a_heartbeat_interval_is_given_for_a_while(tmp_path: Path) -> None:
    """Whoever boots meanwhile is told it; afterwards the usual one."""
    async with backend(tmp_path) as csms:
        async with csms.heartbeats_each(7), station(csms) as dut:
            await dut.boot()
        async with station(csms) as dut:
            await dut.boot()
        sent = [json.loads(e.data["raw"]) for e in csms.recorder.events if e.data.get("dir") == "out"]
        assert [frame[2]["interval"] for frame in sent if "interval" in frame[2]] == [7, 60]


@timed
async def test_a_blackhole_answers_nothing_and_closes_nothing(tmp_path: Path) -> None:
    """Neither the open connection nor a new one gets an answer; resumed, what was held back flows on."""
    async with backend(tmp_path) as csms, station(csms) as dut:
        await dut.boot()
        await csms.network.cut("blackhole")
        await dut.say(2, "lost?", "Heartbeat", {})
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await dut.ws.recv()
        with pytest.raises(TimeoutError):
            async with station(csms, open_timeout=0.1):
                pass
        assert not any(e.data.get("id") == "lost?" for e in csms.recorder.events)
        await csms.network.restore("resume")
        assert (await dut.hear())[:2] == [3, "lost?"]


@timed
async def test_a_blackhole_that_ends_in_a_reset(tmp_path: Path) -> None:
    """By default what outlived the cut is reset, as by a router that forgot it."""
    async with backend(tmp_path) as csms, station(csms) as dut:
        await dut.boot()
        await csms.network.cut("blackhole")
        await csms.network.restore()
        with pytest.raises(ConnectionClosed):
            await dut.hear()
        closed = await seen(csms, "ocpp.connection", state="closed")
        assert "while the network was cut" in closed.data["reason"]


@timed
async def test_a_line_that_is_left_dead_is_dead_for_its_station_alone(tmp_path: Path) -> None:
    """Half-open: nothing comes through and nothing is closed; a new connection is answered."""
    async with backend(tmp_path) as csms, station(csms) as dut:
        await dut.boot()
        await csms.network.cut("blackhole")
        await csms.network.restore("leave")
        await dut.say(2, "lost?", "Heartbeat", {})
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await dut.ws.recv()
        async with station(csms) as again:
            await again.boot()
            closed = await seen(csms, "ocpp.connection", state="closed")
            assert (closed.data["closed_by"], closed.data.get("cause")) == ("harness", None)  # not two that are alive


@timed
async def test_a_connection_is_closed_with_the_code_that_is_asked_for(tmp_path: Path) -> None:
    """Backends close for many reasons, and the station sees which."""
    async with backend(tmp_path) as csms, station(csms) as dut:
        await dut.boot()
        await csms.disconnect(None, "because", 1008)
        with pytest.raises(ConnectionClosed):
            await dut.hear()
        assert dut.ws.close_code == 1008


@timed
async def test_a_token_is_refused_until_it_is_left(tmp_path: Path) -> None:
    """A session that tells its token is answered Invalid; an event without one is answered as ever."""
    async with backend(tmp_path) as csms, station(csms) as dut:
        await dut.boot()
        event = {
            "eventType": "Started",
            "timestamp": "2026-11-01T10:00:00Z",
            "triggerReason": "Authorized",
            "seqNo": 0,
            "transactionInfo": {"transactionId": "T"},
        }
        token = {"idToken": {"idToken": "A", "type": "Central"}}
        async with csms.refusing_tokens():
            await dut.say(2, "1", "TransactionEvent", {**event, **token})
            assert (await dut.hear())[2] == {"idTokenInfo": {"status": "Invalid"}}
            await dut.say(2, "2", "TransactionEvent", {**event, "seqNo": 1, "eventType": "Updated"})
            assert (await dut.hear())[2] == {}
        await dut.say(2, "3", "TransactionEvent", {**event, **token, "seqNo": 2, "eventType": "Updated"})
        assert (await dut.hear())[2] == {"idTokenInfo": {"status": "Accepted"}}


@timed
async def test_an_unknown_cut_is_refused(tmp_path: Path) -> None:
    """A typing mistake in a case is a ValueError that lists what there is."""
    async with backend(tmp_path) as csms:
        with pytest.raises(ValueError, match="reset, close, blackhole, busy"):
            await csms.network.cut("axe")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="security_profile 2 or 3"):
            async with csms.misbehaving("expired"):
                pass


async def _fetch(url: str, *, method: str = "GET", more: str = "", body: bytes = b"") -> tuple[bytes, bytes]:
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(f"{method} {where.path} HTTP/1.1\r\nHost: x\r\n{more}\r\n".encode() + body)
    try:
        answer = await reader.read()
    finally:
        writer.close()
    head, _, content = answer.partition(b"\r\n\r\n")
    return head, content


@timed
async def test_a_file_is_served_and_the_request_recorded(tmp_path: Path) -> None:
    """GET, HEAD and a range; each is a file.request of the DUT with what was delivered."""
    body = bytes(range(256)) * 1000
    async with backend(tmp_path) as csms:
        url = csms.files.serve("fw v2.bin", body)
        assert url.endswith("/fw%20v2.bin")
        head, content = await _fetch(url)
        assert content == body and b"200 OK" in head and b"Content-Length: 256000" in head
        head, content = await _fetch(url, more="Range: bytes=255000-\r\n")
        assert content == body[255000:] and b"206" in head and b"bytes 255000-255999/256000" in head
        head, content = await _fetch(url, method="HEAD")
        assert content == b"" and b"Content-Length: 256000" in head
        for guessed in ("fw%20v2.bin", "other"):
            head, _ = await _fetch(csms.files.url() + guessed)
            assert b"404" in head
        told = [e for e in csms.recorder.events if e.kind == "file.request"]
        assert [e.data["status"] for e in told] == [200, 206, 200, 404, 404]
        assert [(e.who, e.data["name"]) for e in told[2:4]] == [("dut", "fw v2.bin"), ("caller", "")]
        assert told[0].who == "dut" and told[0].data["bytes"] == len(body) and told[0].data["complete"]


@timed
async def test_a_download_breaks_off_as_often_as_asked(tmp_path: Path) -> None:
    """The first download ends short of its Content-Length and is recorded as incomplete; the retry succeeds."""
    body = b"x" * 100_000
    async with backend(tmp_path) as csms:
        url = csms.files.serve("fw", body, interrupt_after=70_000, interruptions=1)
        head, content = await _fetch(url)
        assert len(content) == 70_000 and b"Content-Length: 100000" in head
        _, content = await _fetch(url)
        assert content == body
        first, second = [e for e in csms.recorder.events if e.kind == "file.request"]
        assert (first.data["complete"], first.data["bytes"]) == (False, 70_000)
        assert second.data["complete"] is True


@timed
async def test_files_can_be_had_by_https_too(tmp_path: Path) -> None:
    """A charger may fetch by HTTPS only (FileTransferProtocols); the certificate is the backend's own."""
    async with backend(tmp_path, security_profile=2) as csms:
        url = csms.files.serve("fw", b"image", secure=True)
        name, port = url.removeprefix("https://").split("/")[0].rsplit(":", 1)
        reader, writer = await asyncio.open_connection("127.0.0.1", int(port), ssl=trusting(csms), server_hostname=name)
        writer.write(f"GET {urlsplit(url).path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert (await reader.read()).endswith(b"\r\n\r\nimage")
        writer.close()
        await seen(csms, "file.request", name="fw", complete=True)


@timed
async def test_without_tls_there_is_no_https(tmp_path: Path) -> None:
    """Asking for it is a mistake of ours, not the charger's."""
    async with backend(tmp_path) as csms:
        assert not csms.files.speaks_https
        with pytest.raises(RuntimeError, match="no HTTPS"):
            csms.files.serve("fw", b"1", secure=True)


@timed
async def test_logs_are_taken_by_upload(tmp_path: Path) -> None:
    """PUT stores what came under its name, for GetLog."""
    async with backend(tmp_path) as csms:
        url = csms.files.upload_url("log.txt")
        head, _ = await _fetch(url, method="PUT", more="Content-Length: 5\r\n", body=b"hello")
        assert b"201" in head and csms.files.uploads["log.txt"].head == b"hello"
        chunks = b"3\r\nhel\r\n2;x=1\r\nlo\r\n0\r\n\r\n"
        head, _ = await _fetch(url + "/of-today.zip", method="POST", more="Transfer-Encoding: chunked\r\n", body=chunks)
        assert b"201" in head and csms.files.uploads["log.txt/of-today.zip"].sha256 == sha256(b"hello").hexdigest()
        head, _ = await _fetch(csms.files.url() + "log.txt", method="PUT", more="Content-Length: 5\r\n", body=b"hello")
        assert b"404" in head and len(csms.files.uploads) == 2


@pytest.mark.parametrize(
    "rubbish", [b"\r\n\r\n", b"nonsense\r\n\r\n", b"PUT /x HTTP/1.1\r\nContent-Length: -1\r\n\r\n"]
)
@timed
async def test_rubbish_to_the_file_server(tmp_path: Path, rubbish: bytes) -> None:
    """No request brings it down; what was no HTTP is recorded."""
    async with backend(tmp_path) as csms:
        host, port = csms.files.url().split("//")[1].rstrip("/").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(rubbish)
        await reader.read()
        writer.close()
        told = await seen(csms, "file.request")
        assert (told.who, told.data["status"], told.data["name"]) in [("caller", 0, ""), ("caller", 404, "")]
        assert (await _fetch(csms.files.serve("fw", b"1")))[1] == b"1"


@timed
async def test_strangers_at_the_file_server_are_counted_and_are_not_the_charger(tmp_path: Path) -> None:
    """Who knows no word leaves nothing behind, is told of a few times as a caller, and then counted."""
    async with backend(tmp_path, budgets=Budgets(file_requests=Allowance(3, 0))) as csms:
        for number in range(10):
            more = "Content-Length: 100000\r\n"
            await _fetch(f"{csms.files.url()}junk{number}", method="PUT", more=more, body=bytes(1000))
        url = csms.files.serve("fw", b"image")
        assert (await _fetch(url))[1] == b"image"
        assert csms.files.uploads == {}
        asked = [e for e in csms.recorder.events if e.kind == "file.request"]
        assert [e.who for e in asked] == ["caller"] * 3 + ["dut"]
    counted = [e for e in csms.recorder.events if e.kind == "peer.budget" and e.data["count"]]
    assert [e.data["count"] for e in counted] == [7]


@timed
async def test_what_is_fetched_from_elsewhere_is_not_told_as_the_chargers(tmp_path: Path) -> None:
    """The word may have been overheard: from an address where nobody logged in it is served, as a caller's."""
    async with backend(tmp_path) as csms:
        async with station(csms) as dut:
            await dut.boot()
        csms._hosts = {"192.0.2.1"}
        await _fetch(csms.files.serve("fw", b"image"))
        assert (await seen(csms, "file.request")).who == "caller"


@timed
async def test_idle_connections_do_not_close_the_file_server(tmp_path: Path) -> None:
    """Whoever holds connections there gives way to one who comes and fetches; with TLS too."""
    few = Budgets(file_connections=3)
    async with backend(tmp_path, security_profile=2, budgets=few) as csms:
        for secure in (False, True):
            where = urlsplit(csms.files.url(secure=secure))
            held = [await asyncio.open_connection("127.0.0.1", where.port) for _ in range(8)]
            url = urlsplit(csms.files.serve("fw", b"image", secure=secure))
            tls = {"ssl": trusting(csms), "server_hostname": url.hostname} if secure else {}
            reader, writer = await asyncio.open_connection("127.0.0.1", url.port, **tls)
            writer.write(f"GET {url.path} HTTP/1.1\r\n\r\n".encode())
            assert (await reader.read()).endswith(b"image")
            for _, each in [*held, (reader, writer)]:
                each.close()


@timed
async def test_an_upload_beyond_the_bound_is_refused(tmp_path: Path) -> None:
    """Announced or in chunks; what is within it is taken, hashed, and not kept in memory."""
    async with backend(tmp_path, budgets=Budgets(upload_octets=300_000)) as csms:
        url = csms.files.upload_url("log")
        for more in ("Content-Length: 300001\r\n", "Transfer-Encoding: chunked\r\n"):
            with contextlib.suppress(ConnectionResetError):
                await _fetch(url, method="PUT", more=more, body=b"493e1\r\n" + bytes(300_001))
        refused = [e for e in csms.recorder.events if e.kind == "file.request"]
        assert [e.data["status"] for e in refused] == [413, 413] and csms.files.uploads == {}
        body = bytes(300_000)
        head, _ = await _fetch(url, method="PUT", more=f"Content-Length: {len(body)}\r\n", body=body)
        came = csms.files.uploads["log"]
        assert b"201" in head and (came.length, came.sha256) == (len(body), sha256(body).hexdigest())
        assert len(came.head) < 100_000
