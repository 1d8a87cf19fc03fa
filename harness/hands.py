"""The types of what a test case holds in its hands: the points of control and observation, steps and claims."""

from __future__ import annotations

from collections.abc import Coroutine
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from harness.bench import Bench
from harness.campaign import Campaign, Car, Claims, Contract, FirmwareOffer, Settings, Steps
from harness.csms import Csms, Station
from harness.operator import Operator
from harness.profile import Pixit
from harness.trace import Event

T = TypeVar("T")


class Marked(Protocol):
    """`await marked(action, "bench.action")`: do it, and get the event that marks it in the trace."""

    async def __call__(self, action: Coroutine[Any, Any, Any], kind: str) -> Event:
        """The event of that kind."""


class IfItComes(Protocol):
    """`await if_it_comes(wait)`: its result, or None when it did not come; what that means is for the judge."""

    async def __call__(self, wait: Coroutine[Any, Any, T]) -> T | None:
        """The result, or None."""


class Quiet(Protocol):
    """`await quiet(within_s=5)`: until the charger has said what it had to say."""

    async def __call__(self, within_s: float, for_s: float = 0.7) -> None:
        """Wait."""


class AsFarAsItGoes(Protocol):
    """`with as_far_as_it_goes():` a part that ends early when the charger does not come along; claims still follow."""

    def __call__(self) -> AbstractContextManager[None]:
        """The part."""


class UntilStatus(Protocol):
    """`await until_status("Available", since=event)`: until the charger has told this state of the connector."""

    async def __call__(self, state: str, since: Event) -> None:
        """Wait."""


class Dwell(Protocol):
    """`await dwell(10, "the network stays away")`: time that passes on purpose, named in the trace."""

    async def __call__(self, for_s: float, why: str) -> None:
        """Let it pass."""


__all__ = [
    "AsFarAsItGoes",
    "Bench",
    "Campaign",
    "Car",
    "Claims",
    "Contract",
    "Csms",
    "Dwell",
    "FirmwareOffer",
    "IfItComes",
    "Marked",
    "Operator",
    "Pixit",
    "Quiet",
    "Settings",
    "Station",
    "Steps",
    "UntilStatus",
]
