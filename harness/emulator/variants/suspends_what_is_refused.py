"""Suspends a session whose token is refused, instead of ending it; or the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, ocpp_of, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    ends = ocpp_of(station).model.flag("TxCtrlr", "StopTxOnInvalidId")
    put(station, TxCtrlr__StopTxOnInvalidId="false" if ends else "true")


VARIANT = Variant(
    name="suspends-what-is-refused",
    title="Does the other thing with a session whose token is refused",
    what_is_unusual="Where the plain charger ends a session whose token its backend refuses, this one suspends it.",
    why_legal="StopTxOnInvalidId says which of the two it does; in both of them no energy flows.",
    clauses=("OCPP 2.0.1 E05.FR.02", "OCPP 2.0.1 E05.FR.10"),
    touches=("SC-04.3",),
    apply=_alter,
)
