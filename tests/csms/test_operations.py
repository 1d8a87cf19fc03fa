"""Every operation, in both versions, leaves as a CALL that its schema accepts; contradictions are refused before."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from harness.csms import V21, V201, ProfileWish, Station, book_for, quantity
from harness.csms.station._answers import DEFAULT_ANSWERS
from tests.csms.rig import RawStation, backend, frames, station, timed

Operation = Callable[[Station], Awaitable[Any]]
HASH = {"hashAlgorithm": "SHA256", "issuerNameHash": "a", "issuerKeyHash": "b", "serialNumber": "1"}

BOTH: dict[str, Operation] = {
    "current": lambda s: s.set_charging_profile(current="10 A"),
    "default": lambda s: s.set_charging_profile(),
    "power": lambda s: s.set_charging_profile(power="5.5 kW", duration_s=600),
    "phases": lambda s: s.set_charging_profile(current="6 A", number_phases=1, phase_to_use=2),
    "periods": lambda s: s.set_charging_profile(periods=[(0, "16 A"), (60, "8 A")], evse_id=0),
    "bare periods": lambda s: s.set_charging_profile(periods=[(0, 3000), (60, 0)], unit="W"),
    "raw periods": lambda s: s.set_charging_profile(periods=[{"startPeriod": 0, "limit": 3.5}], unit="A"),
    "tx": lambda s: s.set_charging_profile(purpose="TxProfile", transaction_id="T1", kind="Relative"),
    "station": lambda s: s.set_charging_profile(current="32 A", purpose="ChargingStationMaxProfile"),
    "recurring": lambda s: s.set_charging_profile(
        kind="Recurring", recurrency="Weekly", valid_to="2027-01-01T00:00:00Z"
    ),
    "clear id": lambda s: s.clear_charging_profile(7),
    "clear criteria": lambda s: s.clear_charging_profile(purpose="TxDefaultProfile", evse_id=1, stack_level=0),
    "composite": lambda s: s.get_composite_schedule(300, 1, "W"),
    "profiles": lambda s: s.get_charging_profiles(purpose="TxDefaultProfile", evse_id=1, within_s=0.2),
    "profiles of a source": lambda s: s.get_charging_profiles(limit_source=["EMS"], profile_ids=[1], within_s=0.2),
    "start": lambda s: s.request_start_transaction("TOKEN", 1),
    "start with profile": lambda s: s.request_start_transaction(
        charging_profile=s.charging_profile(ProfileWish(current="8 A", purpose="TxProfile"), 3)
    ),
    "stop": lambda s: s.request_stop_transaction("T1"),
    "get variables": lambda s: s.get_variables(
        [("OCPPCommCtrlr", "HeartbeatInterval"), ("EVSE", "Power", "MaxSet", 1), ("TxCtrlr[x]", "TxStartPoint[y]")]
    ),
    "set variables": lambda s: s.set_variables([(("OCPPCommCtrlr", "HeartbeatInterval"), "30")]),
    "base report": lambda s: s.get_base_report("SummaryInventory", within_s=0.2),
    "report": lambda s: s.get_report([("EVSE",), ("SmartChargingCtrlr", "Enabled")], ["Active"], within_s=0.2),
    "trigger": lambda s: s.trigger_message("StatusNotification", 1, 1),
    "reset": lambda s: s.reset("Immediate", 1),
    "availability": lambda s: s.change_availability("Inoperative", 1, 1),
    "firmware": lambda s: s.update_firmware(
        "http://127.0.0.1/fw", signing_certificate="PEM", signature="MEU=", retries=1, retry_interval_s=1
    ),
    "log": lambda s: s.get_log("http://127.0.0.1/log", "SecurityLog", oldest="2026-01-01T00:00:00Z"),
    "install": lambda s: s.install_certificate("PEM", "ManufacturerRootCertificate"),
    "delete": lambda s: s.delete_certificate(HASH),
    "installed": lambda s: s.get_installed_certificate_ids("CSMSRootCertificate"),
    "all installed": lambda s: s.get_installed_certificate_ids(),
    "signed": lambda s: s.certificate_signed("PEM"),
}
ONLY_21: dict[str, Operation] = {
    "setpoint": lambda s: s.set_charging_profile(setpoint="-5 kW"),
    "dynamic": lambda s: s.set_charging_profile(setpoint="-5 kW", kind="Dynamic", dyn_update_interval_s=5),
    "discharge limit": lambda s: s.set_charging_profile(
        power="5 kW", discharge_limit="-4 kW", operation_mode="ExternalLimits"
    ),
    "phase L2": lambda s: s.set_charging_profile(setpoint="-5 kW", more_period={"setpoint_L2": -1000}),
    "update": lambda s: s.update_dynamic_schedule(5, setpoint="-3 kW", discharge_limit=-4000),
    "priority": lambda s: s.use_priority_charging(True, "T1"),
    "set DER": lambda s: s.set_der_control("FixedPFInject", {"priority": 1, "displacement": 0.95, "excitation": True}),
    "set curve": lambda s: s.set_der_control(
        "VoltVar",
        {"priority": 1, "yUnit": "PctMaxVar", "curveData": [{"x": 90, "y": 44}, {"x": 110, "y": -44}]},
        is_default=False,
    ),
    "get DER": lambda s: s.get_der_control("FixedPFInject", is_default=True, within_s=0.2),
    "clear DER": lambda s: s.clear_der_control("FixedPFInject"),
    "clear DER id": lambda s: s.clear_der_control(control_id="C1", is_default=False),
    "transfer": lambda s: s.notify_allowed_energy_transfer(["DC_BPT", "AC_BPT"], "T1"),
    "custom trigger": lambda s: s.trigger_message("CustomTrigger", custom="SelfTest"),
    "reset and resume": lambda s: s.reset("ImmediateAndResume"),
    "signed with id": lambda s: s.certificate_signed("PEM", request_id=3),
}
CASES = [(v, n, o) for v in (V201, V21) for n, o in BOTH.items()] + [(V21, n, o) for n, o in ONLY_21.items()]


async def _yes(raw: RawStation) -> None:
    """Answer every CALL with {"status": "Accepted"}."""
    while True:
        frame = await raw.hear()
        if frame[0] == 2:
            await raw.say(3, frame[1], {"status": "Accepted"})


@pytest.mark.parametrize("version", [V201, V21])
@timed
async def test_every_operation_sends_what_its_schema_accepts(tmp_path: Path, version: str) -> None:
    """All operations of a version, one after the other: one CALL each, none with a fault of ours in it."""
    async with backend(tmp_path, boot_grace_s=0.01) as csms, station(csms, versions=(version,)) as raw:
        handle = await csms.station(within_s=2)
        answering = asyncio.create_task(_yes(raw))
        for of, name, operation in CASES:
            if of != version:
                continue
            after = len(frames(csms, "out"))
            await operation(handle)
            # in 2.1 an answer that breaks its schema is followed by our CALLRESULTERROR, which is not what is looked at
            sent = [event for event in frames(csms, "out")[after:] if event.data["type"] == 2]
            assert len(sent) == 1, f"{name}: {len(sent)} frames"
            assert sent[0].data["errors"] == [], f"{name}: {sent[0].data['errors']}\n{sent[0].data['raw']}"
        answering.cancel()


@timed
async def test_a_second_profile_replaces_the_first(tmp_path: Path) -> None:
    """Same purpose, level, EVSE and transaction: same id (K01.FR.05, .06); another level: another id."""
    async with backend(tmp_path, boot_grace_s=0.01) as csms, station(csms) as raw:
        handle = await csms.station(within_s=2)
        answering = asyncio.create_task(_yes(raw))
        ids = []
        for settings in ({"current": "16 A"}, {"current": "10 A"}, {"current": "8 A", "stack_level": 1}):
            answer = await handle.set_charging_profile(**settings)  # type: ignore[arg-type]
            ids.append(answer.sent["chargingProfile"]["id"])
        answering.cancel()
    assert ids[0] == ids[1] != ids[2]


@timed
async def test_a_limit_goes_to_the_evse_under_test_in_the_unit_it_is_written_in(tmp_path: Path) -> None:
    """With the car at EVSE 2 a limit for EVSE 1 limits nobody; a station-wide one stays with EVSE 0."""
    async with backend(tmp_path, boot_grace_s=0.01, evse_id=2) as csms, station(csms) as raw:
        handle = await csms.station(within_s=2)
        answering = asyncio.create_task(_yes(raw))
        watts = await handle.set_charging_profile(limit="6900 W")
        amps = await handle.set_charging_profile(limit="10 A", purpose="ChargingStationMaxProfile")
        answering.cancel()
    assert [each.sent["evseId"] for each in (watts, amps)] == [2, 0]
    units = [each.sent["chargingProfile"]["chargingSchedule"][0]["chargingRateUnit"] for each in (watts, amps)]
    assert units == ["W", "A"]


@timed
async def test_a_dynamic_profile_is_pulled_as_it_was_last_set(tmp_path: Path) -> None:
    """PullDynamicScheduleUpdate gets the last values (K28.FR.07); an unknown profile gets Rejected (K28.FR.12)."""
    async with backend(tmp_path, boot_grace_s=0.01) as csms, station(csms, versions=(V21,)) as raw:
        handle = await csms.station(within_s=2)
        asking = asyncio.create_task(handle.set_charging_profile(setpoint="-5 kW", kind="Dynamic", profile_id=9))
        _, identifier, _, _ = await raw.hear()
        await raw.say(3, identifier, {"status": "Accepted"})
        await asking
        answer = await raw.call("PullDynamicScheduleUpdate", {"chargingProfileId": 9})
        assert answer[2] == {"status": "Accepted", "scheduleUpdate": {"setpoint": -5000}}
        assert (await raw.call("PullDynamicScheduleUpdate", {"chargingProfileId": 8}))[2] == {"status": "Rejected"}


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"current": "10 A", "power": "5 kW"}, "exactly one"),
        ({"current": "5 kW"}, "does not fit"),
        ({"power": "10 A"}, "does not fit"),
        ({"current": "ten"}, "is no limit"),
        ({"setpoint": "-5 kW"}, r"need ocpp2\.1"),
        ({"kind": "Dynamic"}, r"need ocpp2\.1"),
        ({"periods": [(0, "16 A"), (60, "5 kW")]}, "one unit"),
        ({"periods": [{"startPeriod": 0, "limit": 1}]}, "one unit"),
    ],
)
@timed
async def test_a_contradictory_profile_is_refused_before_it_is_sent(
    tmp_path: Path, settings: dict[str, Any], fault: str
) -> None:
    """A case's mistake is a ValueError in words, and nothing goes out."""
    async with backend(tmp_path, boot_grace_s=0.01) as csms, station(csms):
        handle = await csms.station(within_s=2)
        with pytest.raises(ValueError, match=fault):
            await handle.set_charging_profile(**settings)
        assert frames(csms, "out") == []


