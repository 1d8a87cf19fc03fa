"""OCPP-J read from octets: what is a proper frame, what is not, and nothing that raises."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.ocppj import CALL, MOST_LEVELS, V21, V201, faults_of, payload_of, read

BOOT = {"reason": "PowerUp", "chargingStation": {"model": "M", "vendorName": "V"}}
STREAM = {"id": 1, "pending": 0, "basetime": "2026-01-01T00:00:00Z", "data": [{"t": 0, "v": "1"}]}


def octets(*parts: object) -> bytes:
    """A frame."""
    return json.dumps(parts).encode()


@pytest.mark.parametrize(
    "frame, version, action",
    [
        (octets(2, "1", "BootNotification", BOOT), V201, None),
        (octets(2, "1", "BootNotification", BOOT), V21, None),
        (octets(3, "1", {"status": "Accepted"}), V21, "Reset"),
        (octets(3, "1", {"anything": 1}), V21, None),
        (octets(4, "-1", "RpcFrameworkError", "", {}), V201, None),
        (octets(5, "1", "FormatViolation", "x", {}), V21, None),
        (octets(6, "1", "NotifyPeriodicEventStream", STREAM), V21, None),
        (octets(2, "1", "Whatever", {}), "ocpp1.6", None),
    ],
)
def test_proper_frames_are_blameless(frame: bytes, version: str, action: str | None) -> None:
    """Each kind of message in its version; what is no version of ours is looked at as a frame only."""
    assert faults_of(frame, version, action) == []


@pytest.mark.parametrize(
    "frame, version, action, fault",
    [
        (b"", V21, None, "not JSON"),
        (b"\xff[2]", V21, None, "not UTF-8 at byte 0"),
        (b"{}", V21, None, "an object instead of an array"),
        (b"7", V21, None, "a number instead of an array"),
        (b"[]", V21, None, "an empty array"),
        (octets("2", "1", "Heartbeat", {}), V21, None, "message type is a string"),
        (octets(True, "1", "Heartbeat", {}), V21, None, "message type is a boolean"),
        (octets(9, "1", "Heartbeat", {}), V21, None, "message type 9 does not exist"),
        (octets(2, 1, "Heartbeat", {}), V21, None, "message id is a number"),
        (octets(2), V21, None, "message id is missing"),
        (octets(2, "", "Heartbeat", {}), V21, None, "message id is empty"),
        (octets(2, "x" * 37, "Heartbeat", {}), V21, None, "37 characters"),
        (octets(2, "1", "Heartbeat"), V21, None, "CALL has 3 elements instead of 4"),
        (octets(2, "1", "Heartbeat", {}, {}), V21, None, "CALL has 5 elements instead of 4"),
        (octets(2, "1", 7, {}), V21, None, "action is a number"),
        (octets(2, "1", "Heartbeat", []), V21, None, "payload is an array"),
        (octets(3, "1", {}, {}), V21, None, "CALLRESULT has 4 elements"),
        (octets(4, "1", "Nonsense", "", {}), V21, None, "error code 'Nonsense'"),
        (octets(4, "1", "GenericError", "x" * 256, {}), V21, None, "256 characters; OCPP-J allows 255"),
        (octets(4, "1", "GenericError", "", []), V21, None, "error details is an array"),
        (octets(5, "1", "GenericError", "", {}), V201, None, "does not exist in OCPP 2.0.1"),
        (octets(6, "1", "NotifyPeriodicEventStream", STREAM), V201, None, "does not exist in OCPP 2.0.1"),
        (octets(6, "1", "Heartbeat", {}), V21, None, "is not sent without an answer"),
        (octets(2, "1", "NoSuchThing", {}), V201, None, "action 'NoSuchThing' does not exist in OCPP 2.0.1"),
        (octets(2, "1", "AFRRSignal", {}), V201, None, "does not exist in OCPP 2.0.1"),
        (octets(2, "1", "BootNotification", {"reason": "PowerUp"}), V201, None, "chargingStation"),
        (octets(2, "1", "BootNotification", {**BOOT, "colour": 1}), V21, None, "colour"),
        (octets(3, "1", {"status": "Perhaps"}), V21, "Reset", "status"),
        (b'[2,"1","Heartbeat",{"customData":{"vendorId":"a","vendorId":"b"}}]', V21, None, "'vendorId' twice"),
        (b'[2,"1","DataTransfer",{"vendorId":"\\ud800"}]', V21, None, "not JSON"),
    ],
)
def test_what_is_wrong_is_said(frame: bytes, version: str, action: str | None, fault: str) -> None:
    """Framing, version, schema, and a name that one object holds twice."""
    assert any(fault in each for each in faults_of(frame, version, action)), faults_of(frame, version, action)


@pytest.mark.parametrize("levels", [MOST_LEVELS + 1, 2_000, 200_000])
@pytest.mark.parametrize("wrap", ["{}", '[2,"1","DataTransfer",{{"vendorId":"v","data":{}}}]'])
def test_deep_nesting_is_a_fault_of_the_frame(levels: int, wrap: str) -> None:
    """Thousands of brackets, open or closed, are an ordinary fault, whatever the reader's own stack can bear."""
    for deep in ("[" * levels, "[" * levels + "]" * levels, '{"a":' * levels + "1" + "}" * levels):
        frame = wrap.format(deep).encode()
        assert any("levels deep" in each for each in faults_of(frame, V21))
        assert read(frame).type is None and payload_of(frame) == {}


def test_brackets_in_a_string_are_no_nesting() -> None:
    """A text of brackets is a text, also behind an escaped quotation mark."""
    frame = octets(2, "1", "DataTransfer", {"vendorId": "v", "data": '"' + "[{" * 5000})
    assert faults_of(frame, V21) == []
    assert read(frame).type == CALL


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_nothing_raises(raw: bytes) -> None:
    """Whatever comes is read, and rubbish has a fault."""
    assert read(raw).type is not None or faults_of(raw, V21)
    payload_of(raw)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda s: st.lists(s)))
def test_no_json_array_raises(value: object) -> None:
    """Any JSON value is read as a frame of some kind."""
    raw = json.dumps([2, "1", value, value]).encode()
    faults_of(raw, V21, "Reset")
    faults_of(json.dumps(value).encode(), V201, "Reset")
