"""What a peer may ask of the backend: beyond it is counted, told once and by whom; a real charger never comes near."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.csms import Csms
from harness.csms._budgets import Allowance, Budgets
from harness.csms.door._purse import Purse, Spending
from harness.csms.door._strangers import EVERYBODY_ELSE, Strangers
from harness.csms.line._heard import Heard
from harness.trace import Event, OcppMessage, Recorder, had_no_room
from tests.attackers import _wire
from tests.attackers._wire import CONT, PING, PONG, TEXT, frame
from tests.csms.rig import PASSWORD, backend, seen, station, timed, trusting

SMALL = Budgets(
    attempts=Allowance(3, 0),
    known_attempts=Allowance(3, 0),
    messages=Allowance(50, 20),
    journal_octets=Allowance(200_000, 1_000_000),
    frames=Allowance(100, 1000),
)


def _told(csms: Csms) -> list[Event]:
    return [event for event in csms.recorder.events if event.kind == "peer.budget"]


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"\x17\x03\x03\x00\x20" + b"\x5a" * 32, id="a broken record"),
        pytest.param(b"\x15\x03\x03\x00\x02\x02\x28", id="an alert in plaintext"),
        pytest.param(b"\x16\x03\x03\x00\x04\x01\x00\x00\x00", id="a hello in plaintext"),
        pytest.param(b"\x00" * 40, id="no TLS at all"),
    ],
)
@timed
async def test_what_is_broken_after_a_tls_handshake_gives_the_connection_back(tmp_path: Path, octets: bytes) -> None:
    """It is closed and told, nothing raises, and the charger is served; before, 64 such connections locked it out."""
    raised: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, about: raised.append(about))
    async with backend(tmp_path, security_profile=2, identities={"CS001": PASSWORD}, max_connections=3) as csms:
        held = []
        for _ in range(4):
            sock = await asyncio.to_thread(_wire.shaken, csms.port, csms.pki.roots_pem)
            sock.sendall(octets)
            assert await asyncio.to_thread(_wire.gone, sock, 4.0)
            held.append(sock)
        await seen(csms, "tls.handshake", conn=4)
        assert csms.connections == [] and raised == []
        about = {"additional_headers": {"Authorization": _basic()}}
        async with station(csms, tls=trusting(csms), url=csms.url("CS001", host="localhost"), **about) as dut:
            await dut.boot()


def _basic() -> str:
    return next(line[15:] for line in _wire.upgrade().decode().split("\r\n") if line.startswith("Authorization"))


@pytest.mark.parametrize(
    ("identity", "answer"), [("CS001", b"HTTP/1.1 101"), ("CS999", b"HTTP/1.1 404")], ids=["accepted", "refused"]
)
@pytest.mark.parametrize("early", [b"\x00\x00", b"\xff\xff", frame(PING)], ids=["zeros", "ones", "a ping"])
@timed
async def test_octets_that_come_with_the_request_do_not_spoil_its_answer(
    tmp_path: Path, identity: str, answer: bytes, early: bytes
) -> None:
    """The request is answered first, then what came behind it is read; before, that raised and nothing was answered."""
    raised: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, about: raised.append(about))
    async with backend(tmp_path) as csms:
        reader, writer = await asyncio.open_connection("127.0.0.1", csms.port)
        writer.write(_wire.upgrade(f"/ocpp/{identity}", password=None) + early)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(answer)
        writer.close()
        assert raised == []


@pytest.mark.parametrize(
    "flood",
    [
        pytest.param(frame(PING, b"x" * 125), id="pings"),
        pytest.param(frame(PONG), id="pongs"),
        pytest.param(frame(CONT, fin=False), id="empty fragments"),
        pytest.param(frame(TEXT), id="empty messages"),
        pytest.param(_wire.message(2, "h", "Heartbeat", {}), id="heartbeats"),
        pytest.param(_wire.message(2, "b", "DataTransfer", {"vendorId": "v", "data": "\x01" * 9000}), id="octets"),
    ],
)
@timed
async def test_a_flood_is_cut_told_once_and_as_the_chargers_doing(tmp_path: Path, flood: bytes) -> None:
    """One event says which budget, whose connection and what was done; later the charger is let in again."""
    async with backend(tmp_path, budgets=SMALL) as csms:
        first = frame(TEXT, fin=False) if flood == frame(CONT, fin=False) else b""
        sock = await asyncio.to_thread(_wire.logged_in, csms.port, password=None)
        assert await asyncio.to_thread(_flooded, sock, first + flood * 300)
        closed = await seen(csms, "ocpp.connection", state="closed", conn=1)
        (told,) = _told(csms)
        assert (told.who, told.station, told.connection) == ("dut", "CS001", 1)
        given = getattr(
            SMALL, {"journal octets": "journal_octets", "messages": "messages"}.get(told.data["budget"], "frames")
        )
        assert (told.data["allowed"], told.data["per_s"]) == (given.burst, given.per_s)
        assert told.data["budget"] in closed.data["reason"] and closed.data["closed_by"] == "harness"
        assert len(csms.recorder.events) < 400
        while csms.stations["CS001"].spending.spent:
            await asyncio.sleep(0.01)
        async with station(csms) as dut:
            await dut.boot()


def _flooded(sock: socket.socket, octets: bytes) -> bool:
    with _wire.ignoring_what_breaks():
        sock.sendall(octets)
    return _wire.gone(sock, 5.0)


@timed
async def test_who_spent_its_budget_is_asked_to_come_later(tmp_path: Path) -> None:
    """A charger that was cut off for a flood gets 503 at once, with the reason in the trace."""
    budgets = replace(SMALL, messages=Allowance(50, 0.001))
    async with backend(tmp_path, budgets=budgets) as csms:
        sock = await asyncio.to_thread(_wire.logged_in, csms.port, password=None)
        await asyncio.to_thread(_flooded, sock, frame(TEXT) * 300)
        with pytest.raises(ConnectionError, match="503"):
            await asyncio.to_thread(_wire.logged_in, csms.port, password=None)
        refused = await seen(csms, "ocpp.connection", state="refused")
        assert "used up what it may have (messages)" in refused.data["reason"]


@pytest.mark.parametrize(
    ("count", "text"),
    [
        pytest.param(2000, _wire.message(2, "r", "NotifyReport", {"reportData": [{"v": "x" * 300}]}), id="report"),
        pytest.param(3000, _wire.message(2, "t", "TransactionEvent", {"meterValue": "x" * 1200}), id="after a night"),
        pytest.param(2000, frame(PING), id="pings of hours"),
    ],
)
@timed
async def test_a_real_charger_is_never_cut(tmp_path: Path, count: int, text: bytes) -> None:
    """What the busiest real charger sends in one go is within the budgets: the control of every refusal above."""
    async with backend(tmp_path) as csms:
        sock = await asyncio.to_thread(_wire.logged_in, csms.port, password=None)

        def send() -> None:
            sock.settimeout(10)
            sock.sendall(text * count + _wire.message(2, "last", "Heartbeat", {}))
            heard = b""
            while b'"last"' not in heard:
                heard = heard[-20:] + sock.recv(1 << 16)

        await asyncio.to_thread(send)
        assert _told(csms) == []
        sock.close()


def test_ten_meter_values_a_second_can_go_on_for_ever() -> None:
    """A day of them, at 3 kB of journal each, takes nothing off the budget for good."""
    now_s = 0.0
    spending = Spending(Budgets(), lambda: now_s)
    for _ in range(24 * 3600 * 10):
        now_s += 0.1
        assert spending.message(3_000) is None
    assert spending.spent is None


def test_a_purse_fills_up_again() -> None:
    """What was drawn comes back with time, up to the allowance and no further."""
    now_s = 0.0
    purse = Purse(Allowance(10, 2), lambda: now_s)
    assert purse.draw(10) and not purse.draw(1)
    now_s = 3.0
    assert purse.left == 6 and purse.share == 0.6
    now_s = 100.0
    assert purse.left == 10


@timed
async def test_attempts_of_strangers_are_told_up_to_a_number_and_then_counted(tmp_path: Path) -> None:
    """The trace says once that it leaves out, and at the end how many; a charger at the same address is told of."""
    async with backend(tmp_path, budgets=SMALL) as csms:
        for _ in range(10):
            with pytest.raises(ConnectionError, match="404"):
                await asyncio.to_thread(_wire.logged_in, csms.port, path="/ocpp/CS999", password=None)
        async with station(csms) as dut:
            await dut.boot()
        refused = [e for e in csms.recorder.events if e.data.get("state") == "refused"]
        assert len(refused) == 3 and len(_told(csms)) == 1
        await seen(csms, "ocpp.connection", state="open")
    begun, counted = _told(csms)
    assert (begun.who, begun.data["count"], counted.data["count"]) == ("caller", None, 8)


@timed
async def test_a_handshake_that_was_not_told_is_told_when_it_logs_in(tmp_path: Path) -> None:
    """With TLS, beyond the number: the charger's own handshake stands in the trace before its login."""
    none = replace(SMALL, attempts=Allowance(0, 0))
    async with backend(tmp_path, security_profile=2, identities={"CS001": None}, budgets=none) as csms:
        sock = await asyncio.to_thread(_wire.shaken, csms.port, csms.pki.roots_pem)
        sock.close()
        async with station(csms, tls=trusting(csms), url=csms.url("CS001", host="localhost")):
            opened = await seen(csms, "ocpp.connection", state="open")
        shaken = [e for e in csms.recorder.events if e.kind == "tls.handshake"]
        assert [e.data["conn"] for e in shaken] == [opened.data["conn"]] and shaken[0].seq < opened.seq


