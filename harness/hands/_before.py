"""The states that a purpose begins in: the stand reaches them ahead of the first step."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from harness.csms import Answer
from harness.hands._car import Car
from harness.hands._ports import Ports
from harness.hands._reach import Reach
from harness.trace import Event

FREE_WITHIN_S = 15.0
CHARGES = "6 A"  # what a car that charges draws at least: less than that, mode 3 knows no charging
_CALLERROR = 4
_SETS = ("SetChargingProfile", "RequestStartTransaction")


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
        self._unlimited = -1  # the event up to which nothing that we set limits it any more
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
        if self._ours():
            await self._lift()

    async def _lift(self) -> None:
        """By their ids, one by one: what they are like may be true of profiles that others have installed."""
        station = await self._reach.until_connected()
        answers = [await station.clear_charging_profile(number) for number in self._ours()]
        if all(_is_gone(answer) for answer in answers):
            self._unlimited = max((answer.call.seq for answer in answers), default=self._unlimited)

    async def _booted(self) -> None:
        await self._reach.connected()

    async def _no_limits(self) -> None:
        if self._ports.profile.declared("smart_charging") == "no":
            return
        if self._ports.owed.may_hold:
            raise NotBrought("no_limits", self._ports.owed.may_hold)
        await self.lift_our_limits()
        if self._ours():
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

    def _ours(self) -> list[int]:
        """The charging profiles that we have sent and not seen refused or cleared since, by id."""
        frames = [e for e in self._ports.recorder.events[self._unlimited + 1 :] if e.kind == "ocpp.frame"]
        refused = {e.data.get("id") for e in frames if e.data.get("dir") == "in" and _refuses(e)}
        sent = [e for e in frames if e.data.get("dir") == "out" and e.data.get("action") in _SETS]
        bodies = (_payload(e) for e in sent if e.data.get("id") not in refused or e.data.get("id") is None)
        numbers = (_number(body) for body in bodies)
        return list(dict.fromkeys(number for number in numbers if number is not None))


def _refuses(frame: Event) -> bool:
    """Whether an answer is an error or says Rejected: then what was sent is not there."""
    if frame.data.get("type") == _CALLERROR:
        return True
    try:
        return bool(json.loads(str(frame.data.get("raw")))[2]["status"] == "Rejected")
    except (ValueError, IndexError, KeyError, TypeError):
        return False


def _payload(frame: Event) -> dict[str, Any]:
    """Of a CALL that we sent; {} of one that was garbled on purpose."""
    try:
        payload = json.loads(str(frame.data.get("raw")))[3]
    except (ValueError, IndexError, KeyError, TypeError):
        return {}
    return payload if isinstance(payload, dict) else {}


def _number(body: dict[str, Any]) -> int | None:
    profile = body.get("chargingProfile")
    number = profile.get("id") if isinstance(profile, dict) else None
    return number if isinstance(number, int) else None


def _is_gone(answer: Answer) -> bool:
    """Whether nothing is left: cleared, or there was nothing to clear (K10.FR.01)."""
    return answer.status in ("Accepted", "Unknown")
