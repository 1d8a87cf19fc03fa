"""What digital communication adds: the car's request, and in DC the EVSE's power stage that serves it."""

from __future__ import annotations

from harness.emulator._ports import PowerLimits, Ratings
from harness.emulator.plant._battery import Battery
from harness.emulator.plant._car import Car, HlcRequest

EFFICIENCY = 0.97  # of the EVSE's inverter, in both directions


def grid_side_w(dc_w: float) -> float:
    """Grid power for a power at the DC terminals: losses are drawn on top, or missing from what is exported."""
    return dc_w / EFFICIENCY if dc_w > 0 else dc_w * EFFICIENCY


def dc_side_w(grid_w: float) -> float:
    """Power at the DC terminals for a grid power."""
    return grid_w * EFFICIENCY if grid_w > 0 else grid_w / EFFICIENCY


class Hlc:
    """The open talk (`request` None: none) and the DC output's voltage and current."""

    def __init__(self) -> None:
        self.request: HlcRequest | None = None
        self.wants_fresh_b = False  # a talk has ended and the car still shows C
        self.output_v = 0.0
        self.output_a = 0.0

    @property
    def charging(self) -> bool:
        """Whether the SECC has granted power delivery."""
        return self.request is not None and self.request.charging

    @property
    def output_on(self) -> bool:
        """Whether the output may stand on the cable."""
        return self.request is not None and self.request.output_on

    def wanted_grid_w(self, limits: PowerLimits, ratings: Ratings, battery: Battery) -> float:
        """What the power stage regulates to, grid side: the car's target within the car's, EVSE's and present limits.

        A set point bounds a target of the same direction and forbids one of the other; alone, it is the target.
        """
        request, setpoint = self.request, limits.setpoint_w
        if request is None or not request.charging:
            return 0.0
        wanted = setpoint if setpoint is not None else 0.0
        if request.target_p_w is not None or request.target_i_a is not None:
            amps = request.target_i_a or 0.0
            dc_w = request.target_p_w if request.target_p_w is not None else amps * battery.voltage_v
            wanted = grid_side_w(dc_w)
            if setpoint is not None:
                wanted = max(0.0, min(wanted, setpoint)) if setpoint >= 0 else min(0.0, max(wanted, setpoint))
        most_dc_w = ratings.dc_max_a * battery.voltage_v
        car_in_w = most_dc_w if request.max_charge_w is None else min(request.max_charge_w, most_dc_w)
        car_out_w = most_dc_w if request.max_discharge_w is None else min(request.max_discharge_w, most_dc_w)
        highest = min(limits.charge_w, ratings.max_charge_w, grid_side_w(car_in_w))
        lowest = -min(limits.discharge_w, ratings.max_discharge_w, -grid_side_w(-car_out_w))
        return max(lowest, min(highest, wanted))

    def step(self, grid_w: float, car: Car, closed: bool, dt_s: float) -> None:
        """Let `grid_w` flow through the inverter (DC) or the car's charger (AC) into the battery."""
        battery = car.battery
        if car.connector != 2:
            battery.step(grid_w * car.efficiency if grid_w > 0 else grid_w / car.efficiency, dt_s)
            self.output_v = self.output_a = 0.0
            return
        dc_w = dc_side_w(grid_w)
        battery.step(dc_w, dt_s)
        if closed and (self.charging or dc_w):
            self.output_v, self.output_a = battery.voltage_v, battery.current_a
            return
        aim_v = self.request.target_u_v or 0.0 if self.request is not None else 0.0
        slew_v = 1000.0 * dt_s  # cable check and pre-charge move the unloaded output, then it bleeds off
        self.output_v += max(-slew_v, min(slew_v, aim_v - self.output_v))
        self.output_a = 0.0
