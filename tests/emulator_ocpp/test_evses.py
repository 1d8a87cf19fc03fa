"""A station with two EVSEs: each has its connectors, transaction, meter and limits; the station's limit is shared."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from harness.emulator.ocpp import OcppClient, StationConfig, SystemClock
from tests.emulator_ocpp._backend import PASSWORD, Backend
from tests.emulator_ocpp._plant import FakePlant

TOKEN = {"idToken": "DRIVER1", "type": "ISO14443"}
Json = dict[str, Any]


@asynccontextmanager
async def two(backend: Backend, folder: Path) -> Any:
    """A running station of two EVSEs; yields the client and their plants by number."""
    plants = {1: FakePlant(), 2: FakePlant()}
    quick = {"OCPPCommCtrlr.RetryBackOffWaitMinimum": "0", "OCPPCommCtrlr.RetryBackOffRandomRange": "0"}
    url = f"ws://127.0.0.1:{backend.port}/ocpp"
    config = StationConfig(url=url, basic_auth_password=PASSWORD, reboot_s=0.05, variables=quick)
    client = OcppClient(config, plants[1], SystemClock(), folder, [plants[2]])
    task = asyncio.create_task(client.run())
    try:
        await backend.expect("SecurityEventNotification", lambda p: p["type"] == "StartupOfTheDevice")
        yield client, plants
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def charge(backend: Backend, plants: dict[int, FakePlant], evse: int) -> str:
    """A car charges at an EVSE; its transaction's id."""
    plants[evse].plug()
    start = {"remoteStartId": evse, "idToken": TOKEN, "evseId": evse}
    assert (await backend.call("RequestStartTransaction", start))[2]["status"] == "Accepted"
    plants[evse].demand()
    told = await backend.expect(
        "TransactionEvent", lambda p: p["transactionInfo"].get("remoteStartId") == evse, bound_s=10
    )
    return str(told["transactionInfo"]["transactionId"])


def limit(evse: int, watts: float, purpose: str = "TxDefaultProfile", number: int = 1) -> Json:
    """A SetChargingProfile."""
    schedule = {
        "id": 1,
        "chargingRateUnit": "W",
        "startSchedule": "2026-01-01T00:00:00Z",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": watts}],
    }
    profile = {"id": number, "stackLevel": 0, "chargingProfilePurpose": purpose, "chargingProfileKind": "Absolute"}
    return {"evseId": evse, "chargingProfile": {**profile, "chargingSchedule": [schedule]}}


@pytest.mark.parametrize("version", ["ocpp2.1", "ocpp2.0.1"])
def test_it_tells_of_the_connectors_of_both(version: str, tmp_path: Path) -> None:
    """After a boot every connector is told with its EVSE; a plugged one changes its own EVSE's state alone."""

    async def run() -> None:
        backend = Backend(version)
        async with backend.listening(), two(backend, tmp_path) as (client, plants):
            await backend.expect(*_state(version, 2, 1, "Available"))
            assert {at[:2] for at in _states(backend)} == {(1, 1), (1, 2), (2, 1)}, "EVSE 2 is an AC socket"
            plants[2].plug(1)
            await backend.expect(*_state(version, 2, 1, "Occupied"))
            assert (1, 1, "Occupied") not in _states(backend)
            ids = [e["eventId"] for p in backend.of("NotifyEvent") for e in p["eventData"]]
            assert len(set(ids)) == len(ids)
            assert client.model.find("EVSE", "AvailabilityState", "", 2).value == "Occupied"
            assert client.model.find("EVSE", "AvailabilityState", "", 1).value == "Available"
            assert client.model.find("ChargingStation", "AvailabilityState").value == "Occupied"
        assert backend.faults == []

    asyncio.run(run())


def _state(version: str, evse: int, connector: int, state: str) -> tuple[str, Any]:
    if version == "ocpp2.0.1":
        wanted = (evse, connector, state)
        return "StatusNotification", lambda p: (p["evseId"], p["connectorId"], p["connectorStatus"]) == wanted
    at = {"id": evse, "connectorId": connector}
    return "NotifyEvent", lambda p: any(
        e["component"].get("evse") == at and e["actualValue"] == state for e in p["eventData"]
    )


def _states(backend: Backend) -> list[tuple[int, int, str]]:
    told = [(p["evseId"], p["connectorId"], p["connectorStatus"]) for p in backend.of("StatusNotification")]
    events = [e for p in backend.of("NotifyEvent") for e in p["eventData"] if "evse" in e["component"]]
    return told + [
        (e["component"]["evse"]["id"], e["component"]["evse"]["connectorId"], e["actualValue"]) for e in events
    ]


