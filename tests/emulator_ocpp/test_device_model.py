"""The device model on the wire: reading, writing, reporting; network profiles; local list."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.emulator_ocpp._backend import Backend, station

Json = dict[str, Any]


def item(component: str, variable: str, instance: str = "", **more: Any) -> Json:
    """A component and variable."""
    return {
        "component": {"name": component},
        "variable": {"name": variable, **({"instance": instance} if instance else {})},
        **more,
    }


def test_get_variables_statuses(tmp_path: Path) -> None:
    """Known in any letter case, unknown component, unknown variable, unsupported attribute (B06)."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path):
            wanted = [
                item("ocppcommctrlr", "offlinethreshold"),
                item("Nothing", "X"),
                item("TxCtrlr", "Nothing"),
                item("TxCtrlr", "TxStartPoint", attributeType="Target"),
                item("OCPPCommCtrlr", "MessageTimeout"),
            ]
            results = (await backend.ask("GetVariables", {"getVariableData": wanted}))["getVariableResult"]
            assert [r["attributeStatus"] for r in results] == [
                "Accepted",
                "UnknownComponent",
                "UnknownVariable",
                "NotSupportedAttributeType",
                "UnknownVariable",
            ]
            assert results[0]["attributeValue"] == "60" and results[0]["attributeType"] == "Actual"
            assert all("attributeValue" not in r for r in results[1:])
            many = {"getVariableData": [item("TxCtrlr", "TxStartPoint")] * 65}
            assert (await backend.call("GetVariables", many))[2] == "OccurrenceConstraintViolation"
        assert backend.faults == []

    asyncio.run(run())


def test_set_variables_statuses_and_persistence(tmp_path: Path) -> None:
    """Good values are taken and survive a reboot; wrong type, range, member and read-only ones are rejected (B05)."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, _):
            wanted = [
                item("OCPPCommCtrlr", "OfflineThreshold", attributeValue="17"),
                item("OCPPCommCtrlr", "OfflineThreshold", attributeValue="soon"),
                item("OCPPCommCtrlr", "OfflineThreshold", attributeValue="-1"),
                item("TxCtrlr", "TxStopPoint", attributeValue="EVConnected,Nonsense"),
                item("AuthCtrlr", "Enabled", attributeValue="maybe"),
                item("SecurityCtrlr", "SecurityProfile", attributeValue="1"),
                item("Nothing", "X", attributeValue="1"),
            ]
            results = (await backend.ask("SetVariables", {"setVariableData": wanted}))["setVariableResult"]
            assert [r["attributeStatus"] for r in results] == ["Accepted"] + ["Rejected"] * 5 + ["UnknownComponent"]
        async with backend.listening(), station(backend, tmp_path) as (client, _):
            assert client.model.integer("OCPPCommCtrlr", "OfflineThreshold") == 17
        assert backend.faults == []

    asyncio.run(run())


@pytest.mark.parametrize("version", ["ocpp2.0.1", "ocpp2.1"])
def test_full_inventory(tmp_path: Path, version: str) -> None:
    """Parts are numbered, only the last ends the report, passwords are not told, 2.1's components only in 2.1."""

    async def run() -> None:
        backend = Backend(version)
        async with backend.listening(), station(backend, tmp_path):
            await backend.ask("GetBaseReport", {"requestId": 4, "reportBase": "FullInventory"})
            await backend.expect("NotifyReport", lambda p: not p["tbc"])
            parts = backend.of("NotifyReport")
            assert [p["seqNo"] for p in parts] == list(range(len(parts))) and len(parts) > 1
            assert [p["tbc"] for p in parts] == [True] * (len(parts) - 1) + [False]
            assert {p["requestId"] for p in parts} == {4}
            data = [d for p in parts for d in p["reportData"]]
            names = {(d["component"]["name"], d["variable"]["name"]) for d in data}
            assert {("TxCtrlr", "TxStartPoint"), ("SmartChargingCtrlr", "ProfileStackLevel")} <= names
            assert (("V2XChargingCtrlr", "SupportedOperationModes") in names) is (version == "ocpp2.1")
            assert (("DCDERCtrlr", "ModesSupported") in names) is (version == "ocpp2.1")
            (secret,) = [d for d in data if d["variable"]["name"] == "BasicAuthPassword"]
            assert "value" not in secret["variableAttribute"][0]
        assert backend.faults == []

    asyncio.run(run())


