"""Knows one stack level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    put(station, SmartChargingCtrlr__ProfileStackLevel="0")


VARIANT = Variant(
    name="knows-one-stack-level",
    title="Knows one stack level",
    what_is_unusual="ProfileStackLevel is 0: a charging profile of any higher level is rejected.",
    why_legal="ProfileStackLevel is the highest level that a charger takes, and OCPP asks for none in particular.",
    clauses=("SmartChargingCtrlr.ProfileStackLevel",),
    touches=("SC-04", "SC-09.5", "PR-15"),
    apply=_alter,
)