def test_each_has_a_transaction_of_its_own(tmp_path: Path) -> None:
    """Two cars charge at once: two transactions, each with its EVSE, ended one by one (E01, F03)."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), two(backend, tmp_path) as (client, plants):
            numbers = {evse: await charge(backend, plants, evse) for evse in (1, 2)}
            assert numbers[1] != numbers[2]
            for evse, number in numbers.items():
                events = [p for p in backend.of("TransactionEvent") if p["transactionInfo"]["transactionId"] == number]
                assert {p["evse"]["id"] for p in events if "evse" in p} == {evse}
            stopped = await backend.call("RequestStopTransaction", {"transactionId": numbers[2]})
            assert stopped[2]["status"] == "Accepted"
            ended = await backend.expect("TransactionEvent", lambda p: p["eventType"] == "Ended")
            assert ended["transactionInfo"]["transactionId"] == numbers[2]
            assert plants[1].enabled and not plants[2].enabled and client.evses.busy
            unknown = await backend.call("RequestStartTransaction", {"remoteStartId": 9, "idToken": TOKEN, "evseId": 3})
            assert unknown[2]["status"] == "Rejected"
        assert backend.faults == []

    asyncio.run(run())


def test_a_profile_limits_its_own_evse(tmp_path: Path) -> None:
    """A profile of EVSE 2 leaves EVSE 1 alone, also in the composite schedule; EVSE 3 is refused."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), two(backend, tmp_path) as (_, plants):
            for evse in (1, 2):
                await charge(backend, plants, evse)
            assert (await backend.call("SetChargingProfile", limit(2, 4140)))[2]["status"] == "Accepted"
            assert (plants[1].limits.charge_w, plants[2].limits.charge_w) == (22080, 4140)
            says = {evse: await composite(backend, evse) for evse in (1, 2)}
            assert says == {1: 22080, 2: 4140}
            assert (await backend.call("SetChargingProfile", limit(3, 4140)))[2]["status"] == "Rejected"
        assert backend.faults == []

    asyncio.run(run())


def test_what_the_whole_station_may_draw_is_shared(tmp_path: Path) -> None:
    """A ChargingStationMaxProfile binds both together: all of it for one car, half of it each for two."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), two(backend, tmp_path) as (_, plants):
            await charge(backend, plants, 1)
            await backend.call("SetChargingProfile", limit(0, 11040, "ChargingStationMaxProfile"))
            assert plants[1].limits.charge_w == 11040
            await charge(backend, plants, 2)
            assert (plants[1].limits.charge_w, plants[2].limits.charge_w) == (5520, 5520)
            assert await composite(backend, 0) == 11040
            plants[2].unplug()
            await backend.expect("TransactionEvent", lambda p: p["eventType"] == "Ended")
            assert plants[1].limits.charge_w == 11040
        assert backend.faults == []

    asyncio.run(run())


async def composite(backend: Backend, evse: int) -> float:
    """What its composite schedule says of this moment, in W."""
    answer = await backend.call("GetCompositeSchedule", {"duration": 60, "evseId": evse, "chargingRateUnit": "W"})
    return float(answer[2]["schedule"]["chargingSchedulePeriod"][0]["limit"])


def test_out_of_service_is_one_of_them_or_all(tmp_path: Path) -> None:
    """ChangeAvailability of EVSE 2 leaves EVSE 1 in service; of the station it takes both out (G03, G04)."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), two(backend, tmp_path) as (client, _):
            change = {"operationalStatus": "Inoperative", "evse": {"id": 2}}
            assert (await backend.call("ChangeAvailability", change))[2]["status"] == "Accepted"
            assert (client.evses[1].status.of(1), client.evses[2].status.of(1)) == ("Available", "Unavailable")
            await backend.call("ChangeAvailability", {"operationalStatus": "Inoperative"})
            assert client.evses[1].status.of(1) == "Unavailable"
            back = {"operationalStatus": "Operative", "evse": {"id": 3}}
            assert (await backend.call("ChangeAvailability", back))[2]["status"] == "Rejected"
        assert backend.faults == []

    asyncio.run(run())


def test_a_reset_waits_for_both(tmp_path: Path) -> None:
    """OnIdle waits until no transaction runs at any EVSE (B12)."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), two(backend, tmp_path) as (_, plants):
            for evse in (1, 2):
                await charge(backend, plants, evse)
            assert (await backend.call("Reset", {"type": "OnIdle"}))[2]["status"] == "Scheduled"
            plants[1].unplug()
            await backend.expect("TransactionEvent", lambda p: p["eventType"] == "Ended")
            assert len(backend.of("BootNotification")) == 1
            plants[2].unplug()
            await backend.expect("BootNotification", lambda p: p["reason"] == "ScheduledReset", bound_s=15)
        assert backend.faults == []

    asyncio.run(run())
