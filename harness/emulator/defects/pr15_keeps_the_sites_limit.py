"""Keeps the site's limit when that is withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def set_(plain: Any) -> Any:
        def keep(charge_w: float | None, discharge_w: float | None) -> None:
            if charge_w is not None or discharge_w is not None:
                plain(charge_w, discharge_w)

        return keep

    swap(ocpp_of(station).smart_charging.external, "set", set_)


DEFECT = Defect(
    name="keeps-the-sites-limit",
    title="Keeps the site's limit for good",
    what_is_broken="A limit from the system on site stays in force when it is withdrawn.",
    must_fail=("SITE-EMS.P005",),
    run=("SITE-EMS.P001", "SITE-EMS.P005"),
    may_fail=("SITE-EMS.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
