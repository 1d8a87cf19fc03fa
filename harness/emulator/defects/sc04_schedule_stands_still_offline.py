"""While offline the periods of a schedule do not go on: what held when the link was lost holds until it is back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._composite import flow_at

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    smart = client.smart_charging

    def flow(_inner: Any) -> Any:
        def now() -> Any:
            at = client.time.now() - (client.connection.offline_s() or 0.0)
            return flow_at(smart.active(), at, smart.situation(), smart.hardware)

        return now

    swap(smart, "flow_now", flow)


DEFECT = Defect(
    name="schedule-stands-still-offline",
    title="Its schedule's clock stops while offline",
    what_is_broken=(
        "While offline the periods of a schedule do not go on: what held when the link was lost holds until it is back."
    ),
    must_fail=("OCPP-K01.P107", "OCPP-K01.P108", "OCPP-Q04.P105"),
    run=("OCPP-K01.P107", "OCPP-K01.P108", "OCPP-Q04.P105"),
    depth="acceptance",
    apply=_break,
)
