"""A car whose diode is missing before voltage stands is energised; only a diode that goes missing later is noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    plant = station.plant
    good = {"is": False}

    def fault(inner: Any) -> Any:
        def look() -> str:
            seen = str(inner())
            if seen == "diode":
                return seen if good["is"] else ""
            good["is"] = plant.contactor.closed
            return seen

        return look

    swap(plant, "pilot_fault", fault)


DEFECT = Defect(
    name="diode-missing-from-the-start",
    title="Looks for the diode only while voltage stands",
    what_is_broken=(
        "A car whose diode is missing before voltage stands is energised; only a diode that goes missing "
        "later is noticed."
    ),
    must_fail=("CP-A.P101",),
    run=("CP-A.P101",),
    depth="acceptance",
    apply=_break,
)
