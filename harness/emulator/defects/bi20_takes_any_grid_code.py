"""Says that it supports every kind of grid code setting."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Supported = Callable[[str], bool]


def _break(station: Station) -> None:
    def yes(_: Supported) -> Supported:
        return lambda control_type: True

    swap(ocpp_of(station).der, "supported", yes)


DEFECT = Defect(
    name="takes-any-grid-code",
    title="Accepts grid code settings that it does not support",
    what_is_broken="A DER control of a kind that the charger does not list is answered with Accepted.",
    must_fail=("OCPP-R04.P003",),
    run=("BI-20",),
    apply=_break,
)
