"""ClearChargingProfile with a stack level clears every profile that the backend has set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def clear(inner: Any) -> Any:
        def all_of_them(request: Any) -> Any:
            wanted = request.get("chargingProfileCriteria") or {}
            return inner({"chargingProfileCriteria": {}} if "stackLevel" in wanted else request)

        return all_of_them

    swap(ocpp_of(station).smart_charging, "clear_charging_profile", clear)


DEFECT = Defect(
    name="clears-all-for-a-level",
    title="Clears every limit for those of one level",
    what_is_broken=(
        "ClearChargingProfile with a stack level clears every profile that the backend has set, whatever its level."
    ),
    must_fail=("OCPP-K10.P102", "OCPP-K10.P103"),
    run=("OCPP-K10.P102", "OCPP-K10.P103"),
    apply=_break,
    depth="acceptance",
)
