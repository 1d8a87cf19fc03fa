"""The car's battery: energy that integrates power over an injected clock."""

from __future__ import annotations

from ev_emulator._witness import Clock


class Battery:
    """A battery whose voltage is a straight line between empty and full.

    Power is positive while charging, negative while discharging; energy stays between 0 and the capacity.
    """

    def __init__(
        self, capacity_wh: float, soc_pct: float, clock: Clock, *, empty_v: float = 350.0, full_v: float = 420.0
    ) -> None:
        if capacity_wh <= 0 or not 0 <= soc_pct <= 100:
            raise ValueError(f"a battery of {capacity_wh} Wh at {soc_pct} % cannot be")
        self.capacity_wh = capacity_wh
        self._empty_v, self._full_v = empty_v, full_v
        self._clock = clock
        self._energy_wh = capacity_wh * soc_pct / 100
        self._power_w = 0.0
        self._at_ns = clock.mono_ns()

    @property
    def power_w(self) -> float:
        """What flows into the battery now; negative out of it."""
        return self._power_w

    @power_w.setter
    def power_w(self, power_w: float) -> None:
        self._advance()
        self._power_w = power_w

    @property
    def energy_wh(self) -> float:
        """Energy in the battery now."""
        self._advance()
        return self._energy_wh

    @property
    def soc_pct(self) -> float:
        """State of charge now, 0 to 100."""
        return 100 * self.energy_wh / self.capacity_wh

    @property
    def voltage_v(self) -> float:
        """Open-circuit voltage now."""
        return self._empty_v + (self._full_v - self._empty_v) * self.soc_pct / 100

    def energy_to_wh(self, soc_pct: float) -> float:
        """Energy missing to `soc_pct`; negative when there is more already."""
        return self.capacity_wh * soc_pct / 100 - self.energy_wh

    def _advance(self) -> None:
        now = self._clock.mono_ns()
        gained = self._power_w * (now - self._at_ns) / 3.6e12
        self._energy_wh = min(self.capacity_wh, max(0.0, self._energy_wh + gained))
        self._at_ns = now
