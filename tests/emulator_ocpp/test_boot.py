"""Boot, registration, status, reset and triggered messages on the wire."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.emulator_ocpp._backend import Backend, station


@pytest.mark.parametrize("version", ["ocpp2.0.1", "ocpp2.1"])
def test_boots_in_order(tmp_path: Path, version: str) -> None:
    """BootNotification comes first, then a status for each connector in the version's own message; all frames valid."""

    async def run() -> None:
        backend = Backend(version)
        async with backend.listening(), station(backend, tmp_path):
            names = [name for name, _ in backend.calls]
            status = "StatusNotification" if version == "ocpp2.0.1" else "NotifyEvent"
            assert names[:3] == ["BootNotification", status, status]
            boot = backend.of("BootNotification")[0]
            assert boot["reason"] == "PowerUp" and boot["chargingStation"]["firmwareVersion"] == "1.4.2"
            assert backend.headers[0]["Authorization"].startswith("Basic ")
        assert backend.faults == []

    asyncio.run(run())


def test_says_nothing_but_boot_before_it_is_accepted(tmp_path: Path) -> None:
    """While Pending only BootNotification and what the backend asked for go out; starting is rejected (B02)."""

    async def run() -> None:
        backend = Backend()
        backend.answers["BootNotification"] = lambda _: backend.boot_answer("Pending", 1)
        async with backend.listening(), station(backend, tmp_path, wait=False) as (_client, plant):
            await backend.expect("BootNotification")
            plant.plug()
            answer = await backend.ask("GetBaseReport", {"requestId": 1, "reportBase": "ConfigurationInventory"})
            assert answer["status"] == "Accepted"
            await backend.expect("NotifyReport", lambda p: not p["tbc"])
            token = {"idToken": "A", "type": "Central"}
            refused = await backend.ask("RequestStartTransaction", {"idToken": token, "remoteStartId": 1})
            assert refused["status"] == "Rejected"
            assert {name for name, _ in backend.calls} == {"BootNotification", "NotifyReport"}
            backend.answers.clear()
            await backend.expect("TransactionEvent")
            assert len(backend.of("BootNotification")) == 2
        assert backend.faults == []

    asyncio.run(run())


def test_rejected_station_answers_security_error(tmp_path: Path) -> None:
    """After Rejected every CALL of the backend gets a SecurityError (B03.FR.08)."""

    async def run() -> None:
        backend = Backend()
        backend.answers["BootNotification"] = lambda _: backend.boot_answer("Rejected", 60)
        async with backend.listening(), station(backend, tmp_path, wait=False):
            await backend.expect("BootNotification")
            await asyncio.sleep(0.05)
            frame = await backend.call("GetLocalListVersion", {})
            assert frame[0] == 4 and frame[2] == "SecurityError"

    asyncio.run(run())


def test_reset_ends_the_transaction_and_boots_again(tmp_path: Path) -> None:
    """An immediate reset tells Ended with ImmediateReset, then a BootNotification with RemoteReset (B12)."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (_client, plant):
            plant.plug()
            await backend.expect("TransactionEvent")
            assert (await backend.ask("Reset", {"type": "OnIdle"}))["status"] == "Scheduled"
            assert (await backend.ask("Reset", {"type": "Immediate"}))["status"] == "Accepted"
            ended = await backend.expect("TransactionEvent", lambda p: p["eventType"] == "Ended")
            assert ended["triggerReason"] == "ResetCommand"
            assert ended["transactionInfo"]["stoppedReason"] == "ImmediateReset"
            await backend.expect("BootNotification", lambda p: p["reason"] == "RemoteReset")
        assert backend.faults == []

    asyncio.run(run())


def test_unavailable_survives_a_reset(tmp_path: Path) -> None:
    """A connector set Inoperative is still Unavailable after a reboot (G01.FR.02)."""

    async def run() -> None:
        backend = Backend("ocpp2.0.1")
        async with backend.listening(), station(backend, tmp_path):
            request = {"operationalStatus": "Inoperative", "evse": {"id": 1, "connectorId": 2}}
            assert (await backend.ask("ChangeAvailability", request))["status"] == "Accepted"
            await backend.expect("StatusNotification", lambda p: p["connectorStatus"] == "Unavailable")
            await backend.ask("Reset", {"type": "Immediate"})
            await backend.expect("BootNotification", lambda p: p["reason"] == "RemoteReset")
            at = next(n for n, (a, p) in enumerate(backend.calls) if p.get("reason") == "RemoteReset")
            status = await backend.expect("StatusNotification", lambda p: p["connectorId"] == 2, after=at)
            assert status["connectorStatus"] == "Unavailable"
        assert backend.faults == []

    asyncio.run(run())


def test_triggered_messages_follow_the_answer(tmp_path: Path) -> None:
    """TriggerMessage is answered first; BootNotification after Accepted is rejected, unknown ones not implemented."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path):
            ask = backend.ask
            assert (await ask("TriggerMessage", {"requestedMessage": "BootNotification"}))["status"] == "Rejected"
            assert (await ask("TriggerMessage", {"requestedMessage": "SignV2GCertificate"}))[
                "status"
            ] == "NotImplemented"
            assert (await ask("TriggerMessage", {"requestedMessage": "StatusNotification"}))["status"] == "Rejected"
            for name, action in (("Heartbeat", "Heartbeat"), ("MeterValues", "MeterValues")):
                assert (await ask("TriggerMessage", {"requestedMessage": name}))["status"] == "Accepted"
                await backend.expect(action)
            one = {"requestedMessage": "StatusNotification", "evse": {"id": 1, "connectorId": 1}}
            assert (await ask("TriggerMessage", one))["status"] == "Accepted"
            await backend.expect("StatusNotification")
            await ask("TriggerMessage", {"requestedMessage": "FirmwareStatusNotification"})
            assert await backend.expect("FirmwareStatusNotification") == {"status": "Idle"}
            await ask("TriggerMessage", {"requestedMessage": "LogStatusNotification"})
            assert await backend.expect("LogStatusNotification") == {"status": "Idle"}
        assert backend.faults == []

    asyncio.run(run())
