"""Correct stations that a rule about values, schedules, firmware, logs or framing must not accuse: block J to R."""

from __future__ import annotations

import json

import pytest

from harness.judge.rules import CSMS
from tests.rules._correct import Steps, not_accused, noticed
from tests.rules._stream import Stream, meter, sample, stamp
from tests.rules.test_ocpp_rules import (
    OK,
    ON_ONE,
    RESET,
    asks,
    begin_again,
    beside,
    gets,
    late,
    limits,
    notices,
    profile,
    registers,
    schedule,
    security,
    told,
    two_moments,
    uploads,
)


def every_minute(s: Stream, *more: tuple[str, str]) -> Stream:
    """A transaction on EVSE 1 begins; it said that it tells values every 60 s, and what else it said of them."""
    for variable, value in (("TxUpdatedInterval", "60"), *more):
        name = {"component": {"name": "SampledDataCtrlr"}, "variable": {"name": variable}}
        s.answered("GetVariables", {"getVariableData": [name]}, {"getVariableResult": [told(value, name=name)]})
    return s.event("Started", 0, **ON_ONE)


def set_and_reports(s: Stream, asked: float, reported: float) -> Stream:
    """A profile is set and reported."""
    limits(s, "Accepted", limit=asked)
    return s.sends("ReportChargingProfiles", {"requestId": 1, "chargingProfile": [profile(reported)]})  # type: ignore[arg-type]


def updates(s: Stream, *states: str, lost: bool = False, answer: str = "Accepted") -> Stream:
    """An update, its answer and its states; the line may be lost in between."""
    asks(s.opened().boots(), "UpdateFirmware", {"status": answer}, requestId=7, firmware={})
    if lost:
        s.closed().after(60).opened()
    for state in states:
        s.sends("FirmwareStatusNotification", {"status": state, "requestId": 7})
    return s


CORRECT: dict[str, tuple[str, Steps]] = {
    "reads its meter a moment after the event": (
        "J02.R010",
        lambda s: s.event("Ended", 1, **meter(s.now + 6, sample(1))).event("Updated", 1, **meter(s.now + 6, sample(1))),
    ),
    "tells values of a whole interval": (
        "J02.R010",
        lambda s: s.after(60).event("Started", 0, **two_moments(1, 60)),
    ),
    "tells values by a clock of whole seconds": (
        "J02.R010",
        lambda s: s.after(60).event("Updated", 1, **two_moments(59, 61)),
    ),
    "tells no values, for no measurand is set": (
        "J02.R011",
        lambda s: late(late(every_minute(s.opened(), ("TxUpdatedMeasurands", "")), 60)),
    ),
    "measures nothing": ("J02.R011", lambda s: late(late(every_minute(s.opened(), ("Enabled", "false")), 60))),
    "is given a longer interval": (
        "J02.R011",
        lambda s: late(asks(
            every_minute(s.opened()), "SetVariables", {"setVariableResult": []}, setVariableData=[]
        )),
    ),
    "discharges at an interval of its own": (
        "J02.R011",
        lambda s: late(late(every_minute(s.opened()).sends("TransactionEvent", {
            "eventType": "Updated", "timestamp": stamp(s.now), "triggerReason": "OperationModeChanged", "seqNo": 1,
            "transactionInfo": {"transactionId": "T1", "operationMode": "CentralSetpoint"},
        }), 60)),
    ),
    "leaves out fractions of a watt-hour": ("J02.R016", registers(1000.9, 1000.0, 1001.0)),
    "reads the register a while after the begin": ("J02.R017", lambda s: begin_again(s, 150, 30)),
    "measures the frequency in millihertz": ("J02.R021", registers(50_010, what="Frequency", unit="mHz")),
    "shows the noise of a meter at rest": ("J02.R021", registers(0, -30, what="Power.Active.Import", unit="W")),
    "was given a setpoint to discharge": ("J02.R021", registers(-9000, what="Power.Active.Setpoint", unit="W")),
    "gave more than it took": ("J02.R021", registers(-9000, what="Energy.Active.Net")),
    "counts reactive power to both sides": ("J02.R021", registers(-1, what="Power.Factor", unit="")),
    "tells of a car that is full by a rounding": ("J02.R021", registers(100.4, what="SoC", unit="Percent")),
    "tells what a fraction is full": ("J02.R021", registers(1200, what="SoC", unit="PerMille")),
    "counts each transaction from zero": ("J02.R022", lambda s: beside(s, 0, 0)),
    "counts transactions from zero, and its meter goes on": (
        "J02.R022",
        lambda s: beside(s, 0, 40).event("Updated", 1, **meter(s.now, sample(60))).after(9)
        .sends("MeterValues", {"evseId": 1, **meter(s.now, sample(50))}),
    ),
    "tells a value that it took before the event": (
        "J02.R022",
        lambda s: beside(s, 5000, 4990, **meter(s.now - 5, sample(4990))),
    ),
    "tells of another EVSE": ("J02.R022", lambda s: beside(s, 5000, 10, evseId=2)),
    "tells of the whole site": ("J02.R022", lambda s: beside(s, 5000, 10, evseId=0)),
    "has another meter for its next transaction": (
        "J02.R022",
        lambda s: beside(
            s.event("Started", 0, tx="T0", **ON_ONE, **meter(0, sample(9000))).event("Ended", 1, tx="T0"), 5, 9
        ),
    ),
    "has no limit for the first minutes": ("K08.R003", lambda s: schedule(s, 10, 20)),
    "cuts a limit to one digit": ("K09.R004", lambda s: set_and_reports(s, 9.57, 9.5)),
    "was given another profile with the start": (
        "K09.R004",
        lambda s: asks(
            limits(s, "Accepted", limit=10), "RequestStartTransaction", OK, remoteStartId=1, chargingProfile=profile(16)
        ).sends("ReportChargingProfiles", {"requestId": 1, "chargingProfile": [profile(16)]}),
    ),
    "is given another update at once": (
        "L01.R001",
        lambda s: late(asks(updates(s), "UpdateFirmware", {"status": "AcceptedCanceled"}, requestId=8, firmware={})),
    ),
    "lost the line while it downloaded": ("L01.R003", lambda s: updates(s, "SignatureVerified", lost=True)),
    "tells of an update from before the log": (
        "L01.R010",
        lambda s: s.opened().boots().sends("FirmwareStatusNotification", {"status": "DownloadFailed", "requestId": 3}),
    ),
    "told of the wrong signature some minutes before": (
        "L01.R004",
        lambda s: late(
            security(s.opened().boots(), "InvalidFirmwareSignature").after(300)
            .sends("FirmwareStatusNotification", {"status": "InvalidSignature", "requestId": 7})
        ),
    ),
    "told of the new firmware some minutes before": (
        "L01.R031",
        lambda s: late(
            security(s.opened().boots(), "FirmwareUpdated").after(300)
            .sends("FirmwareStatusNotification", {"status": "Installed", "requestId": 7})
        ),
    ),
    "cancels an upload for another one": (
        "N01.R007",
        lambda s: asks(
            uploads(s.opened(), 1, "Uploading"), "GetLog", {"status": "AcceptedCanceled"}, requestId=2, log={}
        ).sends("LogStatusNotification", {"status": "Uploading", "requestId": 2}),
    ),
    "uploads what was asked for before the log": (
        "N01.R007",
        lambda s: s.opened().boots().sends("LogStatusNotification", {"status": "Uploaded", "requestId": 9}),
    ),
    "gathers a log for some minutes": (
        "N01.R008",
        lambda s: uploads(s.opened(), 1)
        .after(500).sends("LogStatusNotification", {"status": "Uploading", "requestId": 1}),
    ),
    "lost the line while it uploaded": (
        "N01.R009",
        lambda s: late(uploads(s.opened(), 1, "Uploading").closed().after(9).opened().state("Available"), 9999),
    ),
    "notices something else amid a long notice": (
        "N07.R007",
        lambda s: notices(s.opened().boots(), (0, True), (0, False), (1, False)),
    ),
    "signs its messages": ("P4.R002", lambda s: s.sends("Heartbeat-Signed", {})),
    "marks offline what it sends again": (
        "P4.R004",
        lambda s: event_again(s.opened().boots(), {}).closed().after(9).opened() and event_again(s, {"offline": True}),
    ),
    "answers twice what was asked twice": (
        "P4.R005",
        lambda s: asked_twice(s.opened().boots()),
    ),
    "takes an id for one that is in use": (
        "P4.R008",
        lambda s: [s.raw(json.dumps([2, "b", "Reset", RESET]), CSMS) for _ in range(2)]
        and s.raw('[4,"b","RpcFrameworkError","",{}]'),
    ),
    "gives back a time as it was set": (
        "P4.R012",
        lambda s: gets(s, told("2026-11-01T10:00:00.123456Z")),
    ),
    "has data of its maker": (
        "P4.R013",
        lambda s: s.sends("Heartbeat", {"customData": {"vendorId": "x", "made": "2026-11-01T10:00:00"}}),
    ),
}  # fmt: skip


