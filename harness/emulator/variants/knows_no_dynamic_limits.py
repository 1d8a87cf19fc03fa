"""Knows neither dynamic charging profiles nor limits that end offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    put(
        station,
        SmartChargingCtrlr__SupportsDynamicProfiles="false",
        SmartChargingCtrlr__SupportsMaxOfflineDuration="false",
    )


VARIANT = Variant(
    name="knows-no-dynamic-limits",
    title="Knows no dynamic limits",
    what_is_unusual="The charger reports that it knows neither dynamic profiles nor maxOfflineDuration.",
    why_legal="OCPP 2.1 leaves both to the charger, which tells whether it has them.",
    clauses=("OCPP 2.1 K01.FR.121", "SmartChargingCtrlr.SupportsFeature"),
    touches=("SC-04.2", "BI-16.1"),
    apply=_alter,
    declares={"pics": {"dynamic_profiles": "undeclared", "limits_end_offline": "undeclared"}},
)
