"""The station handle: answers matched by id, waits that look only forward, reports in parts, transactions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.csms import CallError, Csms, NotSeen, Station
from tests.csms.rig import BOOT, RawStation, backend, frames, seen, station, timed

NOW = "2026-01-01T00:00:00Z"


@asynccontextmanager
async def booted(
    folder: Path, version: str = "ocpp2.0.1", **settings: Any
) -> AsyncIterator[tuple[Csms, RawStation, Station]]:
    async with backend(folder, **settings) as csms, station(csms, versions=(version,)) as raw:
        await raw.boot()
        yield csms, raw, await csms.station("CS001", within_s=2)


@timed
async def test_a_late_answer_is_late(tmp_path: Path) -> None:
    """An answer after the timeout finds no one waiting: timed out for the case, "late" in the trace, still matched."""
    async with booted(tmp_path) as (csms, raw, dut):
        answer = await dut.call("Reset", {"type": "OnIdle"}, within_s=0.05)
        assert answer.timed_out and answer.event is None and answer.status is None
        _, identifier, _, _ = await raw.hear()
        await raw.say(3, identifier, {"status": "Accepted"})
        late = await seen(csms, "ocpp.frame", dir="in", type=3)
        assert (late.data["remark"], late.data["reply_to"]) == ("late", answer.call.seq)
        assert late.data["action"] == "Reset"


@timed
async def test_a_second_answer_is_a_duplicate(tmp_path: Path) -> None:
    """The first answer counts; the second is recorded with a remark and changes nothing."""
    async with booted(tmp_path) as (csms, raw, dut):
        asking = asyncio.create_task(dut.reset())
        _, identifier, _, _ = await raw.hear()
        await raw.say(3, identifier, {"status": "Accepted"})
        await raw.say(3, identifier, {"status": "Rejected"})
        assert (await asking).accepted
        second = await seen(csms, "ocpp.frame", dir="in", type=3, remark="duplicate")
        assert "Rejected" in second.data["raw"]


@timed
async def test_an_answer_with_a_wrong_id_answers_nothing(tmp_path: Path) -> None:
    """Any CALLRESULT will not do: the id must be that of the CALL."""
    async with booted(tmp_path) as (csms, raw, dut):
        asking = asyncio.create_task(dut.reset(within_s=0.3))
        _, identifier, _, _ = await raw.hear()
        await raw.say(3, identifier[:-1], {"status": "Accepted"})
        assert (await asking).timed_out
        assert (await seen(csms, "ocpp.frame", dir="in", type=3)).data["remark"] == "unsolicited"


@timed
async def test_a_callerror_is_an_answer(tmp_path: Path) -> None:
    """CALLERROR never raises: code and description are in the answer."""
    async with booted(tmp_path) as (_csms, raw, dut):
        asking = asyncio.create_task(dut.reset())
        _, identifier, _, _ = await raw.hear()
        await raw.say(4, identifier, "NotSupported", "no reset here", {})
        answer = await asking
        assert (answer.error_code, answer.error_description) == ("NotSupported", "no reset here")
        assert not answer.timed_out and not answer.accepted


@timed
async def test_a_lost_connection_ends_the_wait_for_an_answer(tmp_path: Path) -> None:
    """When the station goes, its answer cannot come any more: the call returns at once, timed out."""
    async with booted(tmp_path) as (_csms, raw, dut):
        asking = asyncio.create_task(dut.reset(within_s=15))
        await raw.hear()
        raw.ws.transport.abort()
        async with asyncio.timeout(2):
            assert (await asking).timed_out
        with pytest.raises(NotSeen, match="CS001 to connect"):
            await dut.call("Reset", {"type": "OnIdle"}, within_s=0.05)
        with pytest.raises(NotSeen, match="not connected"):
            dut.send("[]")


@timed
async def test_one_call_at_a_time(tmp_path: Path) -> None:
    """OCPP-J 4.1.1: the second CALL goes out only after the first was answered."""
    async with booted(tmp_path) as (csms, raw, dut):
        both = [asyncio.create_task(dut.reset()), asyncio.create_task(dut.trigger_message("Heartbeat"))]
        _, first, action, _ = await raw.hear()
        await asyncio.sleep(0.05)
        assert action == "Reset" and len([e for e in frames(csms, "out") if e.data["type"] == 2]) == 1
        await raw.say(3, first, {"status": "Accepted"})
        _, second, action, _ = await raw.hear()
        assert action == "TriggerMessage"
        await raw.say(3, second, {"status": "Accepted"})
        await asyncio.gather(*both)


@timed
async def test_expect_looks_only_forward(tmp_path: Path) -> None:
    """A message from before the stimulus satisfies nothing, unless `since` reaches back to it."""
    async with booted(tmp_path) as (csms, raw, dut):
        await raw.call("Heartbeat", {})
        with pytest.raises(NotSeen, match=r"no Heartbeat from CS001 within 0\.05 s"):
            await dut.expect("Heartbeat", within_s=0.05)
        assert (await dut.expect("Heartbeat", within_s=0.05, since=-1)).type == 2
        waiting = asyncio.create_task(dut.expect("StatusNotification", lambda m: m.payload["evseId"] == 2, within_s=2))
        for evse in (1, 2):
            status = {"timestamp": NOW, "connectorStatus": "Available", "evseId": evse, "connectorId": 1}
            await raw.call("StatusNotification", status)
        message = await waiting
        assert message.payload["evseId"] == 2 and message.event.kind == "ocpp.frame"
        waits = [e for e in csms.recorder.events if e.kind == "wait.started"]
        assert any("StatusNotification from CS001 that fits" in e.data["what"] for e in waits)


@timed
async def test_one_message_satisfies_one_wait_each(tmp_path: Path) -> None:
    """With `since` moved on to what was found, the same message is not found twice."""
    async with booted(tmp_path) as (_csms, raw, dut):
        for _ in range(2):
            await raw.call("Heartbeat", {})
        first = await dut.expect("Heartbeat", since=-1, within_s=1)
        second = await dut.expect("Heartbeat", since=first.event, within_s=1)
        assert second.event.seq > first.event.seq
        with pytest.raises(NotSeen):
            await dut.expect("Heartbeat", since=second.event, within_s=0.05)


@timed
async def test_a_stumbling_predicate_hurts_only_its_case(tmp_path: Path) -> None:
    """An exception in `where` reaches the case that brought it; the connection and other waits go on."""
    async with booted(tmp_path) as (_csms, raw, dut):
        stumbling = asyncio.create_task(dut.expect("Heartbeat", lambda m: m.payload["nothing"], within_s=2))
        steady = asyncio.create_task(dut.expect("Heartbeat", within_s=2))
        await asyncio.sleep(0)
        assert (await raw.call("Heartbeat", {}))[0] == 3
        with pytest.raises(KeyError):
            await stumbling
        assert (await steady).action == "Heartbeat"


@timed
async def test_a_station_that_is_up_already_needs_no_boot(tmp_path: Path) -> None:
    """OCPP tells stations not to boot again after a reconnect: speaking is enough, and so is a while of silence."""
    async with backend(tmp_path, identities=None, boot_grace_s=0.2) as csms:
        async with station(csms, "A") as raw:
            await raw.call("Heartbeat", {})
            assert (await csms.station("A", within_s=1)).connected
        async with station(csms, "B"):
            assert (await csms.station("B", within_s=1)).connected
        with pytest.raises(NotSeen, match="C did not connect and boot"):
            await csms.station("C", within_s=0.05)


@timed
async def test_a_boot_under_way_is_not_ready(tmp_path: Path) -> None:
    """Between its BootNotification and our answer a station may do nothing (B01.FR.08), also one accepted before."""
    async with backend(tmp_path) as csms, station(csms) as raw:
        await raw.boot()
        assert (await csms.station("CS001", within_s=1)).accepted
        async with csms.answering_late("BootNotification", by_s=0.3):
            booting = asyncio.ensure_future(raw.call("BootNotification", BOOT))
            await csms.stations["CS001"].expect("BootNotification", within_s=1)
            with pytest.raises(NotSeen):
                await csms.stations["CS001"].until_ready(within_s=0.2)
            await csms.stations["CS001"].until_ready(within_s=1)
            assert (await booting)[2]["status"] == "Accepted"


@timed
async def test_one_that_comes_again_may_be_about_to_boot(tmp_path: Path) -> None:
    """Accepted before, it is given a moment, or else its boot would be taken for that of a Reset sent meanwhile."""
    async with backend(tmp_path, first_word_s=0.6) as csms:
        async with station(csms) as raw:
            await raw.boot()
            assert (await csms.station("CS001", within_s=1)).accepted
        async with station(csms):
            with pytest.raises(NotSeen):
                await csms.station("CS001", within_s=0.2)
            assert (await csms.station("CS001", within_s=2)).connected
        async with station(csms) as raw, csms.answering_late("BootNotification", by_s=0.3):
            booting = asyncio.ensure_future(raw.call("BootNotification", BOOT))
            await csms.station("CS001", within_s=2)
            assert booting.done() or (await booting)[2]["status"] == "Accepted"
        async with station(csms) as raw:
            await raw.call("Heartbeat", {})
            await csms.station("CS001", within_s=0.3)


@timed
async def test_a_rejected_boot_is_not_ready(tmp_path: Path) -> None:
    """An override can reject the boot; the station is ready only once it was accepted (or the grace has passed)."""
    async with backend(tmp_path) as csms, station(csms) as raw:
        undo = csms.answer_with(
            "BootNotification", lambda _payload, _station: {"currentTime": NOW, "interval": 1, "status": "Rejected"}
        )
        assert (await raw.call("BootNotification", BOOT))[2]["status"] == "Rejected"
        with pytest.raises(NotSeen):
            await csms.station("CS001", within_s=0.1)
        undo()
        await raw.boot()
        assert (await csms.station("CS001", within_s=1)).accepted


@timed
async def test_overrides_may_be_slow_refuse_or_fail(tmp_path: Path) -> None:
    """An answer may be awaited, be a CALLERROR, or nothing; one that breaks is the harness's fault and says so."""
    async with booted(tmp_path) as (csms, raw, _dut):

        async def slow(_payload: dict[str, Any], _station: Station) -> dict[str, Any]:
            await asyncio.sleep(0.02)
            return {"currentTime": NOW}

        csms.answer_with("Heartbeat", slow)
        assert (await raw.call("Heartbeat", {}))[2] == {"currentTime": NOW}
        csms.answer_with("Heartbeat", lambda _p, _s: CallError("SecurityError", "not you"))
        assert (await raw.call("Heartbeat", {}))[2:4] == ["SecurityError", "not you"]
        csms.answer_with("Heartbeat", lambda _p, _s: {}["nothing"])
        assert (await raw.call("Heartbeat", {}))[2] == "InternalError"
        assert "KeyError" in (await seen(csms, "harness.error")).data["what"]
        csms.answer_with("Heartbeat", lambda _p, _s: None)
        await raw.say(2, "silent", "Heartbeat", {})
        await seen(csms, "ocpp.frame", id="silent")
        csms.answer_with("Heartbeat", lambda _p, _s: {"currentTime": NOW})
        assert (await raw.call("Heartbeat", {}))[1] != "silent"


