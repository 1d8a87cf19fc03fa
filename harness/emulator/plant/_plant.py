"""The plant as a whole: one step moves grid, pilot, contactor, power and registers on; it implements `PlantPort`."""

from __future__ import annotations

from harness.emulator._ports import PowerLimits, Ratings, Readings
from harness.emulator.plant._car import HlcRequest
from harness.emulator.plant._evse import Evse
from harness.emulator.plant._grid import Grid
from harness.emulator.plant._pilot import current_for_duty
from harness.emulator.plant._ramp import Ramp

FLOWING_W = 100.0  # above this, power counts as flowing


class Plant(Evse):
    """One EVSE with its car. Nothing here reads a clock: `step(now_ns)` is told the time and does the physics up to it.

    Bench instruments change the car and the grid (`plug`, `set_car_state`, `set_diode`, `car`, `grid`); OCPP and the
    SECC use `PlantPort` and `hlc`/`hlc_end`. Listeners are called on the event loop that steps the plant. `beside` is
    another EVSE of the same station, at the same grid.
    """

    def __init__(
        self, ratings: Ratings | None = None, *, seed: int = 1, start_ns: int = 0, beside: Plant | None = None
    ) -> None:
        super().__init__(ratings or Ratings(), start_ns)
        self.grid: Grid = Grid(seed, same_as=beside.grid if beside is not None else None)
        self.ramp = Ramp()
        self.import_wh = self.export_wh = 0.0
        self._flowing = ""

    # -- what OCPP and the SECC see ------------------------------------------------------------------------------

    @property
    def ratings(self) -> Ratings:
        """The nameplate."""
        return self._ratings

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
        super()._opened()
        self._tell_flow(0.0)

    def _tell_flow(self, power_w: float) -> None:
        flowing = "" if abs(power_w) < FLOWING_W else "charging" if power_w > 0 else "discharging"
        if flowing != self._flowing:
            self._flowing = flowing
            self._tell("power_on" if flowing else "power_off", self.car.connector or 1, flowing)
