"""A transaction begins when cable and permission are both there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    put(station, TxCtrlr__TxStartPoint="PowerPathClosed", TxCtrlr__TxStopPoint="EVConnected")


VARIANT = Variant(
    name="starts-with-the-power-path",
    title="From the power path to unplugging",
    what_is_unusual="TxStartPoint is PowerPathClosed, TxStopPoint is EVConnected.",
    why_legal="Both lists may hold any of their members.",
    clauses=("OCPP 2.0.1 E01.FR.05, E06.FR.02", "TxCtrlr.TxStartPoint, TxCtrlr.TxStopPoint"),
    touches=("SC-04.2", "SC-05.2", "SC-09.2", "SC-09.3", "BI-16.1"),
    apply=_alter,
)
