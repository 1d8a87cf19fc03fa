"""The car's battery: open-circuit voltage over state of charge behind an internal resistance."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass
class Battery:
    """State of charge in percent, capacity in Wh. Current + charges, - discharges."""

    soc_pct: float = 60.0
    capacity_wh: float = 60_000.0
    empty_v: float = 330.0
    full_v: float = 400.0
    resistance_ohm: float = 0.08
    lowest_soc_pct: float = 5.0
    current_a: float = 0.0

    @property
    def open_circuit_v(self) -> float:
        """Voltage at rest."""
        return self.empty_v + (self.full_v - self.empty_v) * self.soc_pct / 100.0

    @property
    def voltage_v(self) -> float:
        """Voltage at the terminals with the present current."""
        return self.open_circuit_v + self.current_a * self.resistance_ohm

    def accepts(self, power_w: float) -> float:
        """The part of `power_w` a battery in this state takes (+) or gives (-): tapers near full, stops near empty."""
        if power_w > 0:
            return power_w * max(0.0, min(1.0, (100.0 - self.soc_pct) / 5.0))
        return 0.0 if self.soc_pct <= self.lowest_soc_pct else power_w

    def rests_at(self, voltage_v: float) -> None:
        """Be a battery that shows this voltage at rest now: what a car's pre-charge request reveals of it."""
        shift_v = voltage_v - self.open_circuit_v
        self.empty_v, self.full_v = self.empty_v + shift_v, self.full_v + shift_v

    def step(self, power_w: float, dt_s: float) -> None:
        """Take `power_w` at the terminals for `dt_s` seconds."""
        rest_v, ohm = self.open_circuit_v, self.resistance_ohm
        root = max(rest_v * rest_v + 4.0 * ohm * power_w, 0.0)
        self.current_a = (math.sqrt(root) - rest_v) / (2.0 * ohm)
        gained = self.current_a * rest_v * dt_s / 3600.0
        self.soc_pct = min(100.0, max(0.0, self.soc_pct + 100.0 * gained / self.capacity_wh))
