"""Has a clock of its own, and takes the backend's time from nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, ocpp_of, put

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    put(station, ClockCtrlr__TimeSource="RealTimeClock")
    source = ocpp_of(station).model.find("ClockCtrlr", "TimeSource")
    assert source is not None
    source.choices = ("RealTimeClock",)


VARIANT = Variant(
    name="keeps-its-own-time",
    title="Keeps the time by a clock of its own",
    what_is_unusual="Its only source of time is a clock that it has itself; what the backend tells does not set it.",
    why_legal="Which sources of time there are is up to the charger; heartbeats set its clock only where it says so.",
    clauses=("OCPP 2.0.1 B01.FR.06, G02.FR.06, ClockCtrlr.TimeSource",),
    touches=("OCPP-B01.P110", "OCPP-G02.P401"),
    may_change={"OCPP-G02.P401": "inconclusive"},
    depth="acceptance",
    apply=_alter,
)
