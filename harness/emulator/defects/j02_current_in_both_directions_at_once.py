"""Tells a current in both directions at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def values(plain: Any) -> Any:
        def sizes(measurand: str, readings: Any) -> Any:
            told = plain(measurand, readings)
            if measurand in ("Current.Import", "Current.Export"):
                for value, amps in zip(told, readings.i_a, strict=False):
                    value["value"] = round(abs(amps), 3)
            return told

        return sizes

    swap(ocpp_of(station).metering, "values", values)


DEFECT = Defect(
    name="current-in-both-directions-at-once",
    title="Tells a current in both directions at once",
    what_is_broken="Current.Import and Current.Export both are the size of the current, whichever way it flows.",
    must_fail=("OCPP-J02.P111",),
    run=(
        "OCPP-J02.P101",
        "OCPP-J02.P111",
    ),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
