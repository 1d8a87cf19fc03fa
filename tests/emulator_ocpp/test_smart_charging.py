"""Smart charging on the wire: profiles in, limits at the plant, schedules and reports out."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from harness.emulator.ocpp._times import text_of
from tests.emulator_ocpp._backend import Backend, station

Json = dict[str, Any]
TOKEN = {"idToken": "DRIVER1", "type": "Central"}


def tx_default(number: int, limit: float, *, unit: str = "A", stack: int = 0, **more: Any) -> Json:
    """A TxDefaultProfile that began an hour ago."""
    schedule = {
        "id": 1,
        "chargingRateUnit": unit,
        "startSchedule": text_of(time.time() - 3600),
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
    }
    base = {"id": number, "stackLevel": stack, "chargingProfileKind": "Absolute", "chargingSchedule": [schedule]}
    return {**base, "chargingProfilePurpose": "TxDefaultProfile", **more}


async def charging(backend: Backend, client: Any, plant: Any) -> str:
    """Bring a car to charge; returns the transaction id."""
    plant.plug()
    plant.demand()
    await backend.ask("RequestStartTransaction", {"idToken": TOKEN, "remoteStartId": 1})
    await backend.expect("TransactionEvent", lambda p: p["triggerReason"] == "RemoteStart")
    return str(client.transaction_id)


@pytest.mark.parametrize("version", ["ocpp2.0.1", "ocpp2.1"])
def test_a_limit_reaches_the_plant_at_once(tmp_path: Path, version: str) -> None:
    """Accepted means applied: the plant has the limit when the answer arrives, in A and in W; cleared is free again."""

    async def run() -> None:
        backend = Backend(version)
        async with backend.listening(), station(backend, tmp_path) as (client, plant):
            answer = await backend.ask("SetChargingProfile", {"evseId": 1, "chargingProfile": tx_default(1, 10)})
            assert answer == {"status": "Accepted"} and plant.limits.per_phase_a == 10
            await charging(backend, client, plant)
            assert plant.p_w == 6900
            watts = {"evseId": 1, "chargingProfile": tx_default(1, 4600, unit="W")}
            assert (await backend.ask("SetChargingProfile", watts))["status"] == "Accepted"
            assert plant.limits.charge_w == 4600
            await backend.expect("TransactionEvent", lambda p: p["triggerReason"] == "ChargingRateChanged")
            assert (await backend.ask("ClearChargingProfile", {"chargingProfileId": 9}))["status"] == "Unknown"
            assert (await backend.ask("ClearChargingProfile", {"chargingProfileId": 1}))["status"] == "Accepted"
            assert plant.limits.per_phase_a == 32
        assert backend.faults == []

    asyncio.run(run())


def test_borders_of_a_schedule_are_kept_in_time(tmp_path: Path) -> None:
    """The next period binds when it begins, not when somebody asks."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (_client, plant):
            profile = tx_default(1, 16)
            profile["chargingSchedule"][0]["startSchedule"] = text_of(time.time() - 9.5)
            profile["chargingSchedule"][0]["chargingSchedulePeriod"].append({"startPeriod": 10, "limit": 6})
            await backend.ask("SetChargingProfile", {"evseId": 1, "chargingProfile": profile})
            assert plant.limits.per_phase_a == 16
            await asyncio.sleep(0.65)
            assert plant.limits.per_phase_a == 6

    asyncio.run(run())


