"""Sends meter values every second, in and outside of transactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    put(station, AlignedDataCtrlr__Interval="1", SampledDataCtrlr__TxUpdatedInterval="1")


VARIANT = Variant(
    name="samples-all-the-time",
    title="Meter values every second, always",
    what_is_unusual="Clock-aligned and sampled values come every second, without a transaction as MeterValues.",
    why_legal="The intervals are settings; clock-aligned values are sent whether or not somebody charges.",
    clauses=("OCPP 2.0.1 J01, J02.FR.11",),
    touches=("SC-04", "SC-05", "SC-09", "PR-15.1"),
    apply=_alter,
)
