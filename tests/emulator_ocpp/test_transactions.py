"""Transactions as the backend sees them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.emulator_ocpp._backend import Backend, station

TOKEN = {"idToken": "DRIVER1", "type": "ISO14443"}


@pytest.mark.parametrize("version", ["ocpp2.0.1", "ocpp2.1"])
def test_remote_start_and_stop(tmp_path: Path, version: str) -> None:
    """Plug, remote start, charge, remote stop: triggers, states and sequence numbers as block E and F say."""

    async def run() -> None:
        backend = Backend(version)
        async with backend.listening(), station(backend, tmp_path) as (_client, plant):
            plant.plug()
            started = await backend.expect("TransactionEvent")
            assert (started["eventType"], started["triggerReason"]) == ("Started", "CablePluggedIn")
            assert started["transactionInfo"]["chargingState"] == "EVConnected"
            assert started["evse"] == {"id": 1, "connectorId": 1} and "idToken" not in started
            plant.demand()
            assert not plant.enabled
            answer = await backend.ask("RequestStartTransaction", {"idToken": TOKEN, "remoteStartId": 9})
            transaction = started["transactionInfo"]["transactionId"]
            assert answer == {"status": "Accepted", "transactionId": transaction}
            remote = await backend.expect("TransactionEvent", lambda p: p["triggerReason"] == "RemoteStart")
            assert remote["idToken"] == TOKEN and remote["transactionInfo"]["remoteStartId"] == 9
            charging = await backend.expect("TransactionEvent", lambda p: p["triggerReason"] == "ChargingStateChanged")
            assert charging["transactionInfo"]["chargingState"] == "Charging" and charging["numberOfPhasesUsed"] == 3
            assert (await backend.ask("RequestStopTransaction", {"transactionId": "no"}))["status"] == "Rejected"
            assert (await backend.ask("RequestStopTransaction", {"transactionId": transaction}))["status"] == "Accepted"
            ended = await backend.expect("TransactionEvent", lambda p: p["eventType"] == "Ended")
            assert (ended["triggerReason"], ended["transactionInfo"]["stoppedReason"]) == ("RemoteStop", "Remote")
            contexts = [v["sampledValue"][0]["context"] for v in ended["meterValue"]]
            assert contexts == ["Transaction.Begin", "Transaction.End"]
            assert not plant.enabled
            assert [p["seqNo"] for p in backend.of("TransactionEvent")] == list(
                range(len(backend.of("TransactionEvent")))
            )
        assert backend.faults == []

    asyncio.run(run())


def test_cable_without_authorisation_waits(tmp_path: Path) -> None:
    """A car that only plugs in gets no power; unplugging ends with EVDisconnected."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (_client, plant):
            plant.plug()
            plant.demand()
            await asyncio.sleep(0.3)
            assert not plant.enabled and plant.p_w == 0
            plant.unplug()
            ended = await backend.expect("TransactionEvent", lambda p: p["eventType"] == "Ended")
            assert ended["triggerReason"] == "EVCommunicationLost"
            assert ended["transactionInfo"]["stoppedReason"] == "EVDisconnected"
            assert ended["transactionInfo"]["chargingState"] == "Idle"
        assert backend.faults == []

    asyncio.run(run())


