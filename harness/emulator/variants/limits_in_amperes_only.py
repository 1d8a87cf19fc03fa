"""Takes charging limits in amperes only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    put(station, SmartChargingCtrlr__RateUnit="A")


VARIANT = Variant(
    name="limits-in-amperes-only",
    title="Takes limits in amperes only",
    what_is_unusual="SmartChargingCtrlr.RateUnit is A: a limit in W is rejected, and the supplier says so.",
    why_legal="RateUnit lists what a charger supports; what is not listed has to be rejected.",
    clauses=("OCPP 2.0.1 K01.FR.26, K08.FR.07", "SmartChargingCtrlr.RateUnit"),
    touches=("SC-04", "SC-07", "SC-09.5", "PR-15"),
    apply=_alter,
    declares={"pics": {"power_limits": "no"}},
    may_change={"SC-04.5": "not_applicable"},
)
