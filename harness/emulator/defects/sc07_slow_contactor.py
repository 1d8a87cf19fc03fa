"""Its contactor takes a second and a half to open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

SLOW_S = 1.5


def _break(station: Station) -> None:
    contactor = station.plant.contactor
    told_ns: int | None = None

    def sluggish(move: Callable[..., bool]) -> Callable[..., bool]:
        def later(now_ns: int, *, allowed: bool, power_w: float) -> bool:
            nonlocal told_ns
            opening = contactor.closed and not allowed
            told_ns = (told_ns if told_ns is not None else now_ns) if opening else None
            if told_ns is not None and now_ns - told_ns < SLOW_S * 1e9:
                return False
            return move(now_ns, allowed=allowed, power_w=power_w)

        return later

    swap(contactor, "open_delay_s", lambda _: SLOW_S)
    swap(contactor, "move", sluggish)


DEFECT = Defect(
    name="slow-contactor",
    title="Switches off too slowly",
    what_is_broken="When the car is no longer ready, the voltage stays on for another second and a half.",
    must_fail=("CP-A.P004", "CP-A.P005"),
    run=("SC-07",),
    confirms=("SC-07.8",),
    apply=_break,
)