def event_again(s: Stream, flag: dict[str, bool]) -> Stream:
    """An event under one message id."""
    info = {"transactionId": "T1"}
    told = {"eventType": "Started", "timestamp": stamp(0), "triggerReason": "CablePluggedIn", "seqNo": 0}
    return s.sends("TransactionEvent", told | {"transactionInfo": info} | flag, id="t0", open=True)


def asked_twice(s: Stream) -> Stream:
    """A call that the backend made again under its id, and both were answered."""
    for _ in range(2):
        s.raw(json.dumps([2, "b1", "Reset", RESET]), CSMS)
    return s.raw('[3,"b1",{"status":"Rejected"}]').raw('[3,"b1",{"status":"Rejected"}]')


@pytest.mark.parametrize("name", sorted(CORRECT))
def test_a_correct_station_is_not_accused(name: str) -> None:
    """What was lost, cancelled, rounded, changed since, or is another's."""
    not_accused(*CORRECT[name])


WRONG: dict[str, tuple[str, Steps]] = {
    "answers twice what was asked once": (
        "P4.R005",
        lambda s: asks(s.opened().boots(), "Reset", **RESET).raw('[3,"b3",{"status":"Accepted"}]'),
    ),
    "tells values at no interval": ("J02.R011", lambda s: late(late(every_minute(s.opened()), 60))),
    "installs at once what it was to download": ("L01.R003", lambda s: updates(s, "Installing")),
    "reports half the limit": ("K09.R004", lambda s: set_and_reports(s, 16, 8)),
    "reads a value after its event": ("J02.R010", lambda s: s.event("Updated", 1, **two_moments(s.now, s.now + 6))),
    "gives power, and calls it import": ("J02.R021", registers(9000, -9000, what="Power.Active.Import", unit="W")),
    "gives current, and calls it import": ("J02.R021", registers(9, -9, what="Current.Import", unit="A")),
    "falls beside its events": ("J02.R022", lambda s: beside(s, 5000, 4990)),
    "falls by more than a rounding": ("J02.R016", registers(1000.0, 990.0)),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_what_is_wrong_is_still_noticed(name: str) -> None:
    """The exceptions above are no wider than they must be."""
    noticed(*WRONG[name])