# Names that the list of variables for 2.1 (appendix, v2.0) marks as required, for the profiles this station claims.
REQUIRED = {
    "AlignedDataCtrlr": "Interval Measurands TxEndedInterval TxEndedMeasurands",
    "AuthCtrlr": "AuthorizeRemoteStart LocalAuthorizeOffline LocalPreAuthorize",
    "ChargingStation": "AvailabilityState Available SupplyPhases",
    "ClockCtrlr": "DateTime TimeSource",
    "Connector": "Available ConnectorType SupplyPhases",
    "DeviceDataCtrlr": (
        "BytesPerMessage.GetReport BytesPerMessage.GetVariables BytesPerMessage.SetVariables "
        "ItemsPerMessage.GetReport ItemsPerMessage.GetVariables ItemsPerMessage.SetVariables"
    ),
    "EVSE": "AvailabilityState Available Power DischargePower SupplyPhases",
    "ISO15118Ctrlr": "ContractValidationOffline",
    "LocalAuthListCtrlr": "BytesPerMessage Entries ItemsPerMessage",
    "OCPPCommCtrlr": (
        "FileTransferProtocols MessageTimeout.Default MessageAttemptInterval.TransactionEvent "
        "MessageAttempts.TransactionEvent NetworkConfigurationPriority NetworkProfileConnectionAttempts "
        "OfflineThreshold ResetRetries UnlockOnEVSideDisconnect"
    ),
    "SampledDataCtrlr": "TxEndedInterval TxEndedMeasurands TxStartedMeasurands TxUpdatedInterval TxUpdatedMeasurands",
    "SecurityCtrlr": "CertificateEntries OrganizationName SecurityProfile",
    "SmartChargingCtrlr": (
        "Entries.ChargingProfiles LimitChangeSignificance PeriodsPerSchedule ProfileStackLevel RateUnit"
    ),
    "TxCtrlr": "EVConnectionTimeOut StopTxOnEVSideDisconnect StopTxOnInvalidId TxStartPoint TxStopPoint",
    "V2XChargingCtrlr": "Enabled SupportedEnergyTransferModes SupportedOperationModes",
    "DCDERCtrlr": (
        "MaxW OverExcitedW OverExcitedPF UnderExcitedW UnderExcitedPF MaxVA MaxVar MaxVarNeg "
        "MaxChargeRateW MaxChargeRateVA ModesSupported InverterManufacturer InverterModel "
        "InverterSwVersion InverterHwVersion ReactiveSusceptance"
    ),
    "ACDERCtrlr": "ModesSupported",
}


def test_every_required_variable_is_there(tmp_path: Path) -> None:
    """Each variable that 2.1 requires of our components exists."""
    wanted = {(c, *v.partition(".")[::2]) for c, names in REQUIRED.items() for v in names.split()}

    async def run() -> set[tuple[str, str, str]]:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, _):
            return {(v.component, v.name, v.instance) for v in client.model}

    assert wanted - asyncio.run(run()) == set()


