"""What a backend asks now and then: about drivers, sessions, connectors, monitoring levels, and a vendor's own."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.emulator_ocpp._backend import Backend, station

VERSIONS = pytest.mark.parametrize("version", ["ocpp2.0.1", "ocpp2.1"])
ONE = {"idToken": "ONE", "type": "Central"}
THRESHOLD = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "OfflineThreshold"}}


def about(number: int, *, report: bool, clear: bool, **who: Any) -> dict[str, Any]:
    """A CustomerInformationRequest."""
    return {"requestId": number, "report": report, "clear": clear, **who}


@VERSIONS
def test_what_it_keeps_about_a_driver_is_told_and_cleared(tmp_path: Path, version: str) -> None:
    """Reported while it is in the cache; gone once it was cleared; about none, or about two, it is asked wrongly."""

    async def run() -> None:
        backend = Backend(version)
        async with backend.listening(), station(backend, tmp_path) as (client, _plant):
            client.authorization.learn(ONE, {"status": "Accepted"})
            for number, report, clear, wanted in ((1, True, False, "Accepted"), (2, False, True, "cleared")):
                asked = about(number, report=report, clear=clear, idToken=ONE)
                assert await backend.ask("CustomerInformation", asked) == {"status": "Accepted"}
                told = await backend.expect("NotifyCustomerInformation", lambda p, n=number: p["requestId"] == n)
                assert wanted in told["data"]
            await backend.ask("CustomerInformation", about(3, report=True, clear=True, idToken=ONE))
            told = await backend.expect("NotifyCustomerInformation", lambda p: p["requestId"] == 3)
            assert (told["data"], told["tbc"]) == ("no data", False)
            nobody = about(4, report=True, clear=False)
            assert (await backend.ask("CustomerInformation", nobody))["status"] == "Invalid"
            both = about(5, report=True, clear=False, idToken=ONE, customerIdentifier="me")
            assert (await backend.ask("CustomerInformation", both))["status"] == "Invalid"
            neither = about(6, report=False, clear=False, idToken=ONE)
            assert (await backend.ask("CustomerInformation", neither))["status"] == "Rejected"
        assert backend.faults == []

    asyncio.run(run())


@VERSIONS
def test_the_level_and_the_base_of_monitoring(tmp_path: Path, version: str) -> None:
    """A level beyond all is refused; the base that is only hard-wired takes away what was set."""

    async def run() -> None:
        backend = Backend(version)
        async with backend.listening(), station(backend, tmp_path) as (client, _plant):
            assert (await backend.ask("SetMonitoringLevel", {"severity": 4}))["status"] == "Accepted"
            assert (await backend.ask("SetMonitoringLevel", {"severity": 10}))["status"] == "Rejected"
            assert client.model.integer("MonitoringCtrlr", "ActiveMonitoringLevel") == 4
            item = {**THRESHOLD, "type": "Delta", "value": 5, "severity": 2}
            asked = await backend.ask("SetVariableMonitoring", {"setMonitoringData": [item, {**item, "value": -5}]})
            assert [each["status"] for each in asked["setMonitoringResult"]] == ["Accepted", "Rejected"]
            for base, there in (("All", "Accepted"), ("HardWiredOnly", "EmptyResultSet")):
                assert (await backend.ask("SetMonitoringBase", {"monitoringBase": base}))["status"] == "Accepted"
                assert (await backend.ask("GetMonitoringReport", {"requestId": 1}))["status"] == there
        assert backend.faults == []

    asyncio.run(run())


@VERSIONS
def test_what_there_is_not(tmp_path: Path, version: str) -> None:
    """No such session, connector, vendor; and what it does not do at all is said to be not supported."""

    async def run() -> None:
        backend = Backend(version)
        async with backend.listening(), station(backend, tmp_path) as (_client, _plant):
            told = await backend.ask("GetTransactionStatus", {"transactionId": "none"})
            assert told == {"ongoingIndicator": False, "messagesInQueue": False}
            at = {"evseId": 1, "connectorId": 1}
            assert (await backend.ask("UnlockConnector", at))["status"] == "Unlocked"
            assert (await backend.ask("UnlockConnector", {**at, "connectorId": 9}))["status"] == "UnknownConnector"
            assert (await backend.ask("DataTransfer", {"vendorId": "nobody"}))["status"] == "UnknownVendorId"
        assert backend.faults == []

    asyncio.run(run())
