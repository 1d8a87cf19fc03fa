"""Losing its power: what ends, what is told afterwards, and what is kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.emulator_ocpp._backend import Backend, station


def test_a_session_ends_with_the_power_and_is_told_when_it_is_back(tmp_path: Path) -> None:
    """E17.FR.20, .21: no word while it is off; then a boot by PowerUp, and the end with the reason PowerLoss.

    It stays out of service where it was taken out of it (G03.FR.08), and another session has another id (E01.FR.08).
    """

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path) as (client, plant):
            plant.plug()
            await client.present_token("DRIVER1")
            plant.demand()
            begun = await backend.expect(
                "TransactionEvent", lambda p: p["transactionInfo"]["chargingState"] == "Charging"
            )
            client.status.put(2, operative=False)
            before = len(backend.calls)
            client.power.switch(False)
            await asyncio.sleep(0.3)
            assert len(backend.calls) == before and not client.on
            client.power.switch(True)
            boot = await backend.expect("BootNotification", after=before)
            assert boot["reason"] == "PowerUp"
            ended = await backend.expect("TransactionEvent", lambda p: p["eventType"] == "Ended", after=before)
            assert ended["triggerReason"] == "AbnormalCondition" and ended["offline"] is True
            info = ended["transactionInfo"]
            assert info["stoppedReason"] == "PowerLoss"
            assert info["transactionId"] == begun["transactionInfo"]["transactionId"]
            assert client.status.of(2) == "Unavailable"
            numbers = [
                p["seqNo"]
                for p in backend.of("TransactionEvent")
                if p["transactionInfo"]["transactionId"] == info["transactionId"]
            ]
            assert numbers == list(range(len(numbers)))
        assert backend.faults == []

    asyncio.run(run())
