"""DER controls and bidirectional news (OCPP 2.1 blocks R and Q)."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from harness.emulator.ocpp._times import text_of
from tests.emulator_ocpp._backend import Backend, station

Json = dict[str, Any]


def limit(number: str, percent: float, priority: int = 1, *, default: bool = True, **more: Any) -> Json:
    """A LimitMaxDischarge control."""
    body = {"priority": priority, "pctMaxDischargePower": percent, **more}
    return {"isDefault": default, "controlId": number, "controlType": "LimitMaxDischarge", "limitMaxDischarge": body}


def test_set_get_clear(tmp_path: Path) -> None:
    """A default control limits discharge, is reported as set, superseded by priority, and cleared."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, _plant):
            ask = backend.ask
            assert (await ask("GetDERControl", {"requestId": 1}))["status"] == "NotFound"
            assert await ask("SetDERControl", limit("a", 50, priority=5)) == {"status": "Accepted"}
            assert client.der.max_discharge_w() == 5520
            assert await ask("SetDERControl", limit("b", 20, priority=2)) == {
                "status": "Accepted",
                "supersededIds": ["a"],
            }
            assert client.der.max_discharge_w() == 2208
            assert await ask("SetDERControl", limit("c", 90, priority=9)) == {
                "status": "Accepted",
                "supersededIds": ["c"],
            }
            assert client.der.max_discharge_w() == 2208
            assert (await ask("GetDERControl", {"requestId": 2, "controlType": "LimitMaxDischarge"}))[
                "status"
            ] == "Accepted"
            report = await backend.expect("ReportDERControl")
            told = {c["id"]: c["isSuperseded"] for c in report["limitMaxDischarge"]}
            assert told == {"a": True, "b": False, "c": True} and report["requestId"] == 2
            clear = {"isDefault": True, "controlType": "LimitMaxDischarge"}
            assert (await ask("ClearDERControl", clear))["status"] == "Accepted"
            assert (await ask("ClearDERControl", clear))["status"] == "NotFound"
            assert client.der.max_discharge_w() == 11040
        assert backend.faults == []

    asyncio.run(run())


def test_scheduled_control_starts_stops_and_reverts(tmp_path: Path) -> None:
    """A scheduled control starts and stops with notifications, then the default holds again (R04.FR.10-22)."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, _plant):
            await backend.ask("SetDERControl", limit("d", 50))
            soon = limit("s", 10, default=False, startTime=text_of(time.time() + 0.3), duration=0.6)
            assert (await backend.ask("SetDERControl", soon))["status"] == "Accepted"
            assert client.der.max_discharge_w() == 5520
            started = await backend.expect("NotifyDERStartStop", lambda p: p["started"])
            assert started["controlId"] == "s" and client.der.max_discharge_w() == 1104
            await backend.expect("NotifyDERStartStop", lambda p: not p["started"])
            assert client.der.max_discharge_w() == 5520
        assert backend.faults == []

    asyncio.run(run())


def test_refusals(tmp_path: Path) -> None:
    """Unsupported types, defaults with a time, and fields that do not fit the type are refused (R04.FR.01-17)."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path):
            curve = {"curveData": [{"x": 1, "y": 1}], "priority": 1, "yUnit": "PctMaxW"}
            unsupported = {"isDefault": True, "controlId": "x", "controlType": "WattPF", "curve": curve}
            ask = backend.ask
            assert (await ask("SetDERControl", unsupported))["status"] == "NotSupported"
            assert (await ask("SetDERControl", limit("x", 10, duration=5)))["status"] == "Rejected"
            assert (await ask("SetDERControl", {**limit("x", 10), "curve": curve}))["status"] == "Rejected"
            wrong = {
                "isDefault": True,
                "controlId": "x",
                "controlType": "VoltVar",
                "limitMaxDischarge": {"priority": 1},
            }
            assert (await ask("SetDERControl", wrong))["status"] == "Rejected"
            assert (await ask("SetDERControl", limit("x", 150)))["status"] == "Rejected"
            gradient = {"priority": 1, "gradient": 1, "softGradient": 1}
            scheduled = {"isDefault": False, "controlId": "x", "controlType": "Gradients", "gradient": gradient}
            assert (await ask("SetDERControl", scheduled))["status"] == "Rejected"
            assert (await ask("GetDERControl", {"requestId": 1, "controlType": "WattPF"}))["status"] == "NotSupported"
            assert (await ask("ClearDERControl", {"isDefault": True, "controlType": "WattPF"}))[
                "status"
            ] == "NotSupported"
            frame = await backend.call("SetDERControl", {"isDefault": "yes"})
            assert frame[0] == 4

    asyncio.run(run())


