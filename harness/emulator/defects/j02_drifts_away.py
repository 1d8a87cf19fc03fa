"""Reports the power rightly at first, and ever more wrongly as the session goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Values = Callable[[str, Any], Any]
SHARE_A_SECOND = 0.01


def _break(station: Station) -> None:
    client = ocpp_of(station)
    began: dict[str, float] = {}

    def ever_more(values: Values) -> Values:
        def told(measurand: str, readings: Any) -> Any:
            now = client.time.monotonic()
            since = now - began.setdefault(client.transaction_id or "", now)
            return values(measurand, replace(readings, p_w=readings.p_w * (1 + SHARE_A_SECOND * since)))

        return told

    swap(client.metering, "values", ever_more)


DEFECT = Defect(
    name="drifts-away",
    title="Reports power that drifts away from what flows",
    what_is_broken="The power that the charger reports is right at first, and a hundredth more with every second.",
    must_fail=("OCPP-J02.P002",),
    run=("OCPP-J02.P002",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
