"""Keeps to itself what the car asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

News = Callable[[str, dict[str, Any]], None]


def _break(station: Station) -> None:
    def discreet(car_session: News) -> News:
        def all_but_needs(event: str, data: dict[str, Any]) -> None:
            if event != "needs":
                car_session(event, data)

        return all_but_needs

    swap(ocpp_of(station).v2x, "car_session", discreet)


DEFECT = Defect(
    name="hides-the-cars-needs",
    title="Does not tell the backend what the car needs",
    what_is_broken="What the car asked for over ISO 15118 is never passed on to the backend.",
    must_fail=("OCPP-K15.P001",),
    run=("SC-09.7", "BI-19.1"),
    apply=_break,
)
