"""Takes the default for sessions as a bound for a session's own limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._composite import Flow, flow_at
from harness.emulator.ocpp.smart_charging._profiles import TX

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    ocpp = ocpp_of(station)
    smart = ocpp.smart_charging

    def narrow(flow_now: Callable[[], Flow]) -> Callable[[], Flow]:
        def lower_of_both() -> Flow:
            rest = [each for each in smart.active() if each.purpose != TX]
            without = flow_at(rest, ocpp.time.now(), smart.situation(), smart.hardware)
            return min(flow_now(), without, key=lambda flow: flow.charge_w)

        return lower_of_both

    swap(smart, "flow_now", narrow)


DEFECT = Defect(
    name="default-binds-sessions",
    title="A session's own limit cannot exceed the default",
    what_is_broken="A limit for the running session only counts where it is below the default for sessions.",
    must_fail=("OCPP-K01.P022",),
    run=("PR-15",),
    apply=_break,
)