def test_the_addresses_that_are_told_apart_are_bounded(tmp_path: Path) -> None:
    """Beyond their number all others share one purse, so that memory does not grow; an IPv6 /64 is one address."""
    recorder = Recorder(tmp_path / "trace.jsonl")
    strangers = Strangers(recorder, "attempts", Allowance(2, 0), 3)
    for last in range(50):
        strangers.may_tell(f"192.0.2.{last}")
        strangers.may_tell(f"2001:db8::{last:x}")
    strangers.close()
    recorder.close()
    remotes = {e.data["remote"] for e in recorder.events}
    assert len(remotes) <= 4 and EVERYBODY_ELSE in remotes
    assert sum(e.data["count"] or 0 for e in recorder.events) > 80


def test_many_addresses_together_are_bounded_and_take_nothing_from_the_chargers(tmp_path: Path) -> None:
    """Whoever comes from ever new addresses uses up what all strangers share, not what a charger's address has."""
    recorder = Recorder(tmp_path / "trace.jsonl")
    strangers = Strangers(recorder, "attempts", Allowance(10, 0), 256, Allowance(30, 0))
    strangers.favour("192.0.2.1", Allowance(20, 0))
    told = sum(strangers.may_tell(f"198.51.100.{last}") for last in range(250))
    assert told == 30 and sum(strangers.may_tell("192.0.2.1") for _ in range(25)) == 20
    recorder.close()