def test_start_request_brings_its_own_profile(tmp_path: Path) -> None:
    """The TxProfile of a start request binds its transaction only and is gone afterwards (F01.FR.10)."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, plant):
            plant.plug()
            plant.demand()
            schedule = {"id": 1, "chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 7}]}
            profile = {"id": 5, "stackLevel": 0, "chargingProfilePurpose": "TxProfile", "chargingSchedule": [schedule]}
            request = {
                "idToken": TOKEN,
                "remoteStartId": 1,
                "chargingProfile": {**profile, "chargingProfileKind": "Relative"},
            }
            assert (await backend.ask("RequestStartTransaction", request))["status"] == "Accepted"
            await backend.expect("TransactionEvent", lambda p: p["triggerReason"] == "RemoteStart")
            assert plant.limits.per_phase_a == 7
            wanted = {"requestId": 3, "chargingProfile": {"chargingProfilePurpose": "TxProfile"}}
            assert (await backend.ask("GetChargingProfiles", wanted))["status"] == "Accepted"
            told = await backend.expect("ReportChargingProfiles")
            assert told["chargingProfile"][0]["transactionId"] == client.transaction_id
            assert (told["chargingLimitSource"], told["evseId"], told["tbc"]) == ("CSO", 1, False)
            await backend.ask("RequestStopTransaction", {"transactionId": client.transaction_id})
            assert (await backend.ask("GetChargingProfiles", wanted))["status"] == "NoProfiles"
            assert plant.limits.per_phase_a == 32
        assert backend.faults == []

    asyncio.run(run())


def test_composite_schedule_is_told_in_the_unit_asked_for(tmp_path: Path) -> None:
    """GetCompositeSchedule converts, rejects an unknown EVSE, and starts within the second."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path):
            await backend.ask("SetChargingProfile", {"evseId": 0, "chargingProfile": tx_default(1, 10)})
            request = {"evseId": 1, "duration": 600}
            schedule = (await backend.ask("GetCompositeSchedule", request))["schedule"]
            assert schedule["chargingRateUnit"] == "A" and schedule["duration"] == 600
            assert schedule["chargingSchedulePeriod"] == [{"startPeriod": 0, "limit": 10.0, "numberPhases": 3}]
            in_watts = (await backend.ask("GetCompositeSchedule", {**request, "chargingRateUnit": "W"}))["schedule"]
            assert in_watts["chargingSchedulePeriod"][0]["limit"] == 6900
            assert (await backend.ask("GetCompositeSchedule", {"evseId": 5, "duration": 1}))["status"] == "Rejected"
        assert backend.faults == []

    asyncio.run(run())


def test_external_limit_is_the_lowest_and_told(tmp_path: Path) -> None:
    """The energy manager's limit binds, is notified, reported, not clearable from outside, and its end is told."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, plant):
            await charging(backend, client, plant)
            client.set_external_limit(5000.0)
            assert plant.limits.charge_w == 5000
            told = await backend.expect("NotifyChargingLimit")
            assert told["chargingLimit"]["chargingLimitSource"] == "EMS"
            assert told["chargingSchedule"][0]["chargingSchedulePeriod"][0]["limit"] == 5000
            await backend.expect("TransactionEvent", lambda p: p["triggerReason"] == "ChargingRateChanged")
            purpose = {"chargingProfilePurpose": "ChargingStationExternalConstraints"}
            await backend.ask("GetChargingProfiles", {"requestId": 1, "chargingProfile": purpose})
            report = await backend.expect("ReportChargingProfiles")
            assert report["chargingProfile"][0]["id"] < 0 and report["chargingLimitSource"] == "EMS"
            answer = await backend.ask("ClearChargingProfile", {"chargingProfileCriteria": purpose})
            assert answer["status"] == "Unknown" and plant.limits.charge_w == 5000
            client.set_external_limit(None)
            assert plant.limits.charge_w == 22080
            assert (await backend.expect("ClearedChargingLimit"))["chargingLimitSource"] == "EMS"
        assert backend.faults == []

    asyncio.run(run())


def test_default_profiles_survive_a_reboot_and_tx_profiles_do_not(tmp_path: Path) -> None:
    """K01.FR.27."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, plant):
            tx = await charging(backend, client, plant)
            profile = tx_default(2, 6, chargingProfilePurpose="TxProfile", transactionId=tx)
            for each in (tx_default(1, 12), profile):
                assert (await backend.ask("SetChargingProfile", {"evseId": 1, "chargingProfile": each}))[
                    "status"
                ] == "Accepted"
            await backend.ask("Reset", {"type": "Immediate"})
            await backend.expect("BootNotification", lambda p: p["reason"] == "RemoteReset")
            await asyncio.sleep(0.1)
            assert [p.id for p in client.smart_charging.profiles] == [1] and plant.limits.per_phase_a == 12

    asyncio.run(run())


