"""A transaction begins when somebody may charge, and ends when the way of the power is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    put(station, TxCtrlr__TxStartPoint="Authorized", TxCtrlr__TxStopPoint="PowerPathClosed")


VARIANT = Variant(
    name="starts-with-the-permission",
    title="From the permission to the open contactor",
    what_is_unusual="TxStartPoint is Authorized, TxStopPoint is PowerPathClosed.",
    why_legal="Both lists may hold any of their members.",
    clauses=("OCPP 2.0.1 E01.FR.03, E06", "TxCtrlr.TxStartPoint, TxCtrlr.TxStopPoint"),
    touches=("SC-04.2", "SC-04.4", "SC-05.2", "SC-09.2", "SC-09.3", "BI-16.1", "BI-16.2"),
    apply=_alter,
)
