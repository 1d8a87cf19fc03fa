"""Passes over the offset of a time, and reads it as if it were UTC."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp._times import instant_of

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _as_utc(text: str | None) -> float | None:
    return None if text is None else instant_of(text[:-6] + "Z" if text[-6] in "+-" else text)


def _break(station: Station) -> None:
    def install(inner: Any) -> Any:
        def without_offsets(profile: Any) -> None:
            raw = profile.raw
            schedules = tuple(
                dataclasses.replace(plan, start=_as_utc(told.get("startSchedule")))
                for plan, told in zip(profile.schedules, raw["chargingSchedule"], strict=True)
            )
            begins, ends = _as_utc(raw.get("validFrom")), _as_utc(raw.get("validTo"))
            inner(dataclasses.replace(profile, schedules=schedules, valid_from=begins, valid_to=ends))

        return without_offsets

    for evse in ocpp_of(station).evses.values():
        swap(evse.smart_charging, "install", install)


DEFECT = Defect(
    name="reads-local-time-as-utc",
    title="Reads a time with an offset as UTC",
    what_is_broken="Of a time like 14:00+02:00 the offset is passed over: it is taken for 14:00 UTC.",
    must_fail=("OCPP-K01.P404",),
    run=("OCPP-K01.P404",),
    depth="acceptance",
    apply=_break,
)