def test_dynamic_setpoint_discharges_and_follows_updates(tmp_path: Path) -> None:
    """OCPP 2.1 CentralSetpoint: mode change told, each update applied at once, setpoint sampled, bad update refused."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, plant):
            tx = await charging(backend, client, plant)
            period = {"startPeriod": 0, "operationMode": "CentralSetpoint", "setpoint": -4000, "dischargeLimit": -6000}
            schedule = {"id": 1, "chargingRateUnit": "W", "chargingSchedulePeriod": [period]}
            raw = {"id": 3, "stackLevel": 0, "chargingProfilePurpose": "TxProfile", "transactionId": tx}
            profile = {**raw, "chargingProfileKind": "Dynamic", "chargingSchedule": [schedule]}
            answer = await backend.ask("SetChargingProfile", {"evseId": 1, "chargingProfile": profile})
            assert answer["status"] == "Accepted"
            assert (plant.limits.setpoint_w, plant.limits.discharge_w, plant.p_w) == (-4000, 6000, -4000)
            told = await backend.expect("TransactionEvent", lambda p: p["triggerReason"] == "OperationModeChanged")
            assert told["transactionInfo"]["operationMode"] == "CentralSetpoint"
            update = {"chargingProfileId": 3, "scheduleUpdate": {"setpoint": 2000}}
            assert (await backend.ask("UpdateDynamicSchedule", update))["status"] == "Accepted"
            assert plant.limits.setpoint_w == 2000
            update["scheduleUpdate"] = {"setpoint": -7000}
            assert (await backend.ask("UpdateDynamicSchedule", update))["status"] == "Rejected"
            unknown = await backend.ask("UpdateDynamicSchedule", {**update, "chargingProfileId": 8})
            assert unknown["statusInfo"]["reasonCode"] == "InvalidProfile"
            await backend.ask("TriggerMessage", {"requestedMessage": "TransactionEvent"})
            sample = await backend.expect("TransactionEvent", lambda p: p["triggerReason"] == "Trigger")
            values = {s["measurand"]: s["value"] for s in sample["meterValue"][0]["sampledValue"]}
            assert values["Power.Active.Setpoint"] == 2000
            composite = await backend.ask("GetCompositeSchedule", {"evseId": 1, "duration": 60})
            assert composite["schedule"]["chargingSchedulePeriod"][0]["setpoint"] == 2000
        assert backend.faults == []

    asyncio.run(run())


def test_priority_charging(tmp_path: Path) -> None:
    """UsePriorityCharging lifts the transaction's limit while active; without a profile it answers NoProfile (K21)."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, plant):
            tx = await charging(backend, client, plant)
            await backend.ask("SetChargingProfile", {"evseId": 1, "chargingProfile": tx_default(1, 6)})
            on = {"transactionId": tx, "activate": True}
            assert (await backend.ask("UsePriorityCharging", on))["status"] == "NoProfile"
            priority = tx_default(2, 30, chargingProfilePurpose="PriorityCharging")
            await backend.ask("SetChargingProfile", {"evseId": 1, "chargingProfile": priority})
            assert plant.limits.per_phase_a == 6
            assert (await backend.ask("UsePriorityCharging", on))[
                "status"
            ] == "Accepted" and plant.limits.per_phase_a == 30
            await backend.ask("UsePriorityCharging", {**on, "activate": False})
            assert plant.limits.per_phase_a == 6
        assert backend.faults == []

    asyncio.run(run())


def test_one_method_can_be_replaced_to_make_a_defect(tmp_path: Path) -> None:
    """A replaced method of a block counts at once and still after a reboot; handlers are looked up at each call."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, plant):
            free = client.smart_charging.limits_now()
            client.smart_charging.limits_now = lambda: free
            client.schedule_reports.get_composite_schedule = lambda request: {"status": "Rejected"}
            await backend.ask("SetChargingProfile", {"evseId": 1, "chargingProfile": tx_default(1, 10)})
            assert plant.limits.per_phase_a == 32
            await backend.ask("Reset", {"type": "Immediate"})
            await backend.expect("BootNotification", lambda p: p["reason"] == "RemoteReset")
            assert plant.limits.per_phase_a == 32
            assert (await backend.ask("GetCompositeSchedule", {"evseId": 1, "duration": 1}))["status"] == "Rejected"

    asyncio.run(run())
