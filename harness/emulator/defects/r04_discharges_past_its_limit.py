"""Stores LimitMaxDischarge and does not follow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    rated_w = ocpp_of(station).plant.ratings.max_discharge_w
    swap(ocpp_of(station).der, "max_discharge_w", lambda inner: lambda: rated_w)


DEFECT = Defect(
    name="discharges-past-its-limit",
    title="Stores a limit to the discharge and does not follow it",
    what_is_broken=("LimitMaxDischarge is accepted and reported, and as much flows to the grid as before."),
    must_fail=("OCPP-R04.P102",),
    run=("OCPP-R04.P102",),
    apply=_break,
    depth="acceptance",
)
