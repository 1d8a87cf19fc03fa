"""ClearChargingProfile with several criteria clears what meets one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def clear(inner: Any) -> Any:
        def by_one(request: Any) -> Any:
            wanted = dict(request.get("chargingProfileCriteria") or {})
            for name in ("chargingProfilePurpose", "evseId"):
                if name in wanted:
                    return inner({"chargingProfileCriteria": {name: wanted[name]}})
            return inner(request)

        return by_one

    swap(ocpp_of(station).smart_charging, "clear_charging_profile", clear)


DEFECT = Defect(
    name="clears-what-meets-one-criterion",
    title="Clears what meets one criterion of several",
    what_is_broken=(
        "Of several criteria of a ClearChargingProfile it goes by the purpose alone, or else by the EVSE alone."
    ),
    must_fail=("OCPP-K10.P102",),
    run=("OCPP-K10.P102",),
    apply=_break,
    depth="acceptance",
)
