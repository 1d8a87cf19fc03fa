"""What the car's converter does: how wishes, schedules and limits of both sides become a current or a power."""

from __future__ import annotations

import math

from ev_emulator.session._answers_20 import Target, magnitude
from ev_emulator.session._evcc import Evcc


class Drive:
    """Decides for one session, after service selection and schedule exchange. Powers: W, + charging, − discharging."""

    def __init__(self, evcc: Evcc) -> None:
        self._evcc = evcc
        service = evcc.service or ""
        self.dc, self._bpt = service.startswith("DC"), service.endswith("_BPT")
        self._scheduled = evcc.control_mode == "Scheduled"
        data = evcc.vehicle.dc if self.dc else evcc.vehicle.ac
        assert data is not None  # service_selection built the request from it
        self._car_up_w = data.max_charge_power_w
        self._car_down_w = data.max_discharge_power_w if self._bpt else 0.0

    def ask(self, want_w: float | None, last: Target) -> tuple[float, float]:
        """EVTargetCurrent and EVTargetVoltage for the next DC Scheduled request; 0 and the battery's voltage else.

        The voltage is the one to charge up to, or to discharge down to, so that the current is what rules.
        """
        evcc, dc = self._evcc, self._evcc.vehicle.dc
        volts = evcc.battery.voltage_v
        if not self.dc or dc is None or not self._scheduled:
            return 0.0, volts
        power_w = self._within(self._wish_w(want_w, None), last)
        up_a = _least(dc.max_charge_current_a, last.max_charge_current_a)
        down_a = _least(dc.max_discharge_current_a, last.max_discharge_current_a)
        amps = max(-down_a, min(up_a, power_w / volts))
        return round(amps, 2), evcc.vehicle.battery.empty_v if amps < 0 else evcc.vehicle.battery.full_v

    def flows_w(self, want_w: float | None, target: Target) -> float:
        """Power through the converter: in DC what the charger delivers, in AC what the car makes of its target."""
        if self.dc:
            return target.power_w or 0.0
        if not self._scheduled:
            return self._holds(self._within(target.power_w or 0.0, target))
        wish_w = self._wish_w(want_w, target.power_w)
        if target.power_w is not None:  # in Scheduled mode the charger's target is a bound, not a command
            wish_w = max(min(0.0, target.power_w), min(max(0.0, target.power_w), wish_w))
        return self._holds(self._within(wish_w, target))

    def _holds(self, power_w: float) -> float:
        """What an AC car's charger makes of a power: its next smaller step, and nothing below the least it can hold."""
        ac = self._evcc.vehicle.ac
        assert ac is not None
        if ac.step_a:
            step_w = ac.step_a * ac.nominal_voltage_v * ac.phases
            power_w = math.trunc(round(power_w / step_w, 6)) * step_w
        least_w = ac.min_charge_power_w if power_w > 0 else ac.min_discharge_power_w
        return power_w if abs(power_w) >= least_w else 0.0

    def _wish_w(self, want_w: float | None, asked_w: float | None) -> float:
        offer, now_s = (self._evcc.offers[0] if self._evcc.offers else None), self._evcc.epoch_s()
        up_w = offer.charge_power_w(now_s) if offer else None
        down_w = offer.discharge_power_w(now_s) if offer else None
        if want_w is None:
            if asked_w is not None:
                return asked_w
            return up_w if up_w is not None else 0.0
        if want_w < 0:
            return want_w if down_w is None else max(want_w, down_w)
        return want_w if up_w is None else min(want_w, up_w)

    def _within(self, power_w: float, target: Target) -> float:
        """`power_w` inside what the car can, what the charger can, and what it allows now."""
        rated = self._evcc.evse_limits
        up_w = _least(self._car_up_w, magnitude(rated, "EVSEMaximumChargePower"), target.max_charge_power_w)
        down_w = _least(self._car_down_w, magnitude(rated, "EVSEMaximumDischargePower"), target.max_discharge_power_w)
        return max(-down_w, min(up_w, power_w))


def _least(first: float, *others: float | None) -> float:
    return min([first, *(other for other in others if other is not None)])
