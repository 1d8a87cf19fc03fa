"""Reports all its limits, whichever were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def all_of_them(get: Any) -> Any:
        return lambda request: get({"requestId": request["requestId"], "chargingProfile": {}})

    swap(ocpp_of(station).schedule_reports, "get_charging_profiles", all_of_them)


DEFECT = Defect(
    name="reports-whatever-it-has",
    title="Reports all its limits, whichever were asked for",
    what_is_broken="GetChargingProfiles with a criterion reports every charging profile that there is.",
    must_fail=("OCPP-K09.P111",),
    run=("OCPP-K09.P111",),
    may_fail=("OCPP-K10.P101", "OCPP-K10.P102"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
