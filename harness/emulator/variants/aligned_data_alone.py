"""Tells meter values by the clock, and none by the interval of a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, ocpp_of, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    put(station, AlignedDataCtrlr__Interval="2", SampledDataCtrlr__TxUpdatedInterval="0")
    sampled = ocpp_of(station).model.find("SampledDataCtrlr", "TxUpdatedInterval")
    assert sampled is not None
    sampled.high = 0  # another interval than none is refused


VARIANT = Variant(
    name="aligned-data-alone",
    title="Meter values by the clock alone",
    what_is_unusual="Within a transaction values come by the clock every two seconds; TxUpdatedInterval takes 0 alone.",
    why_legal="TxUpdatedInterval 0 means none; which values a variable takes is up to the charger.",
    clauses=("OCPP 2.0.1 J01", "SampledDataCtrlr.TxUpdatedInterval"),
    touches=("SC-04.7", "SC-09.3", "SC-05.2", "SC-09.2"),
    apply=_alter,
)
