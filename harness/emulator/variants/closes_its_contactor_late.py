"""Takes almost three seconds until voltage stands once the car asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, ocpp_of

if TYPE_CHECKING:
    from harness.emulator._station import Station

AFTER_S = 2.8


def _alter(station: Station) -> None:
    for evse in ocpp_of(station).evses.values():
        evse.plant.contactor.close_delay_s = AFTER_S  # type: ignore[attr-defined]


VARIANT = Variant(
    name="closes-its-contactor-late",
    title="Takes its time to switch on",
    what_is_unusual="Between the car's state C and voltage at its contacts almost three seconds pass, each time.",
    why_legal="IEC 61851-1 gives the charger three seconds to switch on.",
    clauses=("IEC 61851-1 Annex A",),
    touches=("SC-07", "SC-09.3"),
    apply=_alter,
)