@timed
async def test_a_report_in_parts_is_collected_by_its_request_id(tmp_path: Path) -> None:
    """Parts with tbc are gathered until the last; parts of another request do not count."""
    async with booted(tmp_path) as (_csms, raw, dut):
        asking = asyncio.create_task(dut.get_base_report(within_s=3))
        _, identifier, _, payload = await raw.hear()
        await raw.say(3, identifier, {"status": "Accepted"})
        number = payload["requestId"]
        for seq, (request, tbc) in enumerate([(number, True), (number + 50, False), (number, True), (number, False)]):
            report = {
                "component": {"name": f"C{seq}"},
                "variable": {"name": "V"},
                "variableAttribute": [{"value": "1"}],
            }
            part = {"requestId": request, "generatedAt": NOW, "seqNo": seq, "tbc": tbc, "reportData": [report]}
            await raw.call("NotifyReport", part)
        collected = await asking
        assert collected.complete
        assert [entry["component"]["name"] for entry in collected.entries("reportData")] == ["C0", "C2", "C3"]


@timed
async def test_a_report_that_stops_half_way_says_what_is_missing(tmp_path: Path) -> None:
    """Nothing raises: the parts that came are there, and the text names what did not."""
    async with booted(tmp_path) as (_csms, raw, dut):
        asking = asyncio.create_task(dut.get_base_report(within_s=0.3))
        _, identifier, _, payload = await raw.hear()
        await raw.say(3, identifier, {"status": "Accepted"})
        part = {"requestId": payload["requestId"], "generatedAt": NOW, "seqNo": 0, "tbc": True}
        await raw.call("NotifyReport", part)
        collected = await asking
        assert not collected.complete and len(collected.parts) == 1 and "no NotifyReport" in collected.missing
        asking = asyncio.create_task(dut.get_base_report(within_s=0.3))
        _, identifier, _, _ = await raw.hear()
        await raw.say(3, identifier, {"status": "NotSupported"})
        refused = await asking
        assert refused.complete and refused.answer.status == "NotSupported" and refused.items == []