@timed
async def test_connections_in_stock_do_not_keep_the_charger_out(tmp_path: Path) -> None:
    """Whoever holds as many as there may be gives way, oldest first; the one that comes and logs in is served."""
    async with backend(tmp_path, max_connections=4) as csms:
        held = [await asyncio.to_thread(_wire.connected, csms.port) for _ in range(12)]
        async with station(csms) as dut:
            await dut.boot()
            for _ in range(12):
                held.append(await asyncio.to_thread(_wire.connected, csms.port))
            await dut.call("Heartbeat", {})
        for sock in held:
            sock.close()
        refused = [e for e in csms.recorder.events if e.data.get("state") == "refused"]
        assert refused and all(had_no_room(e) for e in refused)


@timed
async def test_a_request_that_goes_on_for_ever_is_turned_away(tmp_path: Path) -> None:
    """Headers are bounded in all, and little of them comes into the trace: before, 0.9 MB a request."""
    async with backend(tmp_path) as csms:
        sock = await asyncio.to_thread(_wire.connected, csms.port)
        more = "".join(f"Sec-WebSocket-Protocol: {'p' * 8000}\r\n" for _ in range(110))
        assert await asyncio.to_thread(_flooded, sock, _wire.upgrade("/ocpp/" + "x" * 6000, more=more))
        refused = await seen(csms, "ocpp.connection", state="refused")
        assert "a request of more than 16384 bytes" in refused.data["reason"]
        assert csms.recorder.size < 10_000


