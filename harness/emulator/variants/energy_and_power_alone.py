"""Measures energy and power, and no currents, voltages or state of charge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, ocpp_of, put

if TYPE_CHECKING:
    from harness.emulator._station import Station

KNOWN = (
    "Energy.Active.Import.Register",
    "Energy.Active.Export.Register",
    "Power.Active.Import",
    "Power.Active.Export",
    "Power.Active.Setpoint",
)


def _alter(station: Station) -> None:
    less = ",".join(KNOWN[:4])
    put(station, SampledDataCtrlr__TxStartedMeasurands=less, SampledDataCtrlr__TxUpdatedMeasurands=less)
    put(station, SampledDataCtrlr__TxEndedMeasurands=less, AlignedDataCtrlr__Measurands=less)
    for variable in ocpp_of(station).model:
        if variable.component in ("SampledDataCtrlr", "AlignedDataCtrlr") and "Measurands" in variable.name:
            variable.choices = KNOWN


VARIANT = Variant(
    name="energy-and-power-alone",
    title="Few measurands",
    what_is_unusual="Of the measurands it knows energy and power in both directions; others cannot be set.",
    why_legal="Which measurands a charger knows is what its variables list.",
    clauses=("OCPP 2.0.1 J02", "SampledDataCtrlr.TxUpdatedMeasurands, valuesList"),
    touches=("SC-04.7", "SC-09.2", "SC-09.3", "BI-16.1", "BI-16.2"),
    apply=_alter,
)
