"""The station's supply with power: what a loss of it ends, and what outlives it (K01.FR.27, G03.FR.08, E17.FR.20)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from harness.emulator.ocpp._view import Client


class Power:
    """Off: the station is gone at once, without a word. On: it boots, and ends what had been running.

    Profiles, settings, availability, grid-code settings and what waits to be told are in flash, and so is which
    transaction runs; what is not kept there goes as in any reboot. This station resumes no transaction.
    """

    def __init__(self, client: Client, reboot: Callable[[str], None]) -> None:
        self._client, self._reboot = client, reboot
        self._on = asyncio.Event()
        self._on.set()
        self._lost = False

    def switch(self, on: bool) -> None:
        """Mains on or off."""
        self._client.connection.unplug_network(not on)
        if on:
            self._on.set()
            return
        self._on.clear()
        self._lost = True
        self._reboot("PowerUp")

    async def back(self) -> None:
        """Wait for mains; then what ran when they went is over."""
        await self._on.wait()
        if not self._lost:
            return
        self._lost = False
        self._client.provisioning.reset_when_idle = False
        self._client.outbox.from_flash()
        for evse in self._client.evses.values():
            evse.transactions.end("AbnormalCondition", "PowerLoss")
