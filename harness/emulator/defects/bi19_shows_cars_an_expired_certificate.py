"""Shows cars a certificate that ran out half an hour ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from harness.emulator.defects._model import Defect, car_link_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

_HALF_AN_HOUR_AGO = -0.02  # days


def _break(station: Station) -> None:
    swap(
        car_link_of(station),
        "config",
        lambda plain: lambda interface: msgspec.structs.replace(plain(interface), leaf_days=_HALF_AN_HOUR_AGO),
    )


DEFECT = Defect(
    name="shows-cars-an-expired-certificate",
    title="Its certificate for cars has run out",
    what_is_broken="The certificate that the charger shows to cars by ISO 15118 has run out, and cars leave.",
    must_fail=("I20-V2G.P004",),
    may_fail=("I20-V2G.P001", "I20-V2G.P002", "I20-V2G.P003", "OCPP-K15.P001"),
    run=("I20-V2G.P004",),
    apply=_break,
)
