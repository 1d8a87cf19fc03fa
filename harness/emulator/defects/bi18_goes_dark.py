"""Its light goes dark to save energy when nothing has changed for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


AFTER_NS = 12_000_000_000
Shines = Callable[[int], tuple[float, float, float]]


def _break(station: Station) -> None:
    panel, shown, since_ns = station.panel, "", 0

    def thrifty(shines: Shines) -> Shines:
        def for_a_while(now_ns: int) -> tuple[float, float, float]:
            nonlocal shown, since_ns
            if panel.shows() != shown:
                shown, since_ns = panel.shows(), now_ns
            light = shines(now_ns)
            return light if now_ns - since_ns < AFTER_NS else (0.0, 0.0, 0.0)

        return for_a_while

    swap(panel, "shines", thrifty)


DEFECT = Defect(
    name="goes-dark",
    title="The light goes dark during a long discharge",
    what_is_broken="When the light has shown the same for twelve seconds it goes dark, whatever flows.",
    must_fail=("LIGHT-V2X.P101",),
    run=("LIGHT-V2X.P101",),
    depth="acceptance",
    apply=_break,
)
