"""Leaves the factory with the site's limits switched off; whoever wants them switches them on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    put(station, SmartChargingCtrlr__ExternalControlSignalsEnabled="false")


VARIANT = Variant(
    name="site-limits-switched-off",
    title="The switch for the site's limits is off",
    what_is_unusual="SmartChargingCtrlr.ExternalControlSignalsEnabled reads false until it is set.",
    why_legal="The variable is a switch that may be written; what it reads says nothing of what the charger can do.",
    clauses=("OCPP 2.0.1 Part 2, SmartChargingCtrlr.ExternalControlSignalsEnabled",),
    touches=("PR-13", "PR-15"),
    apply=_alter,
    declares={"pics": {"local_energy_management": "undeclared"}},
)
