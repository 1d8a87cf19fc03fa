"""Which charging profiles the station refuses, and why."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from harness.emulator._ports import Ratings
from harness.emulator.ocpp import StationConfig
from harness.emulator.ocpp.provisioning._hardware import hardware
from harness.emulator.ocpp.provisioning._model import DeviceModel
from harness.emulator.ocpp.provisioning._variables import controllers
from harness.emulator.ocpp.smart_charging._profile_checks import Context, fault
from harness.emulator.ocpp.smart_charging._profiles import parse

Json = dict[str, Any]
PERIOD: Json = {"startPeriod": 0, "limit": 10}
GOOD: Json = {
    "id": 1,
    "stackLevel": 0,
    "chargingProfilePurpose": "TxProfile",
    "chargingProfileKind": "Absolute",
    "transactionId": "tx",
    "chargingSchedule": [
        {
            "id": 1,
            "chargingRateUnit": "A",
            "startSchedule": "2027-01-01T00:00:00Z",
            "chargingSchedulePeriod": [PERIOD],
        }
    ],
}


def model() -> DeviceModel:
    """The station's own device model."""
    config = StationConfig(url="ws://127.0.0.1:1", basic_auth_password="x" * 16)
    out = DeviceModel()
    out.add([*controllers(config), *hardware(Ratings(), config)])
    return out


CONTEXT = Context(model(), (), "tx")


def made(*, period: Json | None = None, schedule: Json | None = None, **changes: Any) -> Json:
    """The good profile with something changed; None removes a field."""
    raw = copy.deepcopy(GOOD)
    for target, new in (
        (raw, changes),
        (raw["chargingSchedule"][0], schedule or {}),
        (raw["chargingSchedule"][0]["chargingSchedulePeriod"][0], period or {}),
    ):
        for key, value in new.items():
            if value is None:
                target.pop(key, None)
            else:
                target[key] = value
    return raw


def test_accepts_a_good_one() -> None:
    """The profile that the refusals below are variations of is fine."""
    assert fault(GOOD, 1, CONTEXT) is None


DEFAULT = {"chargingProfilePurpose": "TxDefaultProfile", "transactionId": None}
SETPOINT = {"operationMode": "CentralSetpoint", "limit": None}
CURVE = [{"frequency": 49.0, "power": -1}, {"frequency": 51.0, "power": 1}]


