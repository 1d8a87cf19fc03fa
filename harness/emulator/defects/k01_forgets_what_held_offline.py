"""Discards a limit that held offline for a while, also when it should be valid again."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def install(inner: Any) -> Any:
        return lambda profile: inner(dataclasses.replace(profile, invalid_after_offline=True))

    for evse in ocpp_of(station).evses.values():
        swap(evse.smart_charging, "install", install)


DEFECT = Defect(
    name="forgets-what-held-offline",
    title="Forgets limits that held offline",
    what_is_broken=(
        "A charging profile with a maxOfflineDuration that was over is discarded, although "
        "invalidAfterOfflineDuration is not set."
    ),
    must_fail=("OCPP-K01.P130",),
    run=("OCPP-K01.P130",),
    apply=_break,
    depth="acceptance",
)
