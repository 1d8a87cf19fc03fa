"""Moves its power along a gentle ramp, and wakes up late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant

if TYPE_CHECKING:
    from harness.emulator._station import Station

RATE_W_S = 6000.0  # from 16 A to nothing in two seconds; the tender of these campaigns allows three
CLOSES_AFTER_S = 0.8


def _alter(station: Station) -> None:
    station.plant.ramp.rate_w_s = RATE_W_S
    station.plant.contactor.close_delay_s = CLOSES_AFTER_S


VARIANT = Variant(
    name="ramps-slowly",
    title="A gentle ramp, and a contactor that takes its time",
    what_is_unusual="Power moves by 6 kW a second, and the contactor closes 0.8 s after the car asked.",
    why_legal="OCPP gives no response time, the contract allows more; IEC 61851-1 leaves 3 s for closing.",
    clauses=("setpoint.response_time", "IEC 61851-1:2017 Annex A (sequences)"),
    touches=("SC-04", "SC-07", "PR-15", "BI-16", "BI-18", "BI-19"),
    apply=_alter,
)
