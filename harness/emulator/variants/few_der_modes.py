"""Supports two DER controls, and none for AC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, ocpp_of

if TYPE_CHECKING:
    from harness.emulator._station import Station

MODES = "LimitMaxDischarge,EnterService"


def _alter(station: Station) -> None:
    model = ocpp_of(station).model
    listed = model.find("DCDERCtrlr", "ModesSupported", "", 1)
    assert listed is not None
    listed.value = MODES
    model.remove("ACDERCtrlr")


VARIANT = Variant(
    name="few-der-modes",
    title="Two DER controls, DC only",
    what_is_unusual="DCDERCtrlr.ModesSupported lists LimitMaxDischarge and EnterService; there is no ACDERCtrlr.",
    why_legal="ModesSupported says which controls there are; what is not listed is answered NotSupported.",
    clauses=("OCPP 2.1 R04.FR.01", "DCDERCtrlr.ModesSupported"),
    touches=("BI-20",),
    apply=_alter,
)
