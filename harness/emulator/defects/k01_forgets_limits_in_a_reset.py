"""Keeps no charging profile over a reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    profiles = ocpp_of(station).smart_charging.profiles
    swap(profiles, "reboot", lambda _: lambda: profiles.remove(list(profiles)))


DEFECT = Defect(
    name="forgets-limits-in-a-reset",
    title="Forgets every limit in a reset",
    what_is_broken=(
        "A limit that was set before a reset binds no longer after it: the car gets all that the nameplate allows."
    ),
    must_fail=("OCPP-K01.P201",),
    run=("OCPP-K01.P201",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
