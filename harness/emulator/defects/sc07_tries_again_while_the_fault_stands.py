"""Opens at a fault of the pilot, and gives power again two and a half seconds later, whatever the pilot says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

WAITS_NS = 2_500_000_000
AGAIN_W = 3000.0


def _break(station: Station) -> None:
    plant = station.plant
    since_ns: list[int | None] = [None]

    def again() -> bool:
        return since_ns[0] is not None and plant.now_ns - since_ns[0] > WAITS_NS

    def forgetful(plain: Callable[[], str]) -> Callable[[], str]:
        def look() -> str:
            seen = plain()
            if not seen:
                since_ns[0] = None
            elif since_ns[0] is None and plant.contactor_closed:
                since_ns[0] = plant.now_ns
            return "" if again() else seen

        return look

    swap(plant, "pilot_fault", forgetful)
    swap(plant, "must_open", lambda plain: lambda: not again() and plain())
    swap(plant, "may_energise", lambda plain: lambda: again() or plain())
    swap(plant, "wanted_w", lambda plain: lambda: AGAIN_W if again() else plain())


DEFECT = Defect(
    name="tries-again-while-the-fault-stands",
    title="Switches on again while the pilot is still at fault",
    what_is_broken="Two and a half seconds after a fault of the pilot took the voltage away it is switched on again.",
    must_fail=("CP-A.P103", "CP-A.P204", "CP-A.P206"),
    run=("CP-A.P103", "CP-A.P204", "CP-A.P206"),
    depth="acceptance",
    apply=_break,
)