def test_all_kinds_are_kept_and_reported_through_a_reboot(tmp_path: Path) -> None:
    """Curves, droops and fixed values are stored persistently and reported in their own fields (R01.FR.03)."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (_client, _):
            fields: dict[str, tuple[str, Json]] = {
                "VoltVar": ("curve", {"curveData": [{"x": 92, "y": 44}], "priority": 1, "yUnit": "PctMaxVar"}),
                "FreqDroop": (
                    "freqDroop",
                    {
                        "priority": 1,
                        "overFreq": 50.2,
                        "underFreq": 49.8,
                        "overDroop": 5,
                        "underDroop": 5,
                        "responseTime": 1,
                    },
                ),
                "FixedPFAbsorb": ("fixedPFAbsorb", {"priority": 1, "displacement": 0.95, "excitation": True}),
                "FixedVar": ("fixedVar", {"priority": 1, "setpoint": 10, "unit": "PctMaxVar"}),
                "EnterService": (
                    "enterService",
                    {"priority": 1, "highVoltage": 253, "lowVoltage": 195, "highFreq": 50.1, "lowFreq": 49.9},
                ),
                "Gradients": ("gradient", {"priority": 1, "gradient": 10, "softGradient": 5}),
            }
            for kind, (field, body) in fields.items():
                request = {"isDefault": True, "controlId": kind, "controlType": kind, field: body}
                assert (await backend.ask("SetDERControl", request))["status"] == "Accepted"
            await backend.ask("Reset", {"type": "Immediate"})
            await backend.expect("BootNotification", lambda p: p["reason"] == "RemoteReset")
            await asyncio.sleep(0.1)
            assert (await backend.ask("GetDERControl", {"requestId": 1}))["status"] == "Accepted"
            report = await backend.expect("ReportDERControl")
            assert {k for k in report if isinstance(report[k], list)} == {field for field, _ in fields.values()}
            assert report["curve"][0]["curveType"] == "VoltVar" and "fixedPF" in report["fixedPFAbsorb"][0]
        assert backend.faults == []

    asyncio.run(run())


def test_der_limit_cuts_a_discharge_setpoint(tmp_path: Path) -> None:
    """LimitMaxDischarge is effective in the limits that the plant gets."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (_client, plant):
            period = {"startPeriod": 0, "operationMode": "CentralSetpoint", "setpoint": -8000}
            schedule = {"id": 1, "chargingRateUnit": "W", "chargingSchedulePeriod": [period]}
            raw = {
                "id": 3,
                "stackLevel": 0,
                "chargingProfilePurpose": "TxDefaultProfile",
                "chargingProfileKind": "Dynamic",
            }
            await backend.ask(
                "SetChargingProfile", {"evseId": 1, "chargingProfile": {**raw, "chargingSchedule": [schedule]}}
            )
            assert plant.limits.setpoint_w == -8000
            await backend.ask("SetDERControl", limit("a", 25))
            await asyncio.sleep(0.05)
            assert (plant.limits.setpoint_w, plant.limits.discharge_w) == (-2760, 2760)

    asyncio.run(run())


def test_the_cars_needs_are_passed_on(tmp_path: Path) -> None:
    """ISO 15118 news become ConnectedEV variables and NotifyEVChargingNeeds; allowed transfers must be supported."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, plant):
            plant.plug(2)
            await client.present_token("DRIVER1")
            client.car_session(
                "session", {"evccid": "WMIV1234567890ABCDEX", "protocol": "urn:iso:std:iso:15118:-20:DC,1,0"}
            )
            needs = {"requestedEnergyTransfer": "DC_BPT", "v2xChargingParameters": {"maxDischargePower": 9000.0}}
            client.car_session("needs", {"chargingNeeds": needs})
            told = await backend.expect("NotifyEVChargingNeeds")
            assert told["chargingNeeds"] == needs and told["evseId"] == 1
            item = {"component": {"name": "ConnectedEV", "evse": {"id": 1}}, "variable": {"name": "VehicleID"}}
            answer = await backend.ask("GetVariables", {"getVariableData": [item]})
            assert answer["getVariableResult"][0]["attributeValue"] == "WMIV1234567890ABCDEX"
            request = {"transactionId": client.transaction_id, "allowedEnergyTransfer": ["DC_BPT"]}
            assert (await backend.ask("NotifyAllowedEnergyTransfer", request))["status"] == "Accepted"
            request["allowedEnergyTransfer"] = ["WPT"]
            assert (await backend.ask("NotifyAllowedEnergyTransfer", request))["status"] == "Rejected"
            afrr = await backend.ask("AFRRSignal", {"timestamp": text_of(time.time()), "signal": 1})
            assert afrr["statusInfo"]["reasonCode"] == "NoSignalWattCurve"
        assert backend.faults == []

    asyncio.run(run())
