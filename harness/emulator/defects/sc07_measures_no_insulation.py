"""A cable check that puts no voltage on the cable, and finds the insulation good at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, car_link_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station
    from harness.emulator.secc import SeccEvent


def _break(station: Station) -> None:
    link = car_link_of(station)

    def without_voltage(plain: Callable[[SeccEvent], None]) -> Callable[[SeccEvent], None]:
        def hear(event: SeccEvent) -> None:
            plain(event)
            if event.what == "cable_check":
                link.plant.hlc(charging=False, output_on=True, target_u_v=0.0)

        return hear

    swap(link, "heard", without_voltage)
    swap(link, "_isolation", lambda plain: lambda: "valid")


DEFECT = Defect(
    name="measures-no-insulation",
    title="Says that the insulation is good, and measures nothing",
    what_is_broken="In a DC session's cable check no voltage is put on the cable: the check is finished as soon as "
    "it is asked for.",
    must_fail=("CP-A.P210",),
    run=("CP-A.P210",),
    depth="acceptance",
    apply=_break,
)
