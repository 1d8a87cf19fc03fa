"""Takes a recurring schedule for one that happens once."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def install(inner: Any) -> Any:
        def once(profile: Any) -> None:
            inner(dataclasses.replace(profile, kind="Absolute") if profile.kind == "Recurring" else profile)

        return once

    for evse in ocpp_of(station).evses.values():
        swap(evse.smart_charging, "install", install)


DEFECT = Defect(
    name="recurs-never",
    title="Recurring limits happen once",
    what_is_broken=("A charging profile that recurs each day or week is followed the first time alone."),
    must_fail=("OCPP-K01.P124", "OCPP-K08.P101"),
    run=("OCPP-K01.P124", "OCPP-K08.P101"),
    apply=_break,
    depth="acceptance",
)
