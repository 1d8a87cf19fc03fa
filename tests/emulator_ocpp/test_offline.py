"""Losing the backend: queueing, coming back, and backing off."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.emulator_ocpp._backend import Backend, station


def test_events_of_the_outage_arrive_in_order(tmp_path: Path) -> None:
    """A transaction while the line is cut is delivered afterwards, marked offline, in sequence; no second boot."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, plant):
            plant.plug()
            await client.present_token("DRIVER1")
            plant.demand()
            await backend.expect("TransactionEvent", lambda p: p["transactionInfo"]["chargingState"] == "Charging")
            before = len(backend.calls)
            client.connection.unplug_network(True)
            await asyncio.sleep(0.1)
            plant.unplug()
            plant.plug()
            plant.unplug()
            assert len(backend.calls) == before
            client.connection.unplug_network(False)
            await backend.expect("TransactionEvent", lambda p: p["eventType"] == "Ended", after=before)
            await backend.expect("TransactionEvent", lambda p: p["eventType"] == "Started", after=before)
            await asyncio.sleep(0.2)
            late = [p for a, p in backend.calls[before:] if a == "TransactionEvent"]
            assert [(p["eventType"], p.get("offline")) for p in late] == [
                ("Ended", True),
                ("Started", True),
                ("Ended", True),
            ]
            by_tx: dict[str, list[int]] = {}
            for p in backend.of("TransactionEvent"):
                by_tx.setdefault(p["transactionInfo"]["transactionId"], []).append(p["seqNo"])
            assert all(numbers == list(range(len(numbers))) for numbers in by_tx.values())
            assert len(backend.of("BootNotification")) == 1
        assert backend.faults == []

    asyncio.run(run())


def test_short_outage_tells_only_changed_connectors(tmp_path: Path) -> None:
    """B04.FR.02: below OfflineThreshold only the connector that changed is told; above it all of them."""

    async def run(threshold: str) -> set[int]:
        backend = Backend("ocpp2.0.1")
        more = {"OCPPCommCtrlr.OfflineThreshold": threshold}
        folder = tmp_path / threshold
        async with backend.listening(), station(backend, folder, variables=more) as (client, plant):
            before = len(backend.calls)
            client.connection.unplug_network(True)
            await asyncio.sleep(0.1)
            plant.plug()
            client.connection.unplug_network(False)
            await backend.expect("TransactionEvent", after=before)
            return {p["connectorId"] for a, p in backend.calls[before:] if a == "StatusNotification"}

    assert asyncio.run(run("60")) == {1}
    assert asyncio.run(run("0")) == {1, 2}


def test_unanswered_events_are_tried_again_then_dropped(tmp_path: Path) -> None:
    """E13: a TransactionEvent that the backend fails to process is repeated MessageAttempts times, then given up."""

    async def run() -> None:
        backend = Backend()
        few = {
            "OCPPCommCtrlr.MessageAttempts.TransactionEvent": "2",
            "OCPPCommCtrlr.MessageAttemptInterval.TransactionEvent": "0",
        }
        async with backend.listening(), station(backend, tmp_path, variables=few) as (_client, plant):
            backend.answers["TransactionEvent"] = lambda p: lambda unique: [4, unique, "InternalError", "", {}]
            plant.plug()
            await backend.expect("TransactionEvent")
            await asyncio.sleep(0.1)
            assert [p["seqNo"] for p in backend.of("TransactionEvent")] == [0, 0]
            backend.answers.clear()
            plant.unplug()
            ended = await backend.expect("TransactionEvent", lambda p: p["eventType"] == "Ended")
            assert ended["seqNo"] == 1

    asyncio.run(run())


def test_kept_messages_survive_a_power_cut(tmp_path: Path) -> None:
    """What was queued when the station died is delivered by its next life, before newer events."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, plant):
            client.connection.unplug_network(True)
            await asyncio.sleep(0.05)
            plant.plug()
            await asyncio.sleep(0.05)
            lost = client.transaction_id
        second = Backend()
        async with second.listening(), station(second, tmp_path):
            told = await second.expect("TransactionEvent")
            assert told["transactionInfo"]["transactionId"] == lost and told["offline"] is True

    asyncio.run(run())


def test_back_off_doubles_and_stops_doubling(tmp_path: Path) -> None:
    """Minimum, then doubled RetryBackOffRepeatTimes times, with a random part within its range (OCPP-J 5.4)."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path, random_seed=7) as (client, _):
            model = client.model
            for name, value in (("WaitMinimum", "10"), ("RandomRange", "3"), ("RepeatTimes", "2")):
                model.put("OCPPCommCtrlr", f"RetryBackOff{name}", value)
            waits = []
            for failures in range(5):
                client.connection._failures = failures
                waits.append(client.connection.back_off_s())
            for wait, base in zip(waits, (10, 20, 40, 40, 40), strict=True):
                assert base <= wait <= base + 3
            assert len(set(waits)) == 5

    asyncio.run(run())


@pytest.mark.parametrize("queue_all", [False, True])
def test_other_messages_are_kept_only_when_wanted(tmp_path: Path, queue_all: bool) -> None:
    """QueueAllMessages decides whether a NotifyChargingLimit of the outage is still told."""

    async def run() -> None:
        backend = Backend()
        more = {"OCPPCommCtrlr.QueueAllMessages": str(queue_all).lower()}
        async with backend.listening(), station(backend, tmp_path, variables=more) as (client, _plant):
            client.connection.unplug_network(True)
            await asyncio.sleep(0.05)
            client.set_external_limit(4000.0)
            client.connection.unplug_network(False)
            for _ in range(50):
                await asyncio.sleep(0.02)
                if len(backend.sockets) == 2:
                    break
            await asyncio.sleep(0.2)
            assert bool(backend.of("NotifyChargingLimit")) is queue_all

    asyncio.run(run())
