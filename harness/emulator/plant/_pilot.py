"""The control pilot by IEC 61851-1: what voltage stands on it, and what its duty cycle offers."""

from __future__ import annotations

import math
from dataclasses import dataclass

DIGITAL_DUTY_PCT = 5.0  # "use digital communication": no current is offered by the duty cycle itself
OFF_DUTY_PCT = 100.0  # a steady voltage: no current is offered
FREQUENCY_HZ = 1000.0
LOWEST_OFFER_A = 6.0
LOW_LEVEL_V = -12.0
HIGH_LEVEL_V = {"A": 12.0, "B": 9.0, "C": 6.0, "D": 3.0, "E": 0.0, "F": -12.0}


@dataclass(frozen=True)
class PilotWave:
    """The pilot at the car's inlet. With a steady pilot `duty_pct` is 100, `freq_hz` 0 and both levels are equal."""

    state: str
    u_high_v: float
    u_low_v: float
    duty_pct: float
    freq_hz: float

    @property
    def oscillates(self) -> bool:
        """Whether the EVSE's 1 kHz oscillator is on."""
        return self.freq_hz > 0


def duty_for_current(offer_a: float) -> float:
    """The duty cycle in percent that offers at most `offer_a` amperes per phase; 100 (no offer) below 6 A.

    Rounded down to 0.1 %, so that never more is offered than may be drawn (IEC 61851-1, Annex A).
    """
    if offer_a < LOWEST_OFFER_A:
        return OFF_DUTY_PCT
    duty = offer_a / 0.6 if offer_a <= 51.0 else max(85.0, min(offer_a, 80.0) / 2.5 + 64.0)
    return math.floor(duty * 10 + 1e-6) / 10


def current_for_duty(duty_pct: float) -> float:
    """Amperes per phase that a duty cycle offers to the car; 0 when it offers none (digital, error, steady)."""
    if 8.0 <= duty_pct < 10.0:
        return 6.0
    if 10.0 <= duty_pct <= 85.0:
        return duty_pct * 0.6
    if 85.0 < duty_pct <= 96.0:
        return (duty_pct - 64.0) * 2.5
    if 96.0 < duty_pct <= 97.0:
        return 80.0
    return 0.0


def is_digital(duty_pct: float) -> bool:
    """Whether a duty cycle asks the car to use digital communication."""
    return 3.0 <= duty_pct <= 7.0


def pilot_wave(car_state: str, duty_pct: float, *, diode_ok: bool = True) -> PilotWave:
    """The wave that results from the EVSE's duty cycle and what the car puts on the line.

    A short to earth (E) kills both levels. Without the car's diode its resistance loads the negative half as well.
    """
    high = HIGH_LEVEL_V[car_state]
    oscillates = duty_pct < OFF_DUTY_PCT and car_state not in ("E", "F")
    if not oscillates:
        return PilotWave(car_state, high, high, OFF_DUTY_PCT, 0.0)
    low = LOW_LEVEL_V if diode_ok or car_state == "A" else -high
    return PilotWave(car_state, high, low, duty_pct, FREQUENCY_HZ)
