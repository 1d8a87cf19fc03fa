"""Takes a limit of zero from the energy management system for none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def falsy(put: Callable[..., None]) -> Callable[..., None]:
        return lambda charge_w, discharge_w: put(charge_w or None, discharge_w or None)

    swap(ocpp_of(station).smart_charging.external, "set", falsy)


DEFECT = Defect(
    name="zero-is-none",
    title="Zero from the site is no limit",
    what_is_broken=("When the energy management system on site says zero the charger takes that for no limit at all."),
    must_fail=("SITE-EMS.P001",),
    run=("PR-15.4",),
    apply=_break,
)
