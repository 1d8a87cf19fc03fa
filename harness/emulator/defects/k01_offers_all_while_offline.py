"""Follows no limit while the backend is out of reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._composite import flow_at

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    smart = client.smart_charging

    def flow(inner: Any) -> Any:
        def now() -> Any:
            if client.connection.online.is_set():
                return inner()
            return flow_at([], client.time.now(), smart.situation(), smart.hardware)

        return now

    swap(smart, "flow_now", flow)


DEFECT = Defect(
    name="offers-all-while-offline",
    title="Gives all there is as soon as the link is down",
    what_is_broken="While the charger is offline no limit binds; once it is back at its backend, all of them do again.",
    must_fail=("OCPP-K01.P202",),
    run=("OCPP-K01.P202",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
