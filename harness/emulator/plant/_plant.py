"""The plant as a whole: one step moves grid, pilot, contactor, power and registers on; it implements `PlantPort`."""

from __future__ import annotations

import logging
from collections.abc import Callable

from harness.emulator._ports import PlantEvent, PowerLimits, Ratings, Readings
from harness.emulator.plant._car import Car, HlcRequest
from harness.emulator.plant._contactor import Contactor
from harness.emulator.plant._grid import Grid
from harness.emulator.plant._hlc import Hlc
from harness.emulator.plant._pilot import (
    DIGITAL_DUTY_PCT,
    OFF_DUTY_PCT,
    PilotWave,
    current_for_duty,
    duty_for_current,
    pilot_wave,
)
from harness.emulator.plant._ramp import Ramp

log = logging.getLogger("station.plant")
FLOWING_W = 100.0  # above this, power counts as flowing


class Plant:
    """One EVSE with its car. Nothing here reads a clock: `step(now_ns)` is told the time and does the physics up to it.

    Bench instruments change the car and the grid (`plug`, `set_car_state`, `set_diode`, `car`, `grid`); OCPP and the
    SECC use `PlantPort` and `hlc`/`hlc_end`. Listeners are called on the event loop that steps the plant.
    """

    def __init__(self, ratings: Ratings | None = None, *, seed: int = 1, start_ns: int = 0) -> None:
        self._ratings = ratings or Ratings()
        self.car = Car()
        self.grid = Grid(seed)
        self.contactor = Contactor()
        self.dc = Hlc()
        self.ramp = Ramp()
        self.fault = ""  # "", "pilot" (state E or F) or "diode"
        self.enabled = False
        self.limits = PowerLimits(charge_w=self._ratings.max_charge_w, discharge_w=0.0, per_phase_a=self._ratings.max_a)
        self.import_wh = self.export_wh = 0.0
        self.now_ns = start_ns
        self._flowing = ""
        self._listeners: list[Callable[[PlantEvent], None]] = []

    # -- what OCPP and the SECC see ------------------------------------------------------------------------------

    @property
    def ratings(self) -> Ratings:
        """The nameplate."""
        return self._ratings

    @property
    def pilot(self) -> str:
        """Control-pilot state "A".."F"."""
        return self.wave().state

    @property
    def plugged_connector(self) -> int | None:
        """1 (AC), 2 (DC) or None."""
        return self.car.connector

    @property
    def contactor_closed(self) -> bool:
        """Whether voltage stands at the car's contacts."""
        return self.contactor.closed

    def readings(self) -> Readings:
        """The station meter's present values; phase currents are magnitudes, the sign is in `p_w`."""
        i_l1, i_l2, i_l3 = (abs(each) for each in self._phase_currents())
        dc = self.car.connector == 2
        return Readings(
            t_ns=self.now_ns,
            p_w=self.ramp.value_w,
            i_a=(i_l1, i_l2, i_l3),
            u_v=self.grid.u_v,
            freq_hz=self.grid.freq_hz,
            import_wh=self.import_wh,
            export_wh=self.export_wh,
            dc_u_v=self.dc.output_v if dc else None,
            dc_i_a=self.dc.output_a if dc else None,
            soc_pct=self.car.battery.soc_pct if self.car.connector is not None else None,
        )

    def allow(self, limits: PowerLimits) -> None:
        """Set the bounds; duty cycle and power stage follow with the next step."""
        self.limits = limits

    def enable(self, on: bool) -> None:
        """Authorise delivery or withdraw it."""
        self.enabled = on

    def hlc(
        self,
        *,
        charging: bool,
        output_on: bool | None = None,
        target_u_v: float | None = None,
        target_i_a: float | None = None,
        target_p_w: float | None = None,
        max_charge_w: float | None = None,
        max_discharge_w: float | None = None,
    ) -> None:
        """The SECC's news of the car's talk: a session is open, energy transfer is on or off, and its DC target.

        `output_on` (default: as `charging`) closes the DC contactor for cable check and pre-charge.
        """
        self.dc.request = HlcRequest(
            charging,
            charging if output_on is None else output_on,
            target_u_v,
            target_i_a,
            target_p_w,
            max_charge_w,
            max_discharge_w,
        )

    def hlc_end(self) -> None:
        """The talk is over; basic charging needs a fresh state B first."""
        if self.dc.request is not None:
            self.dc.request = None
            self.dc.wants_fresh_b = self.pilot in ("C", "D")

    def subscribe(self, listener: Callable[[PlantEvent], None]) -> None:
        """Be told of physical events, on the event loop."""
        self._listeners.append(listener)

    # -- what the bench does -------------------------------------------------------------------------------------

    def plug(self, connector: int) -> None:
        """A car arrives at connector 1 (AC) or 2 (DC) and shows state B. ValueError if there is no such connector."""
        if connector not in (1, 2):
            raise ValueError(f"there is no connector {connector}; there are 1 (AC) and 2 (DC)")
        if self.car.connector not in (None, connector):
            raise ValueError(f"the car is at connector {self.car.connector}; unplug it first")
        self.car.connector, self.car.diode_ok = connector, True
        self._tell("plugged", connector)
        self.set_car_state("B")

    def unplug(self) -> None:
        """The car leaves."""
        connector = self.car.connector
        self.car.diode_ok = True
        self.set_car_state("A")
        self.car.connector = None
        self.hlc_end()
        self.dc.wants_fresh_b = False
        if connector is not None:
            self._tell("unplugged", connector)

    def set_car_state(self, state: str) -> None:
        """What the car shows on the pilot; the EVSE's protection acts at once, without waiting for a step."""
        before, self.car.state = self.car.state, state
        if state == "B":
            self.dc.wants_fresh_b = False
        if before != state:
            self._tell("pilot", self.car.connector or 1, state)
        self.protect()

    def set_diode(self, ok: bool) -> None:
        """Bridge the car's diode, or mend it."""
        self.car.diode_ok = ok
        self.protect()

    # -- the EVSE ------------------------------------------------------------------------------------------------

    def offered_a(self) -> float:
        """Amperes per phase that may be offered: the limits in force, the cable and the nameplate, the lowest."""
        by_power = self.limits.charge_w / (self._ratings.phases * self._ratings.nominal_v)
        return min(self.limits.per_phase_a, by_power, self.car.cable_a, self._ratings.max_a)

    def duty_pct(self) -> float:
        """The duty cycle the EVSE puts on the pilot now (100: steady, nothing is offered)."""
        if self.car.connector is None or self.fault == "pilot":
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
        if not self.enabled or self.fault or self.pilot not in ("C", "D"):
            return False
        if self.dc.request is not None or self.car.connector == 2:
            return self.dc.output_on
        return current_for_duty(self.duty_pct()) > 0

    def must_open(self) -> bool:
        """Whether the contactor has to open at once, under load if need be: the car left C or D, or a fault."""
        return bool(self.fault) or self.pilot not in ("C", "D")

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

    # -- the physics ---------------------------------------------------------------------------------------------

    def wanted_w(self) -> float:
        """The grid-side power that car and EVSE together aim at now, + charging."""
        if not self.contactor.closed or not self.may_energise():
            return 0.0
        car = self.car
        if car.connector == 2:
            wanted = self.dc.wanted_grid_w(self.limits, self._ratings, car.battery)
        elif self.dc.request is not None:
            wanted = car.power_w
        else:
            amps = min(car.max_a, current_for_duty(self.duty_pct()) * car.obeys_duty_to, car.cable_a)
            wanted = amps * sum(self.grid.u_v[: car.phases])
        return car.battery.accepts(wanted)

    def step(self, now_ns: int) -> None:
        """Do the physics from the last step to `now_ns`."""
        dt_s = max(0.0, (now_ns - self.now_ns) / 1e9)
        self.now_ns = now_ns
        self.protect()
        if self.contactor.move(now_ns, allowed=self.may_energise(), power_w=self.ramp.value_w):
            if self.contactor.closed:
                self._tell("contactor", self.car.connector or 1, "closed")
            else:
                self._opened()
        power_w = self.ramp.step(self.wanted_w(), dt_s) if self.contactor.closed else 0.0
        self.grid.step(self._phase_currents())
        self.dc.step(power_w, self.car, self.contactor.closed, dt_s)
        energy_wh = power_w * dt_s / 3600.0
        if energy_wh > 0:
            self.import_wh += energy_wh
        else:
            self.export_wh -= energy_wh
        self._tell_flow(power_w)

    def _phase_currents(self) -> tuple[float, float, float]:
        phases = self._ratings.phases if self.car.connector == 2 else self.car.phases
        share_w = self.ramp.value_w / phases
        l1, l2, l3 = (share_w / self.grid.u_v[n] if n < phases else 0.0 for n in range(3))
        return (l1, l2, l3)

    def _opened(self) -> None:
        self.ramp.cut()
        self._tell("contactor", self.car.connector or 1, "open")
        self._tell_flow(0.0)

    def _tell_flow(self, power_w: float) -> None:
        flowing = "" if abs(power_w) < FLOWING_W else "charging" if power_w > 0 else "discharging"
        if flowing != self._flowing:
            self._flowing = flowing
            self._tell("power_on" if flowing else "power_off", self.car.connector or 1, flowing)

    def _tell(self, what: str, connector: int, value: str = "") -> None:
        for listener in self._listeners:
            try:
                listener(PlantEvent(what, connector, value))
            except Exception:  # physics goes on whatever those who listen to it think
                log.exception("a listener failed at %s %s", what, value)
