"""The EVSE's control: what it offers on the pilot, what it sees wrong there, and when its contactor may be closed."""

from __future__ import annotations

import logging
from collections.abc import Callable

from harness.emulator._ports import PlantEvent, PowerLimits, Ratings
from harness.emulator.plant._car import Car
from harness.emulator.plant._contactor import Contactor
from harness.emulator.plant._hlc import Hlc
from harness.emulator.plant._pilot import (
    DIGITAL_DUTY_PCT,
    OFF_DUTY_PCT,
    PilotWave,
    current_for_duty,
    duty_for_current,
    pilot_wave,
)

log = logging.getLogger("station.plant")


class Evse:
    """One EVSE and the car at it, without their physics. `fault` is "", "pilot" (state E or F) or "diode"."""

    def __init__(self, ratings: Ratings, start_ns: int) -> None:
        self._ratings = ratings
        self.car = Car()
        self.contactor = Contactor()
        self.dc = Hlc()
        self.fault = ""
        self.enabled = False
        self.powered = True
        self.limits = PowerLimits(charge_w=ratings.max_charge_w, discharge_w=0.0, per_phase_a=ratings.max_a)
        self.now_ns = start_ns
        self._listeners: list[Callable[[PlantEvent], None]] = []

    @property
    def pilot(self) -> str:
        """Control-pilot state "A".."F"."""
        return self.wave().state

    def subscribe(self, listener: Callable[[PlantEvent], None]) -> None:
        """Be told of physical events, on the event loop."""
        self._listeners.append(listener)

    def offered_a(self) -> float:
        """Amperes per phase that may be offered: the limits in force, the cable and the nameplate, the lowest."""
        by_power = self.limits.charge_w / (self._ratings.phases * self._ratings.nominal_v)
        return min(self.limits.per_phase_a, by_power, self.car.cable_a, self._ratings.max_a)

    def duty_pct(self) -> float:
        """The duty cycle the EVSE puts on the pilot now (100: steady, nothing is offered)."""
        if self.car.connector is None or self.fault == "pilot" or not self.powered:
            return OFF_DUTY_PCT
        if self.dc.request is not None or self.car.connector == 2:
            return DIGITAL_DUTY_PCT
        if not self.enabled or self.dc.wants_fresh_b:
            return OFF_DUTY_PCT
        return duty_for_current(self.offered_a())

    def wave(self) -> PilotWave:
        """The pilot as it stands at the outlet."""
        return pilot_wave(self.car.state, self.duty_pct(), diode_ok=self.car.diode_ok)

    def pilot_fault(self) -> str:
        """What the EVSE's supervision sees wrong with the pilot: "", "pilot" or "diode"."""
        wave = self.wave()
        if wave.state in ("E", "F"):
            return "pilot"
        return "diode" if wave.oscillates and wave.state != "A" and wave.u_low_v > -10.0 else ""

    def may_energise(self) -> bool:
        """Whether the contactor may close, or stay closed."""
        if not self.enabled or not self.powered or self.fault or self.pilot not in ("C", "D"):
            return False
        if self.dc.request is not None or self.car.connector == 2:
            return self.dc.output_on
        return current_for_duty(self.duty_pct()) > 0

    def must_open(self) -> bool:
        """Whether the contactor has to open at once, under load if need be: the car left C or D, or a fault."""
        return bool(self.fault) or not self.powered or self.pilot not in ("C", "D")

    def supply(self, on: bool) -> None:
        """Mains at the EVSE, or none: without them its contactor falls open, and it offers nothing."""
        self.powered = on
        self.protect()

    def protect(self) -> None:
        """The fast loop of the EVSE: notice a pilot fault, and open the contactor where it must."""
        seen = self.pilot_fault()
        if seen and not self.fault:
            self.fault = seen
            self._tell("fault", self.car.connector or 1, seen)
        elif self.fault and not seen and self.pilot in ("A", "B"):
            self.fault = ""
            self._tell("fault", self.car.connector or 1, "")
        if self.contactor.closed and self.must_open() and self.contactor.open_now(self.now_ns):
            self._opened()

    def _opened(self) -> None:
        """The contacts have opened."""
        self._tell("contactor", self.car.connector or 1, "open")

    def _tell(self, what: str, connector: int, value: str = "") -> None:
        for listener in self._listeners:
            try:
                listener(PlantEvent(what, connector, value))
            except Exception:  # physics goes on whatever those who listen to it think
                log.exception("a listener failed at %s %s", what, value)
