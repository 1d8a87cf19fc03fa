"""Of several limits the highest counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._composite import Flow, flow_at
from harness.emulator.ocpp.smart_charging._profiles import EXTERNAL, STATION_MAX

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    ocpp = ocpp_of(station)
    smart = ocpp.smart_charging

    def highest() -> Flow:
        outer = (STATION_MAX, EXTERNAL)
        sources = [[p for p in smart.active() if p.purpose == purpose] for purpose in outer]
        sources.append([p for p in smart.active() if p.purpose not in outer])
        flows = [flow_at(each, ocpp.time.now(), smart.situation(), smart.hardware) for each in sources if each]
        nothing = flow_at([], ocpp.time.now(), smart.situation(), smart.hardware)
        return max(flows, key=lambda flow: flow.charge_w, default=nothing)

    swap(smart, "flow_now", lambda _: highest)


DEFECT = Defect(
    name="takes-the-highest",
    title="The highest of several limits counts",
    what_is_broken="When two sources limit the power, the charger follows the higher limit instead of the lower one.",
    must_fail=("OCPP-K01.P020", "SITE-EMS.P001"),
    may_fail=("OCPP-K01.P021", "SITE-EMS.P005"),  # the power is up already when the lower limit is withdrawn
    run=("PR-15",),
    apply=_break,
)
