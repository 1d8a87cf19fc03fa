"""Writes its time stamps without fractions of a second."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere, says
from harness.emulator.variants._model import Variant

if TYPE_CHECKING:
    from harness.emulator._station import Station

FRACTION = re.compile(r"(?<=T\d\d:\d\d:\d\d)\.\d+(?=Z$)")


def _alter(station: Station) -> None:
    def cut(_: str, value: Any) -> Any:
        return FRACTION.sub("", value) if isinstance(value, str) else value

    says(station, lambda _, payload: everywhere(payload, cut))


VARIANT = Variant(
    name="whole-seconds",
    title="Time stamps in whole seconds",
    what_is_unusual="Every time that the charger writes is cut to the whole second before.",
    why_legal="OCPP allows three decimals at most, and recommends to leave fractions of a second out.",
    clauses=("OCPP 2.0.1 Part 2, time format (decimal places)",),
    touches=("SC-05", "SC-09", "SC-04.7", "PR-15.1", "SC-06.1", "SC-06.5"),
    apply=_alter,
)
