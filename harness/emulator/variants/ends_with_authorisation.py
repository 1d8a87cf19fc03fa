"""Ends a transaction when its authorisation ends; a car that leaves only interrupts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    put(station, TxCtrlr__TxStopPoint="Authorized", TxCtrlr__StopTxOnEVSideDisconnect="false")


VARIANT = Variant(
    name="ends-with-authorisation",
    title="A car that leaves does not end the transaction",
    what_is_unusual="TxStopPoint is Authorized and StopTxOnEVSideDisconnect is off: unplugging interrupts, no more.",
    why_legal="E10 describes it: the transaction goes on, and energy flows again when the same cable is back.",
    clauses=("OCPP 2.0.1 E10", "TxCtrlr.StopTxOnEVSideDisconnect, TxCtrlr.TxStopPoint"),
    touches=("SC-05.1", "SC-05.2", "SC-09.2", "SC-09.3", "SC-04.2"),
    apply=_alter,
)
