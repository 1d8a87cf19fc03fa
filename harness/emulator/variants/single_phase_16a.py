"""A single-phase charger for 16 A: 3.7 kW in either direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    station.plant.car.phases = 1  # whatever the car could do, one phase is all there is


VARIANT = Variant(
    name="single-phase-16a",
    title="Single-phase, rated for 16 A (3.7 kW)",
    what_is_unusual="The charger has one phase and 16 A; it charges and discharges with 3.7 kW at most.",
    why_legal="D5.4 no. 4 speaks of every charging point, whatever its power; OCPP and IEC 61851-1 know one phase.",
    clauses=("SCALE D5.4 no. 4", "OCPP 2.0.1 K01.FR.49", "IEC 61851-1:2017 Annex A"),
    touches=("SC-04", "SC-05.2", "SC-07", "SC-09", "PR-15", "BI-16", "BI-19"),
    apply=_alter,
    ratings={"phases": 1, "max_a": 16.0, "max_charge_w": 3680.0, "max_discharge_w": 3680.0},
    declares={"pixit": {"phases": 1, "rated_current_a": 16, "rated_charge_w": 3680, "rated_discharge_w": 3680}},
)