def test_card_first_then_car_and_card_again(tmp_path: Path) -> None:
    """Authorize is asked, the transaction starts without a car, the same card ends it unasked (E03, E07)."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, plant):
            assert await client.present_token("DRIVER1") == "Accepted"
            started = await backend.expect("TransactionEvent")
            assert (started["triggerReason"], started["transactionInfo"]["chargingState"]) == ("Authorized", "Idle")
            assert started["idToken"] == TOKEN and "evse" not in started
            plant.plug()
            plugged = await backend.expect("TransactionEvent", lambda p: p["triggerReason"] == "CablePluggedIn")
            assert plugged["evse"] == {"id": 1, "connectorId": 1} and plant.enabled
            await client.present_token("DRIVER1")
            ended = await backend.expect("TransactionEvent", lambda p: p["eventType"] == "Ended")
            assert (ended["triggerReason"], ended["transactionInfo"]["stoppedReason"]) == ("StopAuthorized", "Local")
            assert len(backend.of("Authorize")) == 1
        assert backend.faults == []

    asyncio.run(run())


def test_no_car_in_time_ends_the_transaction(tmp_path: Path) -> None:
    """EVConnectionTimeOut ends a transaction that waits for its car (E03.FR.05)."""

    async def run() -> None:
        backend = Backend()
        wait = {"TxCtrlr.EVConnectionTimeOut": "1"}
        async with backend.listening(), station(backend, tmp_path, variables=wait) as (client, _plant):
            await client.present_token("DRIVER1")
            ended = await backend.expect("TransactionEvent", lambda p: p["eventType"] == "Ended")
            assert (ended["triggerReason"], ended["transactionInfo"]["stoppedReason"]) == (
                "EVConnectTimeout",
                "Timeout",
            )

    asyncio.run(run())


def test_token_refused_by_the_backend_stops_the_power(tmp_path: Path) -> None:
    """A TransactionEventResponse with an invalid token deauthorises and ends (E05.FR.10)."""

    async def run() -> None:
        backend = Backend()
        backend.answers["TransactionEvent"] = lambda p: {"idTokenInfo": {"status": "Blocked"}} if "idToken" in p else {}
        async with backend.listening(), station(backend, tmp_path) as (_client, plant):
            plant.plug()
            plant.demand()
            await backend.ask("RequestStartTransaction", {"idToken": TOKEN, "remoteStartId": 1})
            ended = await backend.expect("TransactionEvent", lambda p: p["eventType"] == "Ended")
            assert (ended["triggerReason"], ended["transactionInfo"]["stoppedReason"]) == (
                "Deauthorized",
                "DeAuthorized",
            )
            assert not plant.enabled

    asyncio.run(run())


def test_free_vending_charges_without_a_card(tmp_path: Path) -> None:
    """With AuthCtrlr.Enabled false plugging in is enough, and the token type says NoAuthorization."""

    async def run() -> None:
        backend = Backend()
        async with (
            backend.listening(),
            station(backend, tmp_path, variables={"AuthCtrlr.Enabled": "false"}) as (_, plant),
        ):
            plant.plug()
            plant.demand()
            told = await backend.expect("TransactionEvent", lambda p: "idToken" in p)
            assert told["idToken"] == {"idToken": "", "type": "NoAuthorization"} and plant.enabled
        assert backend.faults == []

    asyncio.run(run())


def test_suspended_by_the_station_and_by_the_car(tmp_path: Path) -> None:
    """A zero limit is SuspendedEVSE; a car that stops drawing is SuspendedEV."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, plant):
            plant.plug()
            await client.present_token("DRIVER1")
            plant.demand()
            await backend.expect("TransactionEvent", lambda p: p["transactionInfo"]["chargingState"] == "Charging")
            client.set_external_limit(0.0)
            await backend.expect("TransactionEvent", lambda p: p["transactionInfo"]["chargingState"] == "SuspendedEVSE")
            again = len(backend.calls)
            client.set_external_limit(None)
            charging = "Charging"
            await backend.expect(
                "TransactionEvent", lambda p: p["transactionInfo"]["chargingState"] == charging, after=again
            )
            plant.car_w = 0.0
            await backend.expect("TransactionEvent", lambda p: p["transactionInfo"]["chargingState"] == "SuspendedEV")
        assert backend.faults == []

    asyncio.run(run())


def test_periodic_meter_values(tmp_path: Path) -> None:
    """Samples come at TxUpdatedInterval and carry power, energy, current by phase, voltage and SoC of the plant."""

    async def run() -> None:
        backend = Backend("ocpp2.0.1")
        quick = {"SampledDataCtrlr.TxUpdatedInterval": "1"}
        async with backend.listening(), station(backend, tmp_path, variables=quick) as (client, plant):
            plant.plug()
            await client.present_token("DRIVER1")
            plant.demand()
            told = await backend.expect("TransactionEvent", lambda p: p["triggerReason"] == "MeterValuePeriodic")
            samples = told["meterValue"][0]["sampledValue"]
            by_name = {(s["measurand"], s.get("phase")): s["value"] for s in samples}
            assert by_name["Power.Active.Import", None] == 11000 and by_name["Power.Active.Export", None] == 0
            assert by_name["Current.Import", "L1"] == pytest.approx(15.942, abs=1e-3)
            assert by_name["SoC", None] == 50 and by_name["Voltage", "L1-N"] == 230
            assert {s["context"] for s in samples} == {"Sample.Periodic"}
        assert backend.faults == []

    asyncio.run(run())


@pytest.mark.parametrize("stop", ["Authorized,EVConnected", "EVConnected"])
def test_what_waits_to_go_out_of_service_is_not_told_as_free(tmp_path: Path, stop: str) -> None:
    """The plug out, it is Unavailable at once, whether that ended its transaction before or ends it now (G01.FR.05)."""

    async def run() -> None:
        backend = Backend("ocpp2.0.1")
        async with backend.listening(), station(backend, tmp_path) as (client, plant):
            point = client.model.find("TxCtrlr", "TxStopPoint", "", 0, 0)
            assert point is not None
            point.value = stop
            plant.plug()
            await backend.expect("StatusNotification", lambda p: p["connectorStatus"] == "Occupied")
            down = {"operationalStatus": "Inoperative", "evse": {"id": 1}}
            assert (await backend.ask("ChangeAvailability", down))["status"] == "Scheduled"
            so_far = len(backend.of("StatusNotification"))
            plant.unplug()
            await backend.expect("TransactionEvent", lambda p: p["eventType"] == "Ended")
            await backend.expect("StatusNotification", lambda p: p["connectorStatus"] == "Unavailable")
            told = [p for p in backend.of("StatusNotification")[so_far:] if p["connectorId"] == 1]
            assert [p["connectorStatus"] for p in told] == ["Unavailable"]
        assert backend.faults == []

    asyncio.run(run())
