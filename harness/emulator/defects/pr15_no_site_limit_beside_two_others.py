"""When the backend limits both the session and the station, a lower limit of the site's energy manager is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._composite import flow_at, leading, transaction_slot
from harness.emulator.ocpp.smart_charging._profiles import EXTERNAL, STATION_MAX

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    smart = client.smart_charging

    def flow(_inner: Any) -> Any:
        def now() -> Any:
            here, at, how = smart.active(), client.time.now(), smart.situation()
            if transaction_slot(here, at, how) and leading(here, STATION_MAX, at, how):
                here = [p for p in here if p.purpose != EXTERNAL]
            return flow_at(here, at, how, smart.hardware)

        return now

    swap(smart, "flow_now", flow)


DEFECT = Defect(
    name="no-site-limit-beside-two-others",
    title="Compares two limits at most",
    what_is_broken=(
        "When the backend limits both the session and the station, a lower limit of the site's energy manager "
        "is left out."
    ),
    must_fail=("SITE-EMS.P002", "SITE-EMS.P003"),
    run=("SITE-EMS.P002", "SITE-EMS.P003"),
    depth="acceptance",
    apply=_break,
)
