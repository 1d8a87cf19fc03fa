"""Tells its connectors' states after a start, and no change of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def mute(_: Callable[[], None]) -> Callable[[], None]:
        return lambda: None

    swap(ocpp_of(station).status, "changed", mute)


DEFECT = Defect(
    name="silent-about-status",
    title="Does not report that a connector is taken",
    what_is_broken="The charger reports its connectors after a start, but says nothing when a car comes or goes.",
    must_fail=("OCPP-G01.P002",),
    run=("SC-09",),
    apply=_break,
)