@timed
async def test_offers_and_path_are_kept_up_to_a_length(tmp_path: Path) -> None:
    """A request within the bound that is full of offers adds a bounded event."""
    async with backend(tmp_path) as csms:
        more = "".join(f"Sec-WebSocket-Protocol: {'p' * 120},{'q' * 120}\r\n" for _ in range(20))
        with pytest.raises(ConnectionError):
            await asyncio.to_thread(
                _wire.logged_in, csms.port, path="/ocpp/" + "\u20ac".encode().hex() * 900, more=more
            )
        await seen(csms, "ocpp.connection", state="refused")
        assert csms.recorder.size < 10_000


@timed
async def test_a_client_hello_without_end_is_turned_away(tmp_path: Path) -> None:
    """What may come before a handshake is complete is bounded, and the reason is told."""
    few = Budgets(hello_octets=8_192)
    async with backend(tmp_path, security_profile=2, identities={"CS001": PASSWORD}, budgets=few) as csms:
        sock = await asyncio.to_thread(_wire.connected, csms.port)
        record = b"\x16\x03\x01\x40\x00" + b"\x01\xff\xff\xff" + bytes(16380)
        assert await asyncio.to_thread(_flooded, sock, record * 40)
        told = await seen(csms, "tls.handshake")
        assert told.data["outcome"] == "aborted" and "8192 bytes" in told.data["detail"]


def _message(seq: int) -> OcppMessage:
    event = Event(seq=seq, t_ns=0, utc="", kind="ocpp.frame", who="dut", data={})
    return OcppMessage(event, "in", 2, "i", "Heartbeat", {}, None, None)


def test_messages_are_remembered_up_to_their_octets() -> None:
    """The oldest go first; what is asked for after a number comes in order."""
    heard = Heard(10_000)
    for seq in range(100):
        heard.keep(_message(seq), 1000)
    assert [m.event.seq for m in heard.after(-1)] == list(range(90, 100))
    assert [m.event.seq for m in heard.after(97)] == [98, 99]
    heard.keep(_message(100), 1 << 20)
    assert [m.event.seq for m in heard.after(-1)] == [100]


@timed
async def test_a_report_without_end_ends(tmp_path: Path) -> None:
    """Collecting stops at its octets, and says so."""
    budgets = Budgets(report_octets=5_000)
    async with backend(tmp_path, budgets=budgets) as csms, station(csms) as dut:
        await dut.boot()
        handle = await csms.station(within_s=2)
        asked = asyncio.create_task(
            handle.collect("GetBaseReport", {"reportBase": "FullInventory"}, "NotifyReport", 10)
        )
        _, identifier, _, payload = await dut.hear()
        await dut.say(3, identifier, {"status": "Accepted"})
        for number in range(20):
            head = {"requestId": payload["requestId"], "generatedAt": "2026-01-01T00:00:00Z", "seqNo": number}
            await dut.say(2, f"r{number}", "NotifyReport", {**head, "tbc": True, "customData": {"vendorId": "x" * 200}})
        report = await asked
        assert not report.complete and "stopped after" in report.missing and len(report.parts) < 20


@pytest.mark.parametrize(
    ("path", "let_in"),
    [
        ("/ocpp/CS001", True),
        ("/ocpp//CS001", True),
        ("/ocpp/CS001/", True),
        ("/ocpp/CS%30%301", True),
        ("/ocpp/CS001?x=1", True),
        ("/other/CS001", False),
        ("/ocpp/../CS001", False),
        ("/CS001", False),
        ("/ocpp/a/CS001", False),
        ("/ocpp", False),
        ("/", False),
        ("*", False),
        ("http://x/ocpp/CS001", False),
    ],
)
@timed
async def test_only_the_endpoints_path_lets_in(tmp_path: Path, path: str, let_in: bool) -> None:
    """The identity stands behind the endpoint's path and nowhere else; a slash too many names the same place."""
    async with backend(tmp_path, identities=None) as csms:
        if let_in:
            (await asyncio.to_thread(_wire.logged_in, csms.port, path=path, password=None)).close()
            assert list(csms.stations) == ["CS001"]
        else:
            with pytest.raises(ConnectionError, match="404"):
                await asyncio.to_thread(_wire.logged_in, csms.port, path=path, password=None)
            assert csms.stations == {}
