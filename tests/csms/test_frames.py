"""Frames of every kind: what is wrong with them is told in plain words, and each gets the answer OCPP-J wants."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.csms.rig import BOOT, backend, frames, seen, station, timed

NOW = "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("raw", "identifier", "code", "fault"),
    [
        ("rubbish", "-1", "RpcFrameworkError", "not JSON"),
        ("", "-1", "RpcFrameworkError", "not JSON"),
        ('{"a": 1}', "-1", "RpcFrameworkError", "JSON of type an object"),
        ("[]", "-1", "RpcFrameworkError", "an empty array"),
        ('["2", "id", "Heartbeat", {}]', "id", "RpcFrameworkError", "message type is a string"),
        ('[true, "id", "Heartbeat", {}]', "id", "RpcFrameworkError", "message type is a boolean"),
        ('[2, 7, "Heartbeat", {}]', "-1", "RpcFrameworkError", "message id is of JSON type a number"),
        ("[2]", "-1", "RpcFrameworkError", "message id is missing"),
        ('[9, "id", {}]', "id", "MessageTypeNotSupported", "message type 9 does not exist"),
        ('[2, "id", "Heartbeat"]', "id", "RpcFrameworkError", "3 elements instead of 4"),
        ('[2, "id", 5, {}]', "id", "RpcFrameworkError", "action is a number"),
        ('[2, "id", "Heartbeat", []]', "id", "FormatViolation", "payload is an array"),
        ('[2, "id", "Heartbeat", null]', "id", "FormatViolation", "payload is null"),
        ('[2, "id", "Heartbeat", {"a": }]', "id", "FormatViolation", "not JSON"),
        ('[2, "id", "Nonsense", {}]', "id", "NotImplemented", "does not exist in ocpp2.0.1"),
        ('[2, "id", "NotifyDERAlarm", {}]', "id", "NotImplemented", "does not exist in ocpp2.0.1"),
        ('[2, "id", "Reset", {"type": "OnIdle"}]', "id", "NotSupported", None),
        ('[2, "id", "StatusNotification", {}]', "id", "OccurrenceConstraintViolation", '"timestamp" is a required'),
        ('[2, "id", "Heartbeat", {"more": 1}]', "id", "FormatViolation", "Additional properties"),
        (
            '[2, "id", "StatusNotification", {"timestamp": "' + NOW + '", "connectorStatus": "Occupied", "evseId": "1",'
            ' "connectorId": 1}]',
            "id",
            "TypeConstraintViolation",
            "evseId",
        ),
        (
            '[2, "id", "StatusNotification", {"timestamp": "yesterday", "connectorStatus": "Occupied", "evseId": 1,'
            ' "connectorId": 1}]',
            "id",
            "PropertyConstraintViolation",
            "timestamp",
        ),
        (
            '[2, "id", "StatusNotification", {"timestamp": "' + NOW + '", "connectorStatus": "Busy", "evseId": 1,'
            ' "connectorId": 1}]',
            "id",
            "PropertyConstraintViolation",
            "connectorStatus",
        ),
    ],
)
@timed
async def test_a_faulty_call_gets_the_error_that_fits(
    tmp_path: Path, raw: str, identifier: str, code: str, fault: str | None
) -> None:
    """Each fault is answered with its CALLERROR code, and the trace says in words what and where it was."""
    async with backend(tmp_path) as csms, station(csms) as dut:
        await dut.ws.send(raw)
        answer = await dut.hear()
        assert answer[:3] == [4, identifier, code]
        assert isinstance(answer[4], dict)
        event = frames(csms)[0]
        assert event.data["raw"] == raw
        if fault is None:
            assert event.data["errors"] == []
        else:
            assert any(fault in error for error in event.data["errors"]), event.data["errors"]
        await dut.boot()  # the connection lives on


@pytest.mark.parametrize(
    ("raw", "fault", "remark"),
    [
        ('[3, "never-asked", {}]', None, "unsolicited"),
        ('[4, "never-asked", "GenericError", "", {}]', None, "unsolicited"),
        ('[4, "never-asked", "OccurenceConstraintViolation", "", {}]', "is not one of OCPP-J", "unsolicited"),
        ('[4, "never-asked", "GenericError"]', "3 elements instead of 5", "unsolicited"),
        ('[5, "never-asked", "GenericError", "", {}]', "does not exist in OCPP 2.0.1", "unsolicited"),
        ('[6, "id", "NotifyPeriodicEventStream", {}]', "does not exist in OCPP 2.0.1", None),
        ('[3, "x", {', "not JSON", None),
    ],
)
@timed
async def test_answers_are_never_answered(tmp_path: Path, raw: str, fault: str | None, remark: str | None) -> None:
    """An answer that nobody asked for is recorded with a remark; nothing is sent back, or two ends would quarrel on."""
    async with backend(tmp_path) as csms, station(csms) as dut:
        await dut.ws.send(raw)
        await dut.boot()  # the next thing that comes is the answer to this
        event = frames(csms)[0]
        assert event.data["remark"] == remark
        assert bool(event.data["errors"]) is (fault is not None)
        if fault is not None:
            assert fault in event.data["errors"][0]


@timed
async def test_a_number_with_decimal_zero_is_an_integer(tmp_path: Path) -> None:
    """Draft 06 counts 1.0 as an integer; stations in the field send such numbers."""
    async with backend(tmp_path) as csms, station(csms) as dut:
        status = {"timestamp": NOW, "connectorStatus": "Occupied", "evseId": 1.0, "connectorId": 1}
        assert (await dut.call("StatusNotification", status))[0] == 3
        assert frames(csms)[0].data["errors"] == []


@timed
async def test_a_tolerant_backend_answers_what_breaks_its_schema(tmp_path: Path) -> None:
    """With `tolerant` a station with a faulty BootNotification can be tested at all; the fault stays in the trace."""
    async with backend(tmp_path, tolerant=True) as csms, station(csms) as dut:
        answer = await dut.call("BootNotification", {**BOOT, "colour": "green"})
        assert answer[0] == 3 and answer[2]["status"] == "Accepted"
        assert "colour" in frames(csms)[0].data["errors"][0]


@timed
async def test_send_is_recorded_and_not_answered(tmp_path: Path) -> None:
    """OCPP 2.1's SEND is validated and never answered, valid or not."""
    good = {"id": 1, "pending": 0, "basetime": NOW, "data": [{"t": 0, "v": "230.4"}]}
    async with backend(tmp_path) as csms, station(csms, versions=("ocpp2.1",)) as dut:
        await dut.say(6, "one", "NotifyPeriodicEventStream", good)
        await dut.say(6, "two", "NotifyPeriodicEventStream", {"id": "x"})
        await dut.boot()
        first, second = frames(csms)[:2]
        assert (first.data["type"], first.data["action"], first.data["errors"]) == (6, "NotifyPeriodicEventStream", [])
        assert second.data["errors"]