@pytest.mark.parametrize(
    ("evse", "raw", "reason"),
    [
        (7, made(), "UnknownEvse"),
        (0, made(), "InvalidProfile"),
        (1, made(stackLevel=11), "InvalidStackLevel"),
        (1, made(transactionId="other"), "TxNotFound"),
        (1, made(transactionId=None), "MissingParam"),
        (0, made(chargingProfilePurpose="ChargingStationExternalConstraints"), "InvalidProfile"),
        (1, made(chargingProfilePurpose="ChargingStationMaxProfile"), "InvalidProfile"),
        (1, made(chargingProfileKind="Recurring"), "InvalidProfile"),
        (1, made(chargingProfileKind="Relative"), "InvalidSchedule"),
        (1, made(schedule={"startSchedule": None}), "InvalidSchedule"),
        (1, made(period={"startPeriod": 5}), "InvalidSchedule"),
        (1, made(schedule={"chargingSchedulePeriod": [PERIOD, PERIOD]}), "InvalidSchedule"),
        (
            1,
            made(schedule={"chargingSchedulePeriod": [dict(PERIOD, startPeriod=n) for n in range(101)]}),
            "TooManyElements",
        ),
        (1, made(schedule={"useLocalTime": True}), "InvalidSchedule"),
        (1, made(schedule={"randomizedDelay": 10}), "InvalidSchedule"),
        (1, made(schedule={"duration": 0}), "InvalidSchedule"),
        (1, made(period={"limit": -5}), "InvalidSchedule"),
        (1, made(period={"limit": None}), "InvalidSchedule"),
        (1, made(period={"setpoint": 5}), "InvalidSchedule"),
        (1, made(period={"numberPhases": 2}), "InvalidSchedule"),
        (1, made(period={"numberPhases": 3, "phaseToUse": 1}), "InvalidSchedule"),
        (1, made(period={"numberPhases": 1, "phaseToUse": 2}), "InvalidSchedule"),
        (1, made(period={"limit_L2": 6}), "PhaseConflict"),
        (1, made(period={"evseSleep": True}), "InvalidSchedule"),
        (1, made(validFrom="2027-01-02T00:00:00Z", validTo="2027-01-01T00:00:00Z"), "InvalidProfile"),
        (1, made(dynUpdateInterval=5), "InvalidProfile"),
        (
            1,
            made(
                chargingProfileKind="Dynamic",
                schedule={"chargingSchedulePeriod": [PERIOD, {**PERIOD, "startPeriod": 9}]},
            ),
            "InvalidSchedule",
        ),
        (1, made(period={"operationMode": "LocalLoadBalancing", "limit": None}), "InvalidOperationMode"),
        (1, made(period=SETPOINT), "InvalidSchedule"),
        (1, made(period={**SETPOINT, "setpoint": -750, "limit": 1000, "dischargeLimit": -500}), "InvalidSchedule"),
        (1, made(period={"operationMode": "Idle"}), "InvalidSchedule"),
        (
            1,
            made(period={"operationMode": "LocalFrequency", "limit": None}, schedule={"chargingRateUnit": "W"}),
            "NoFreqWattCurve",
        ),
        (
            1,
            made(
                period={"operationMode": "LocalFrequency", "v2xBaseline": 0, "v2xFreqWattCurve": CURVE},
                schedule={"chargingRateUnit": "W"},
            ),
            "InvalidSchedule",
        ),
        (1, made(chargingProfilePurpose="PriorityCharging", schedule={"duration": 60}), "InvalidSchedule"),
        (
            0,
            made(chargingProfilePurpose="ChargingStationMaxProfile", period={**SETPOINT, "setpoint": 1}),
            "InvalidOperationMode",
        ),
    ],
)
def test_refuses_with_the_reason_the_specification_names(evse: int, raw: Json, reason: str) -> None:
    """Each rule of K01, K28 and block Q that the station has to enforce."""
    assert fault(raw, evse, CONTEXT) == reason


def test_refuses_phases_on_a_dc_connector() -> None:
    """K01.FR.44."""
    assert fault(made(period={"numberPhases": 3}), 1, replace(CONTEXT, dc=True)) == "NoPhaseForDC"


def test_one_profile_per_stack_level() -> None:
    """Same purpose, stack level and overlapping validity under another id is a duplicate; the same id replaces."""
    installed = parse(made(**DEFAULT, validTo="2027-06-01T00:00:00Z"), 1, now=0)
    context = replace(CONTEXT, installed=(installed,))
    assert fault(made(**DEFAULT, id=2), 1, context) == "DuplicateProfile"
    assert fault(made(**DEFAULT, id=2), 0, context) == "DuplicateProfile"
    assert fault(made(**DEFAULT, id=2, validFrom="2027-06-01T00:00:00Z"), 1, context) is None
    assert fault(made(**DEFAULT, id=2, stackLevel=1), 1, context) is None
    assert fault(made(**DEFAULT), 1, context) is None


def test_two_evses_have_a_default_each() -> None:
    """K01.FR.52, .53: what holds at EVSE 0 clashes with one EVSE's, two EVSEs' do not clash with each other."""
    installed = parse(made(**DEFAULT), 1, now=0)
    context = replace(CONTEXT, installed=(installed,), evses=(1, 2))
    assert fault(made(**DEFAULT, id=2), 2, context) is None
    assert fault(made(**DEFAULT, id=2), 0, context) == "DuplicateProfile"


def test_a_start_profile_is_a_tx_profile_without_a_transaction() -> None:
    """F01.FR.09 and F01.FR.11."""
    idle = replace(CONTEXT, transaction_id=None)
    assert fault(made(transactionId=None), 1, idle, for_start=True) is None
    assert fault(made(), 1, idle, for_start=True) == "InvalidProfile"
    assert fault(made(**DEFAULT), 1, idle, for_start=True) == "InvalidProfile"
    assert fault(made(transactionId=None, stackLevel=99), 1, idle, for_start=True) == "InvalidStackLevel"
