"""What each bench role can do; a driver on a serial port and a person with eyes and hands offer the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from harness.bench.line._feed import Sample

Test = Callable[[dict[str, Any]], bool]


class Device(Protocol):
    """What every role has."""

    async def restore(self) -> None:
        """Leave the surroundings as they were found. Raises BenchError."""

    async def close(self) -> None:
        """Let go of the instrument."""


class Watcher(Device, Protocol):
    """A role whose samples can be watched. The values' names are those of the trace's `bench.sample`."""

    def latest(self) -> Sample:
        """The newest sample. Raises BenchError when there is none or it is stale."""

    def since(self, t_ns: int) -> list[Sample]:
        """The samples since a campaign time."""

    async def observe(self, for_s: float, *, on: str = "contract", what: str | None = None) -> list[Sample]:
        """Let `for_s` seconds pass as a named wait; the samples of that time."""

    async def until(self, test: Test, *, what: str, within_s: float, on: str = "dut") -> Sample:
        """The first sample from now on that satisfies `test`. Raises NotSeen (a TimeoutError) naming `what`."""


class Meter(Watcher, Protocol):
    """The reference meter at the charger's grid connection: i_l1_a, u_l1_v, p_w (+ import), freq_hz, e_import_wh, …"""


class Light(Watcher, Protocol):
    """The eye on the status light: r, g, b, colour, pattern."""


class Pilot(Watcher, Protocol):
    """The car's end of the cable: state, u_high_v, u_low_v, duty_pct, freq_hz, mains_on; and what the car does."""

    async def plug_in(self, connector: int = 1) -> None:
        """Plug the car into a connector; it shows state B."""

    async def unplug(self) -> None:
        """Unplug the car (state A)."""

    async def ready(self) -> None:
        """The car wants energy (state C)."""

    async def not_ready(self) -> None:
        """The car wants none (state B)."""

    async def fault(self, kind: str) -> None:
        """A fault on the line: "E" (pilot at earth), "diode" (the car's is bridged), "open" (pilot or earth broken)."""

    async def clear_fault(self) -> None:
        """Mend the fault; the car shows state B."""

    async def current_limit(self, limit_a: float) -> None:
        """The most the car's charger would draw per phase."""

    async def power(self, power_w: float) -> None:
        """What an AC car's charger does while it talks ISO 15118: + charges, - discharges."""

    async def soc(self, pct: float) -> None:
        """The battery's state of charge."""

    async def cable(self, rating_a: float) -> None:
        """The cable's rating by its proximity resistor: 13, 20, 32 or 63 A."""

    async def read(self) -> Sample:
        """One fresh sample."""


class GridSource(Watcher, Protocol):
    """The grid simulator: set_u_v, set_freq_hz, u_v, freq_hz, armed."""

    async def arm(self) -> None:
        """Close the interlock. Raises BenchError unless the profile says who answers for it (`interlock_armed`)."""

    async def set(self, *, u_v: float | None = None, freq_hz: float | None = None) -> None:
        """Change voltage or frequency; only while armed, only within the instrument's bounds."""

    async def disarm(self) -> None:
        """Restore 230 V and 50 Hz and open the interlock."""


class Ems(Device, Protocol):
    """The local energy management system's connection to the charger."""

    async def limit(self, charge_w: float, discharge_w: float | None = None) -> None:
        """Tell the charger how much power it may take, and optionally give back."""

    async def clear(self) -> None:
        """Withdraw the limit."""


class Supply(Device, Protocol):
    """The charger's own supply with power."""

    async def off(self) -> None:
        """Take it away at once, as a fuse does."""

    async def on(self) -> None:
        """Give it back."""


class NetworkSwitch(Device, Protocol):
    """The charger's way to its backend."""

    async def off(self) -> None:
        """Cut it, without a farewell."""

    async def on(self) -> None:
        """Mend it."""
