"""Runs another firmware than the one that was certified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(ocpp_of(station).firmware, "version", lambda _: "1.3.9-rc2")


DEFECT = Defect(
    name="reports-other-firmware",
    title="Runs another firmware than the certified one",
    what_is_broken="The firmware that the charger reports is not the one on its certificates.",
    must_fail=("OCPP-B07.P001",),
    run=("GEN-02",),
    apply=_break,
)
