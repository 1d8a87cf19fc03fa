"""A discharge limit of the site's energy manager is taken and told to the backend, and does not bind the export."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._composite import flow_at
from harness.emulator.ocpp.smart_charging._profiles import EXTERNAL

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    smart = client.smart_charging

    def bare(profile: Any) -> Any:
        if profile.purpose != EXTERNAL:
            return profile
        cut = tuple(
            replace(s, periods=tuple(replace(p, discharge_limit=None) for p in s.periods)) for s in profile.schedules
        )
        return replace(profile, schedules=cut)

    def flow(_inner: Any) -> Any:
        return lambda: flow_at([bare(p) for p in smart.active()], client.time.now(), smart.situation(), smart.hardware)

    swap(smart, "flow_now", flow)


DEFECT = Defect(
    name="site-limit-binds-charging-alone",
    title="Exports beyond the site's limit",
    what_is_broken=(
        "A discharge limit of the site's energy manager is taken and told to the backend, and does not bind the export."
    ),
    must_fail=("SITE-EMS.P004",),
    run=("SITE-EMS.P004",),
    depth="acceptance",
    apply=_break,
)
