"""A plant of a dozen lines: power follows the limits at once."""

from __future__ import annotations

from collections.abc import Callable

from harness.emulator._ports import PlantEvent, PowerLimits, Ratings, Readings


class FakePlant:
    """`plug`, `demand` (the car closes and draws), `unplug`; `car_w` is what the car would draw."""

    def __init__(self) -> None:
        self.ratings = Ratings()
        self.pilot = "A"
        self.plugged_connector: int | None = None
        self.limits: PowerLimits | None = None
        self.enabled = False
        self.car_w = 11000.0
        self.soc_pct: float | None = 50.0
        self.freq_hz = 50.0
        self._listeners: list[Callable[[PlantEvent], None]] = []

    @property
    def contactor_closed(self) -> bool:
        return self.enabled and self.pilot == "C"

    @property
    def p_w(self) -> float:
        if not self.contactor_closed or self.limits is None:
            return 0.0
        if self.limits.setpoint_w is not None:
            return self.limits.setpoint_w
        return min(self.car_w, self.limits.charge_w)

    def readings(self) -> Readings:
        amps = abs(self.p_w) / 690
        return Readings(0, self.p_w, (amps,) * 3, (230.0,) * 3, self.freq_hz, 1000.0, 10.0, soc_pct=self.soc_pct)

    def allow(self, limits: PowerLimits) -> None:
        self.limits = limits

    def enable(self, on: bool) -> None:
        self.enabled = on

    def subscribe(self, listener: Callable[[PlantEvent], None]) -> None:
        self._listeners.append(listener)

    def tell(self, what: str, value: str = "") -> None:
        for listener in self._listeners:
            listener(PlantEvent(what, self.plugged_connector or 1, value))

    def plug(self, connector: int = 1) -> None:
        self.plugged_connector, self.pilot = connector, "B"
        self.tell("plugged")

    def demand(self) -> None:
        self.pilot = "C"
        self.tell("pilot", "C")

    def unplug(self) -> None:
        self.pilot = "A"
        self.tell("pilot", "A")
        self.plugged_connector = None
        self.tell("unplugged")
