"""The OCPP-J layer: malformed frames, error codes, one CALL at a time, late answers."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError

from harness.emulator.ocpp.line._rpc import CallFailed, Offline, Rpc
from tests.emulator_ocpp._backend import Backend, station


def rpc_with(sent: list[list[Any]], version: str = "ocpp2.1") -> Rpc:
    """A layer that writes into a list and knows one action."""

    async def send(text: str) -> None:
        sent.append(json.loads(text))

    known = {"GetLocalListVersion": lambda _: {"versionNumber": 3}, "ClearCache": lambda _: 1 / 0}
    return Rpc(version, send, lambda action: known.get(action), lambda work: None, lambda what: None)  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize(
    ("raw", "unique", "code"),
    [
        ("{", "-1", "RpcFrameworkError"),
        ("[]", "-1", "RpcFrameworkError"),
        ('[2,5,"GetLocalListVersion",{}]', "-1", "RpcFrameworkError"),
        (f'[2,"{"x" * 37}","GetLocalListVersion",{{}}]', "-1", "RpcFrameworkError"),
        ('[2,"a","GetLocalListVersion"]', "a", "RpcFrameworkError"),
        ('[9,"a","X",{}]', "a", "MessageTypeNotSupported"),
        ('[2,"a","NoSuchThing",{}]', "a", "NotImplemented"),
        ('[2,"a","../x",{}]', "a", "NotImplemented"),
        ('[2,"a","ReserveNow",{}]', "a", "NotSupported"),
        ('[2,"a","GetLocalListVersion",[]]', "a", "FormatViolation"),
        ('[2,"a","GetLocalListVersion",{"x":1}]', "a", "ProtocolError"),
        ('[2,"a","ClearCache",{}]', "a", "InternalError"),
        ('[2,"a","ClearCache",{"customData":{"vendorId":NaN}}]', "-1", "RpcFrameworkError"),
    ],
)
def test_malformed_calls_get_the_right_error(raw: str, unique: str, code: str) -> None:
    """Each malformed frame gets exactly one CALLERROR (OCPP-J 4.2.3, 4.3)."""
    sent: list[list[Any]] = []
    asyncio.run(rpc_with(sent).on_text(raw))
    assert [(f[0], f[1], f[2]) for f in sent] == [(4, unique, code)]


def test_message_types_of_2_1_are_unknown_to_2_0_1() -> None:
    """SEND gets no answer in 2.1; in 2.0.1 the type is not supported."""
    sent: list[list[Any]] = []
    asyncio.run(rpc_with(sent).on_text('[6,"a","NotifyPeriodicEventStream",{}]'))
    assert sent == []
    asyncio.run(rpc_with(sent, "ocpp2.0.1").on_text('[6,"a","NotifyPeriodicEventStream",{}]'))
    assert sent[0][2] == "MessageTypeNotSupported"


def test_what_an_answer_changes_has_changed_before_the_next_frame_is_read() -> None:
    """A backend may ask right after it has accepted a boot, in one go with its answer (B01, K09): what it asks for
    is then sent, and not taken for something that must wait for the boot to be accepted."""

    async def run() -> None:
        order: list[str] = []

        async def send(text: str) -> None:
            order.append("sent" if json.loads(text)[0] == 2 else "answered the request")

        def cleared(_: dict[str, Any]) -> dict[str, Any]:
            order.append("read the request")
            return {"status": "Accepted"}

        rpc = Rpc("ocpp2.1", send, lambda _: cleared, lambda _: None, lambda _: None)

        async def boots() -> None:
            await rpc.call("Heartbeat", {}, 1, "h")
            order.append("took the answer")

        booting = asyncio.create_task(boots())
        await asyncio.sleep(0)
        await rpc.on_text('[3,"h",{"currentTime":"2026-01-01T00:00:00Z"}]')
        await rpc.on_text('[2,"a","ClearCache",{}]')
        await booting
        assert order == ["sent", "took the answer", "read the request", "answered the request"]

    asyncio.run(run())


def test_one_call_at_a_time_and_only_its_own_answer_counts() -> None:
    """A second CALL waits for the first; an answer with another id is ignored; a late one too."""

    async def run() -> None:
        sent: list[list[Any]] = []
        rpc = rpc_with(sent)
        first = asyncio.create_task(rpc.call("Heartbeat", {}, 1))
        second = asyncio.create_task(rpc.call("Heartbeat", {}, 0.05))
        await asyncio.sleep(0.01)
        assert len(sent) == 1
        await rpc.on_text(json.dumps([3, "someone else's", {"currentTime": "2027-01-01T00:00:00Z"}]))
        await asyncio.sleep(0.01)
        assert not first.done() and len(sent) == 1
        await rpc.on_text(json.dumps([3, sent[0][1], {"currentTime": "2027-01-01T00:00:00Z"}]))
        assert (await first)["currentTime"].startswith("2027")
        with pytest.raises(CallFailed, match="Timeout"):
            await second
        await rpc.on_text(json.dumps([3, sent[1][1], {"currentTime": "2027-01-01T00:00:00Z"}]))
        assert len(sent) == 2

    asyncio.run(run())


def test_invalid_answer_fails_the_call_and_is_reported_in_2_1() -> None:
    """A CALLRESULT that breaks its schema raises, and earns a CALLRESULTERROR in 2.1."""

    async def run() -> None:
        sent: list[list[Any]] = []
        rpc = rpc_with(sent)
        call = asyncio.create_task(rpc.call("Heartbeat", {}, 1))
        await asyncio.sleep(0)
        await rpc.on_text(json.dumps([3, sent[0][1], {"currentTime": 5}]))
        with pytest.raises(CallFailed, match="TypeConstraintViolation"):
            await call
        assert sent[1][:3] == [5, sent[0][1], "TypeConstraintViolation"]

    asyncio.run(run())


def test_lost_connection_ends_a_waiting_call() -> None:
    """Whoever waits learns at once that the line is gone, and nobody can call on it any more."""

    async def run() -> None:
        rpc = rpc_with([])
        call = asyncio.create_task(rpc.call("Heartbeat", {}, 60))
        await asyncio.sleep(0)
        rpc.lost()
        with pytest.raises(Offline):
            await call
        with pytest.raises(Offline):
            await rpc.call("Heartbeat", {}, 1)

    asyncio.run(run())


def test_no_common_version_keeps_the_station_away(tmp_path: Path) -> None:
    """A backend that picks no subprotocol hears no OCPP; the station keeps trying (OCPP-J 3.3)."""

    async def run() -> None:
        backend = Backend("ocpp1.6")
        async with backend.listening(), station(backend, tmp_path, wait=False):
            await asyncio.sleep(0.3)
            assert backend.calls == [] and backend.frames == []

    asyncio.run(run())


def test_offers_its_versions_in_order(tmp_path: Path) -> None:
    """Sec-WebSocket-Protocol lists what is configured, best first, and the path ends with the identity."""

    async def run() -> None:
        backend = Backend("ocpp2.0.1")
        async with backend.listening(), station(backend, tmp_path):
            assert backend.headers[0]["Sec-WebSocket-Protocol"] == "ocpp2.1, ocpp2.0.1"
            assert backend.sockets[0].request.path == "/ocpp/EMU-0001"

    asyncio.run(run())


def test_a_flood_of_rubbish_is_survived(tmp_path: Path) -> None:
    """Thousands of malformed frames and one that is too large: the station is back and answers."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path):
            for n in range(2000):
                await backend.sockets[-1].send(f'[2,"{n}"')
            assert "versionNumber" in await backend.ask("GetLocalListVersion", {})
            await backend.sockets[-1].send("x" * (2 << 20))
            for _ in range(200):
                await asyncio.sleep(0.02)
                if len(backend.sockets) > 1:
                    break
            assert "versionNumber" in await backend.ask("GetLocalListVersion", {})

    asyncio.run(run())


def test_a_connection_that_went_a_moment_ago_is_being_offline() -> None:
    """A CALL into a connection that has just broken means offline; it must not end the station."""

    async def broken(text: str) -> None:
        raise ConnectionClosedError(None, None)

    rpc = Rpc("ocpp2.1", broken, lambda action: None, lambda work: None, lambda what: None)
    with pytest.raises(Offline):
        asyncio.run(rpc.call("Heartbeat", {}, 1))