def test_reports_by_component_and_criteria(tmp_path: Path) -> None:
    """GetReport filters; nothing found is EmptyResultSet (B08)."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path):
            asked = {"requestId": 1, "componentVariable": [{"component": {"name": "TxCtrlr"}}]}
            assert (await backend.ask("GetReport", asked))["status"] == "Accepted"
            report = await backend.expect("NotifyReport")
            assert {d["component"]["name"] for d in report["reportData"]} == {"TxCtrlr"}
            asked["componentVariable"] = [{"component": {"name": "Nothing"}}]
            assert (await backend.ask("GetReport", asked))["status"] == "EmptyResultSet"
            problems = {"requestId": 2, "componentCriteria": ["Problem"]}
            assert (await backend.ask("GetReport", problems))["status"] == "EmptyResultSet"
        assert backend.faults == []

    asyncio.run(run())


def test_moves_to_another_backend_by_network_profile(tmp_path: Path) -> None:
    """A stored profile becomes the way to the backend once its slot is first and the station was reset (B09, B10)."""

    async def run() -> None:
        first, second = Backend(), Backend("ocpp2.0.1")
        async with first.listening(), second.listening(), station(first, tmp_path):
            data = {
                "ocppVersion": "OCPP201",
                "ocppTransport": "JSON",
                "ocppInterface": "Wired0",
                "messageTimeout": 10,
                "ocppCsmsUrl": f"ws://127.0.0.1:{second.port}/there",
                "securityProfile": 1,
            }
            ask = first.ask
            priority = {
                "setVariableData": [item("OCPPCommCtrlr", "NetworkConfigurationPriority", attributeValue="2,1")]
            }
            assert (await ask("SetVariables", priority))["setVariableResult"][0]["attributeStatus"] == "Rejected"
            profile = {"configurationSlot": 2, "connectionData": data}
            assert (await ask("SetNetworkProfile", {**profile, "configurationSlot": 9}))["status"] == "Rejected"
            zero = {**profile, "connectionData": {**data, "securityProfile": 0}}
            assert (await ask("SetNetworkProfile", zero))["status"] == "Rejected"
            assert (await ask("SetNetworkProfile", profile))["status"] == "Accepted"
            assert (await ask("SetVariables", priority))["setVariableResult"][0]["attributeStatus"] == "RebootRequired"
            assert (await ask("Reset", {"type": "Immediate"}))["status"] == "Accepted"
            await second.expect("BootNotification")
            assert second.sockets[0].request.path == "/there/EMU-0001"
        assert first.faults == [] and second.faults == []

    asyncio.run(run())


def test_falls_back_when_the_first_backend_is_gone(tmp_path: Path) -> None:
    """After NetworkProfileConnectionAttempts the next slot is tried (B10.FR.03)."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, _):
            data = {
                "ocppTransport": "JSON",
                "ocppInterface": "Any",
                "messageTimeout": 5,
                "ocppCsmsUrl": "ws://127.0.0.1:9/nobody",
                "securityProfile": 1,
            }
            await backend.ask("SetNetworkProfile", {"configurationSlot": 2, "connectionData": data})
            priority = {
                "setVariableData": [item("OCPPCommCtrlr", "NetworkConfigurationPriority", attributeValue="2,1")]
            }
            await backend.ask("SetVariables", priority)
            await backend.ask("Reset", {"type": "Immediate"})
            await backend.expect("BootNotification", lambda p: p["reason"] == "RemoteReset")
            assert client.model.text("OCPPCommCtrlr", "ActiveNetworkProfile") == "1"

    asyncio.run(run())


def test_local_list(tmp_path: Path) -> None:
    """A full list is stored; an older differential is a mismatch; a listed card works offline (D01, C13)."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, _plant):
            entry = {"idToken": {"idToken": "LISTED", "type": "ISO14443"}, "idTokenInfo": {"status": "Accepted"}}
            full = {"versionNumber": 5, "updateType": "Full", "localAuthorizationList": [entry]}
            assert (await backend.ask("SendLocalList", full))["status"] == "Accepted"
            old = {"versionNumber": 4, "updateType": "Differential"}
            assert (await backend.ask("SendLocalList", old))["status"] == "VersionMismatch"
            assert (await backend.ask("GetLocalListVersion", {}))["versionNumber"] == 5
            assert (await backend.ask("ClearCache", {}))["status"] == "Accepted"
            client.connection.unplug_network(True)
            await asyncio.sleep(0.05)
            assert await client.present_token("STRANGER") == "Unknown"
            assert await client.present_token("LISTED") == "Accepted"
        assert backend.faults == []

    asyncio.run(run())
