"""Variables of the charger's device model that a case changes; put back when the case ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.csms import Answer

if TYPE_CHECKING:
    from harness.campaign._campaign import Campaign


class Settings:
    """`await settings.change("OCPPCommCtrlr", "OfflineThreshold", "240")`; the value before comes back by itself."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign

    async def read(self, component: str, variable: str, *, evse_id: int | None = None) -> str | None:
        """The variable's actual value (of an EVSE's component with `evse_id`), or None when the charger gives none."""
        station = await self._campaign.connected_station()
        wanted = (component, variable) if evse_id is None else (component, variable, "Actual", evse_id)
        answer = await station.get_variables([wanted])
        results = answer.payload.get("getVariableResult") or [{}]
        value = results[0].get("attributeValue")
        return None if value is None else str(value)

    async def quick_reconnect(self) -> None:
        """Ask the charger to come back quickly after a loss; its own patience is not what a case is about."""
        quick = {"RetryBackOffWaitMinimum": "1", "RetryBackOffRandomRange": "0", "RetryBackOffRepeatTimes": "0"}
        for variable, value in quick.items():
            await self.change("OCPPCommCtrlr", variable, value)

    async def rate_unit(self) -> tuple[str, Callable[[float], str]]:
        """The unit this charger takes limits in ("A" or, where it knows no A, "W"), and what writes A in that unit.

        A limit in a unit that SmartChargingCtrlr.RateUnit lacks is refused, and rightly (K01.FR.26, K08.FR.07).
        """
        pixit = self._campaign.profile.pixit
        known = [unit.strip() for unit in (await self.read("SmartChargingCtrlr", "RateUnit") or "A").split(",")]
        if "W" in known and "A" not in known:
            return "W", lambda amps: f"{amps * pixit.nominal_v * pixit.phases:g} W"
        return "A", lambda amps: f"{amps:g} A"

    async def der_modes(self) -> list[str]:
        """The DER control types the charger says it supports (ModesSupported of DCDERCtrlr and ACDERCtrlr, by EVSE)."""
        found: list[str] = []
        for component in ("DCDERCtrlr", "ACDERCtrlr"):
            for evse_id in (self._campaign.profile.pixit.evse_id, None):
                listed = await self.read(component, "ModesSupported", evse_id=evse_id)
                found += [mode.strip() for mode in (listed or "").split(",")]
        return [mode for mode in dict.fromkeys(found) if mode]

    async def change(self, component: str, variable: str, value: str) -> Answer:
        """Set a variable for the rest of the case. A charger that refuses keeps its value, and the case goes on."""
        before = await self.read(component, variable)
        station = await self._campaign.connected_station()
        answer = await station.set_variables([((component, variable), value)])
        if before is not None and before != value:

            async def undo() -> None:
                again = await self._campaign.connected_station()
                await again.set_variables([((component, variable), before)])

            self._campaign.on_restore(undo)
        return answer
