"""Ignores for how long a limit may hold offline."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def install(inner: Any) -> Any:
        return lambda profile: inner(dataclasses.replace(profile, max_offline_s=None))

    for evse in ocpp_of(station).evses.values():
        swap(evse.smart_charging, "install", install)


DEFECT = Defect(
    name="offline-for-ever",
    title="Ignores how long a limit may hold offline",
    what_is_broken=(
        "maxOfflineDuration is stored and reported, and a profile goes on being followed however long the "
        "backend is away."
    ),
    must_fail=("OCPP-K01.P129",),
    may_fail=("OCPP-K01.P130", "OCPP-Q11.P101"),
    run=("OCPP-K01.P129",),
    apply=_break,
    depth="acceptance",
)
