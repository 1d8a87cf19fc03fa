"""Writes its time stamps with the offset of its own time zone."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere, says
from harness.emulator.variants._model import Variant

if TYPE_CHECKING:
    from harness.emulator._station import Station

ZONE = datetime.timezone(datetime.timedelta(hours=2))
TIMES = ("timestamp", "generatedAt", "scheduleStart", "startSchedule", "dynUpdateTime", "timeBase")


def _alter(station: Station) -> None:
    def with_offset(key: str, value: Any) -> Any:
        if key not in TIMES or not isinstance(value, str):
            return value
        there = datetime.datetime.fromisoformat(value).astimezone(ZONE)
        return there.isoformat(timespec="milliseconds")

    says(station, lambda _, payload: everywhere(payload, with_offset))


VARIANT = Variant(
    name="local-time",
    title="Time stamps with the offset of its time zone",
    what_is_unusual="Every time that the charger writes ends in +02:00 instead of Z.",
    why_legal="OCPP asks for RFC 3339 and recommends UTC, but prescribes no time zone: an offset says the same moment.",
    clauses=("OCPP 2.0.1 Part 2, 2.1 (time format), RFC 3339",),
    touches=("SC-05", "SC-09", "SC-04.7", "PR-15.1", "SC-06.1", "SC-06.5"),
    apply=_alter,
)