@timed
async def test_the_same_id_again(tmp_path: Path) -> None:
    """A retry may keep its id (remark "duplicate"); another message under a used id is a fault."""
    async with backend(tmp_path) as csms, station(csms) as dut:
        for _ in range(2):
            await dut.say(2, "same", "Heartbeat", {})
            assert (await dut.hear())[0] == 3
        await dut.say(2, "same", "BootNotification", BOOT)
        await dut.hear()
        first, second, third = frames(csms)
        assert (first.data["remark"], second.data["remark"]) == (None, "duplicate")
        assert second.data["errors"] == [] and "used before" in third.data["errors"][0]


@timed
async def test_a_message_id_that_is_too_long(tmp_path: Path) -> None:
    """37 characters are one too many; the message is answered all the same."""
    async with backend(tmp_path) as csms, station(csms) as dut:
        await dut.say(2, "x" * 37, "Heartbeat", {})
        assert (await dut.hear())[1] == "x" * 37
        assert "37 characters" in frames(csms)[0].data["errors"][0]


@timed
async def test_binary_messages_are_read_and_named(tmp_path: Path) -> None:
    """A station that sends its JSON as a binary message is understood, and the fault is told."""
    async with backend(tmp_path) as csms, station(csms) as dut:
        await dut.ws.send(json.dumps([2, "b", "Heartbeat", {}]).encode())
        assert (await dut.hear())[:2] == [3, "b"]
        assert "binary" in frames(csms)[0].data["errors"][0]


@timed
async def test_what_a_case_sends_by_hand_is_judged_too(tmp_path: Path) -> None:
    """`send` puts nonsense on the wire on purpose; the trace says that we did, and what was wrong with it."""
    async with backend(tmp_path) as csms, station(csms) as dut:
        await dut.boot()
        handle = await csms.station(within_s=2)
        event = handle.send('[2, "mine", "Reset", {"type": "Whenever"}]')
        assert (event.who, event.data["dir"]) == ("harness", "out") and "type" in event.data["errors"][0]
        assert await dut.hear() == [2, "mine", "Reset", {"type": "Whenever"}]
        await dut.say(4, "mine", "PropertyConstraintViolation", "", {})
        answer = await seen(csms, "ocpp.frame", dir="in", type=4)
        assert (answer.data["reply_to"], answer.data["action"], answer.data["remark"]) == (event.seq, "Reset", None)


@timed
async def test_a_result_that_breaks_its_schema(tmp_path: Path) -> None:
    """In 2.1 a faulty CALLRESULT is answered with CALLRESULTERROR, in 2.0.1 with nothing; both name the fault."""
    for version in ("ocpp2.1", "ocpp2.0.1"):
        folder = tmp_path / version
        folder.mkdir()
        async with backend(folder) as csms, station(csms, versions=(version,)) as dut:
            await dut.boot()
            handle = await csms.station(within_s=2)
            answer = await _answered(handle.reset(), dut, {"status": "Perhaps"})
            assert answer.event is not None and "status" in answer.event.data["errors"][0]
            if version == "ocpp2.1":
                reply = await dut.hear()
                assert (reply[0], reply[2]) == (5, "PropertyConstraintViolation")
            assert (await dut.call("Heartbeat", {}))[0] == 3


async def _answered(asking: Any, dut: Any, payload: dict[str, Any]) -> Any:
    import asyncio

    task = asyncio.create_task(asking)
    _, identifier, _, _ = await dut.hear()
    await dut.say(3, identifier, payload)
    return await task


@pytest.mark.parametrize("tolerant", [False, True])
@pytest.mark.parametrize("identifier", ["", "i" * 40, "i"])
@timed
async def test_what_lacks_what_its_answer_needs_is_no_fault_of_ours(
    tmp_path: Path, identifier: str, tolerant: bool
) -> None:
    """A fuzzer's find: a CALL with an odd id was not held against its schema, and answering it then raised."""
    async with backend(tmp_path, tolerant=tolerant) as csms, station(csms, versions=("ocpp2.1",)) as dut:
        await dut.say(2, identifier, "GetCertificateChainStatus", {"certificateStatusRequests": [{}]})
        assert (await dut.hear())[:3] == [4, identifier, "OccurrenceConstraintViolation"]
        assert [e for e in csms.recorder.events if e.kind == "harness.error"] == []
