"""Leaves the factory set to report nothing but the energy register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    put(station, SampledDataCtrlr__TxUpdatedMeasurands="Energy.Active.Import.Register")
    put(station, AlignedDataCtrlr__Measurands="Energy.Active.Import.Register")


VARIANT = Variant(
    name="meters-energy-only",
    title="Reports energy only, until told otherwise",
    what_is_unusual="From the factory it samples Energy.Active.Import.Register alone; the backend may add more.",
    why_legal="What is sampled is the operator's setting; OCPP gives it no value that a charger must come with.",
    clauses=("OCPP 2.0.1 J02.FR.01, J02.FR.11", "SampledDataCtrlr.TxUpdatedMeasurands"),
    touches=("SC-04.7", "SC-09.3", "SC-05.2"),
    apply=_alter,
)
