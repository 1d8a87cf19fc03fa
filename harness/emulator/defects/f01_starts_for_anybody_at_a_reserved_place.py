"""Starts a session for whoever is named, at a place that is reserved for somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(ocpp_of(station).reservations, "admits", lambda plain: lambda evse, token, about: True)


DEFECT = Defect(
    name="starts-for-anybody-at-a-reserved-place",
    title="A reservation keeps nobody away",
    what_is_broken="A remote start with another driver's token is accepted at an EVSE that is reserved.",
    must_fail=("OCPP-F01.P113",),
    run=("OCPP-F01.P113",),
    depth="acceptance",
    apply=_break,
)
