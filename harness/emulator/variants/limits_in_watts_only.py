"""Takes charging limits in watts only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    put(station, SmartChargingCtrlr__RateUnit="W")


VARIANT = Variant(
    name="limits-in-watts-only",
    title="Takes limits in watts only",
    what_is_unusual="SmartChargingCtrlr.RateUnit is W: a limit in A is rejected, and the supplier says so.",
    why_legal="RateUnit lists what a charger supports; what is not listed has to be rejected.",
    clauses=("OCPP 2.0.1 K01.FR.26, K08.FR.07", "SmartChargingCtrlr.RateUnit"),
    touches=("SC-04", "SC-07", "SC-09.5", "PR-15", "BI-16"),
    apply=_alter,
    declares={"pics": {"current_limits": "no"}},
    may_change={"SC-04.2": "not_applicable"},
)
