"""Takes no notice of the energy management system on site."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Set = Callable[["float | None", "float | None"], None]


def _break(station: Station) -> None:
    def deaf(_: Set) -> Set:
        return lambda charge_w, discharge_w: None

    swap(ocpp_of(station).smart_charging.external, "set", deaf)


DEFECT = Defect(
    name="ignores-local-limit",
    title="Ignores the limit of the system on site",
    what_is_broken="A limit from the energy management system on site is accepted, but has no effect.",
    must_fail=("SITE-EMS.P001",),
    may_fail=("SITE-EMS.P005",),  # what never bound cannot be seen to lapse
    run=("PR-15",),
    apply=_break,
)
