"""A station without a backend: whoever plugs in is charged, within nameplate and the local energy limit."""

from __future__ import annotations

from harness.emulator._ports import PlantEvent, PlantPort, PowerLimits


class StandAlone:
    """The `EnergyPort` of free vending. With a limit for the other direction it also lets energy out."""

    def __init__(self, plant: PlantPort) -> None:
        self._plant = plant
        self._external: tuple[float | None, float | None] = (None, None)
        plant.subscribe(self._plant_event)
        plant.allow(self.limits)

    @property
    def limits(self) -> PowerLimits:
        """Nameplate and the external limit, the lower of both."""
        ratings = self._plant.ratings
        charge, discharge = self._external
        charge_w = ratings.max_charge_w if charge is None else min(charge, ratings.max_charge_w)
        discharge_w = ratings.max_discharge_w if discharge is None else min(discharge, ratings.max_discharge_w)
        per_phase_a = min(ratings.max_a, charge_w / (ratings.phases * ratings.nominal_v))
        return PowerLimits(charge_w, discharge_w, per_phase_a, phases=ratings.phases)

    @property
    def transaction_id(self) -> str | None:
        """There are no transactions here."""
        return None

    def set_external_limit(self, charge_w: float | None, discharge_w: float | None = None) -> None:
        """A limit from the energy management system; None clears it."""
        self._external = (charge_w, discharge_w)
        self._plant.allow(self.limits)

    def car_session(self, event: str, data: dict[str, object]) -> None:
        """Nobody to tell."""

    def _plant_event(self, event: PlantEvent) -> None:
        if event.what in ("plugged", "unplugged"):
            self._plant.enable(event.what == "plugged")
