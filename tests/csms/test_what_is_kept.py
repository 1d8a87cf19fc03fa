"""What of the wire is in the trace: octets whole or said to be cut, whose they are, and what we provoked ourselves."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from harness.csms import CallError
from harness.trace import SCHEMA, Event, Trace, faulty_messages, messages, oddities
from tests.csms.rig import backend, frames, seen, station, timed


def provoked(events: list[Event]) -> list[str]:
    """What we did wrong on purpose."""
    return [e.data["what"] for e in events if e.kind == "provoked"]


@timed
async def test_octets_that_are_no_text_are_kept_as_they_came(tmp_path: Path) -> None:
    """Not UTF-8: the text shows what can be read, `octets` is what came; judging finds the fault in them."""
    sent = b'[2,"u","Heartbeat",{"\xff\xfe":1}]'
    async with backend(tmp_path) as csms, station(csms) as dut:
        await dut.ws.send(sent, text=True)
        with pytest.raises(ConnectionClosed):
            await dut.hear()
        event = frames(csms)[0]
        assert base64.b64decode(event.data["octets"]) == sent
        (bad,) = faulty_messages(csms.recorder.events, direction="in")
        assert bad.errors == ("not UTF-8 at byte 21 (OCPP-J Part 4, 4.1.2)",)


@timed
async def test_a_binary_message_says_so(tmp_path: Path) -> None:
    """How the WebSocket brought it is a fact beside its octets."""
    async with backend(tmp_path) as csms, station(csms) as dut:
        await dut.ws.send(b'[2,"b","Heartbeat",{}]', text=False)
        await dut.hear()
        assert frames(csms)[0].data["opcode"] == "binary"
        (bad,) = faulty_messages(csms.recorder.events, direction="in")
        assert "binary" in bad.errors[0]


@timed
async def test_a_message_of_thousands_of_brackets_is_a_fault_of_that_message(tmp_path: Path) -> None:
    """It is recorded whole, answered with an error, and read by the judges as rubbish; the next one is none."""
    async with backend(tmp_path) as csms, station(csms) as dut:
        for levels in (2_000, 200_000):
            await dut.ws.send("[" * levels)
            assert (await dut.hear())[0] == 4
            assert frames(csms)[-1].data["raw"] == "[" * levels
        await dut.boot()
        heard = messages(csms.recorder.events, direction="in")
        assert [m.valid for m in heard] == [False, False, True]


@timed
async def test_events_say_which_station_and_connection_they_are_about(tmp_path: Path) -> None:
    """Each frame and line of an admitted station; a name that was only given, and refused, is nobody's."""
    async with backend(tmp_path) as csms:
        async with station(csms) as dut:
            await dut.boot()
        with pytest.raises(Exception, match="404"):
            async with station(csms, "STRANGER"):
                pass
        await seen(csms, "ocpp.connection", state="closed")
        told = {(e.kind, e.data.get("state"), e.station, e.connection) for e in csms.recorder.events if e.connection}
        assert ("ocpp.frame", None, "CS001", 1) in told and ("ocpp.connection", "open", "CS001", 1) in told
        assert ("ocpp.connection", "refused", None, 2) in told
        assert oddities(csms.recorder.events) == []
        assert [e.schema for e in csms.recorder.events[:2]] == [SCHEMA, None]


@timed
async def test_what_we_do_wrong_on_purpose_is_told_before_we_do_it(tmp_path: Path) -> None:
    """A late answer, an error, silence, a garbled message, a cut network: each an event of its own, none a fault."""
    async with backend(tmp_path) as csms, station(csms) as dut:
        async with csms.answering_late("BootNotification", by_s=0.01):
            await dut.boot()
        undo = csms.answer_with("Heartbeat", lambda _payload, _station: CallError("InternalError"))
        await dut.call("Heartbeat", {})
        undo()
        undo = csms.answer_with("Heartbeat", lambda _payload, _station: None)
        await dut.say(2, "silence", "Heartbeat", {})
        await seen(csms, "provoked", what="no answer")
        undo()
        await dut.call("Heartbeat", {})
        csms.stations["CS001"].send("{{{")
        assert await dut.ws.recv() == "{{{"
        await dut.say(4, "-1", "RpcFrameworkError", "", {})
        await dut.call("Heartbeat", {})
        await csms.network.cut("close")
        events = csms.recorder.events
        assert provoked(events) == [
            "a late answer",
            "an error for an answer",
            "no answer",
            "a garbled message",
            "the network is cut",
        ]
        assert all(e.who == "harness" for e in events if e.kind == "provoked")
        assert faulty_messages(events, direction="in") == []
        late = next(e for e in events if e.kind == "provoked")
        assert (late.station, late.connection) == ("CS001", 1)
        assert late.seq < Trace(events).of("ocpp.frame", who="harness")[0].seq
        assert oddities(events) == []
