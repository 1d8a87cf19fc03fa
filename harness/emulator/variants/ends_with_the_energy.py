"""Ends a transaction when the energy ceases to flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    put(station, TxCtrlr__TxStopPoint="EnergyTransfer,EVConnected,Authorized")


VARIANT = Variant(
    name="ends-with-the-energy",
    title="A pause ends the transaction, until told otherwise",
    what_is_unusual="As it comes from the factory, TxStopPoint holds EnergyTransfer; the operator may take it out.",
    why_legal="With that stop point a transaction has to end when energy transfer stops; the list is a setting.",
    clauses=("OCPP 2.0.1 E06.FR.07", "TxCtrlr.TxStopPoint"),
    touches=("SC-04", "SC-05.2", "SC-09.2", "SC-09.3", "PR-15", "BI-16"),
    apply=_alter,
)
