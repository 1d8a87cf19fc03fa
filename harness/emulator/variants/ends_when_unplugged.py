"""Ends a transaction when the cable is taken out, and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    put(station, TxCtrlr__TxStopPoint="EVConnected", TxCtrlr__TxStartPoint="EVConnected")


VARIANT = Variant(
    name="ends-when-unplugged",
    title="Transactions last from plug to unplug",
    what_is_unusual="TxStartPoint and TxStopPoint are EVConnected: the cable alone begins and ends a transaction.",
    why_legal="Both lists may hold EVConnected alone.",
    clauses=("OCPP 2.0.1 E01.FR.02, E06.FR.02", "TxCtrlr.TxStartPoint, TxCtrlr.TxStopPoint"),
    touches=("SC-04", "SC-05.2", "SC-09.2", "SC-09.3", "PR-15", "BI-16", "BI-19"),
    apply=_alter,
)
