"""Can be reserved by nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    put(station, ReservationCtrlr__Available="false", ReservationCtrlr__Enabled="false")


VARIANT = Variant(
    name="takes-no-reservations",
    title="No reservations",
    what_is_unusual="Its reservation controller is not available; ReserveNow is rejected.",
    why_legal="Reservation is an optional block, and the tender does not ask for it.",
    clauses=("OCPP 2.0.1 H", "ReservationCtrlr.Available"),
    touches=("OCPP-H01.P001",),
    apply=_alter,
    depth="acceptance",
)
