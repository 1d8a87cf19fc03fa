"""ClearChargingProfile with a profile's number clears every profile that the backend has set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    limits = ocpp_of(station).smart_charging

    def clear(inner: Any) -> Any:
        return lambda request: inner({"chargingProfileCriteria": {}} if "chargingProfileId" in request else request)

    swap(limits, "clear_charging_profile", clear)


DEFECT = Defect(
    name="clears-all-limits",
    title="Clears every limit for one",
    what_is_broken="ClearChargingProfile with a profile's number clears every profile that the backend has set.",
    must_fail=("OCPP-K10.P101",),
    run=("OCPP-K10.P101",),
    apply=_break,
    depth="acceptance",
)
