"""The states that a purpose begins in: the stand reaches them ahead of the first step."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from harness.csms import Answer
from harness.hands._car import Car
from harness.hands._ports import Ports
from harness.hands._reach import Reach

FREE_WITHIN_S = 15.0
CHARGES = "6 A"  # what a car that charges draws at least: less than that, mode 3 knows no charging
_SETS = ("SetChargingProfile", "RequestStartTransaction", "UpdateDynamicSchedule")


class NotBrought(TimeoutError):
    """The charger could not be brought into a state; that says nothing about what the case was to show."""

    def __init__(self, state: str, why: str) -> None:
        super().__init__(f"it could not be brought to {_WORDS.get(state, state)}: {why}")
        self.state = state


_WORDS = {
    "booted": "a connection on which it has booted",
    "no_limits": "a state without limits",
    "free": "a state without car and session",
    "charging": "a session that charges",
}


class Before:
    """`await before.reach(["booted", "no_limits", "charging"])`; each state is looked for first, then brought about."""

    def __init__(self, ports: Ports, reach: Reach, car: Car) -> None:
        self._ports, self._reach, self._car = ports, reach, car
        self._unlimited: dict[int, int] = {}  # by EVSE, the event up to which nothing that we set limits it any more
        self._ways: dict[str, Callable[[], Awaitable[None]]] = {
            "booted": self._booted,
            "no_limits": self._no_limits,
            "free": self._free,
            "charging": self._charging,
        }

    async def reach(self, states: tuple[str, ...]) -> None:
        """Bring the charger into these states, in order. Raises NotBrought, and KeyError for a state nobody knows."""
        for state in states:
            if state not in self._ways:
                raise KeyError(f"no state is called {state!r}; there are {', '.join(self._ways)}")
            try:
                await self._ways[state]()
            except NotBrought:
                raise
            except (TimeoutError, ConnectionError) as error:
                raise NotBrought(state, str(error)) from error

    async def lift_our_limits(self) -> None:
        """Clear what we have set, if anything was since the last time."""
        if self._set_since(self._unlimited.get(self._reach.evse_id, -1)):
            await self._lift()

    async def _lift(self) -> None:
        station = await self._reach.until_connected()
        evse_id = self._reach.evse_id
        answers = [
            await station.clear_charging_profile(evse_id=evse_id),
            await station.clear_charging_profile(purpose="ChargingStationMaxProfile"),
        ]
        if all(_is_gone(answer) for answer in answers):
            self._unlimited[evse_id] = max(answer.call.seq for answer in answers)

    async def _booted(self) -> None:
        await self._reach.connected()

    async def _no_limits(self) -> None:
        if self._ports.profile.declared("smart_charging") == "no":
            return
        if self._limited():
            await self._lift()
        if self._limited():
            raise NotBrought("no_limits", "it did not clear the charging profiles that were set before")

    async def _free(self) -> None:
        await self._car.leave()
        running = self._reach.transaction
        # a car that was unplugged leaves no session behind; an end that is never told is for the judges of sessions
        if running is not None and not self._ports.has_instrument("pilot"):
            raise NotBrought("free", f"transaction {running.id} has not ended")

    async def _charging(self) -> None:
        metered = self._ports.has_instrument("meter")
        await self._car.charge(at_least=CHARGES if metered else None)

    def _limited(self) -> bool:
        """Whether something may limit what is drawn now: set by us, or before us and never cleared since."""
        since = self._unlimited.get(self._reach.evse_id)
        return since is None or self._set_since(since)

    def _set_since(self, seq: int) -> bool:
        return any(
            e.kind == "ocpp.frame" and e.data.get("dir") == "out" and e.data.get("action") in _SETS
            for e in self._ports.recorder.events[seq + 1 :]
        )


def _is_gone(answer: Answer) -> bool:
    """Whether nothing is left: cleared, or there was nothing to clear (K10.FR.01)."""
    return answer.status in ("Accepted", "Unknown")
