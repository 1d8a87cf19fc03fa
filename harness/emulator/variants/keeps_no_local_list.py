"""Knows neither local lists nor priority charging, which are optional."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, put, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

UNKNOWN = ("GetLocalListVersion", "SendLocalList", "UsePriorityCharging")


def _alter(station: Station) -> None:
    def without(find: Callable[[str], Any]) -> Callable[[str], Any]:
        return lambda action: None if action in UNKNOWN else find(action)

    swap(ocpp_of(station), "find_handler", without)
    put(station, LocalAuthListCtrlr__Available="false", LocalAuthListCtrlr__Enabled="false")
    put(station, SmartChargingCtrlr__SupportedAdditionalPurposes="LocalGeneration")


VARIANT = Variant(
    name="keeps-no-local-list",
    title="Knows neither local lists nor priority charging",
    what_is_unusual="It has no local list and no priority charging, says so, and refuses what is for them.",
    why_legal="Both are optional: a charger tells in its device model whether it has them.",
    clauses=("OCPP 2.1 D01.FR.13, K21.FR.10 (errata 2025-09), LocalAuthListCtrlr.Available",),
    touches=("OCPP-D01.P401", "OCPP-D02.P401", "OCPP-K21.P401", "OCPP-K21.P402", "OCPP-K21.P403"),
    may_change=dict.fromkeys(
        ("OCPP-D01.P401", "OCPP-D02.P401", "OCPP-K21.P401", "OCPP-K21.P402", "OCPP-K21.P403"), "not_applicable"
    ),
    depth="acceptance",
    apply=_alter,
)
