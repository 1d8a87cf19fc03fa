"""Loses the backend's limit when the site withdraws its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._profiles import TX_DEFAULT

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    smart = ocpp_of(station).smart_charging

    def set_(plain: Any) -> Any:
        def forget(charge_w: float | None, discharge_w: float | None) -> None:
            if charge_w is None and discharge_w is None:
                smart.profiles.remove([p for p in smart.profiles if p.purpose == TX_DEFAULT])
            plain(charge_w, discharge_w)

        return forget

    swap(smart.external, "set", set_)


DEFECT = Defect(
    name="loses-the-backends-limit-with-the-sites",
    title="Loses the backend's limit with the site's",
    what_is_broken="When the system on site withdraws its limit, the backend's limit for sessions goes with it.",
    must_fail=("SITE-EMS.P005", "SITE-EMS.P006"),
    run=("SITE-EMS.P001", "SITE-EMS.P005", "SITE-EMS.P006"),
    may_fail=("SITE-EMS.P001", "OCPP-K10.R001"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