@pytest.mark.parametrize(
    ("text", "value", "unit"), [("10 A", 10.0, "A"), ("-5 kW", -5000.0, "W"), ("0A", 0.0, "A"), ("7400 W", 7400.0, "W")]
)
def test_quantities_are_read_as_people_write_them(text: str, value: float, unit: str) -> None:
    """Numbers with A, W or kW, signed."""
    assert quantity(text) == (value, unit)


def test_default_answers_satisfy_their_schemas() -> None:
    """Whatever a station may ask in either version has a default answer that its schema accepts."""

    class Anybody:
        """As much of a station as the default answers look at."""

        version = V21
        dynamic_schedules: dict[int, Any] = {}  # noqa: RUF012

        class csms:
            allowed_energy_transfer = ("DC_BPT",)

            class config:
                tokens = None
                heartbeat_interval_s = 60

            @staticmethod
            def now() -> str:
                return "2026-01-01T00:00:00.000Z"

            @staticmethod
            def sign_later(*_: Any) -> None:
                return None

    asked = {
        "vatNumber": "X",
        "certificateStatusRequests": [{"certificateHashData": HASH, "source": "OCSP", "urls": ["http://x"]}],
    }
    checked = 0
    for version in (V201, V21):
        book = book_for(version)
        Anybody.version = version
        for action in DEFAULT_ANSWERS.keys() & book.actions:
            reply: Any = DEFAULT_ANSWERS[action](asked, Anybody())  # type: ignore[arg-type]
            assert book.response(action, reply) == [], (version, action)
            checked += 1
    assert checked > 50