@timed
async def test_transactions_are_tracked(tmp_path: Path) -> None:
    """EVSE, charging state and sequence numbers come from the TransactionEvents; an ended one is current no more."""
    async with booted(tmp_path, evse_id=2) as (csms, raw, dut):
        assert dut.transaction is None
        with pytest.raises(ValueError, match="no running transaction"):
            await dut.request_stop_transaction()
        for seq, (kind, state) in enumerate([("Started", "EVConnected"), ("Updated", "Charging")]):
            event = {
                "eventType": kind,
                "timestamp": NOW,
                "triggerReason": "ChargingStateChanged",
                "seqNo": seq,
                "transactionInfo": {"transactionId": "T1", "chargingState": state},
                **({"evse": {"id": 2}, "idToken": {"idToken": "A", "type": "Central"}} if seq == 0 else {}),
            }
            answer = await raw.call("TransactionEvent", event)
            assert ("idTokenInfo" in answer[2]) is (seq == 0)
        running = dut.transaction
        assert running is not None
        assert (running.id, running.evse_id, running.state, running.seq_nos) == ("T1", 2, "Charging", [0, 1])
        csms.config = replace(csms.config, evse_id=1)
        assert dut.transaction is None, "what runs at another EVSE is not the one that we are busy with"
        csms.config = replace(csms.config, evse_id=2)
        ended = {
            "eventType": "Ended",
            "timestamp": NOW,
            "triggerReason": "EVDeparted",
            "seqNo": 2,
            "offline": True,
            "transactionInfo": {"transactionId": "T1"},
        }
        await raw.call("TransactionEvent", ended)
        assert dut.transaction is None and dut.transactions.by_id["T1"].offline == 1


@timed
async def test_unknown_tokens_are_refused_when_tokens_are_listed(tmp_path: Path) -> None:
    """`tokens` decides who may charge; None lets everybody."""
    async with booted(tmp_path, tokens=frozenset({"GOOD"})) as (_csms, raw, _dut):
        for token, status in (("GOOD", "Accepted"), ("BAD", "Unknown")):
            answer = await raw.call("Authorize", {"idToken": {"idToken": token, "type": "Central"}})
            assert answer[2]["idTokenInfo"]["status"] == status
