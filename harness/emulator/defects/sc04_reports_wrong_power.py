"""Reports a fifth more power than flows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.emulator._ports import Readings
from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Values = Callable[[str, Readings], list[dict[str, Any]]]


def _break(station: Station) -> None:
    def off_by_a_fifth(values: Values) -> Values:
        return lambda measurand, readings: values(measurand, replace(readings, p_w=readings.p_w * 1.2))

    swap(ocpp_of(station).metering, "values", off_by_a_fifth)


DEFECT = Defect(
    name="reports-wrong-power",
    title="Reports wrong meter values",
    what_is_broken="The power that the charger reports to the backend is a fifth more than what flows.",
    must_fail=("OCPP-J02.P001",),
    run=("SC-04",),
    apply=_break,
)
