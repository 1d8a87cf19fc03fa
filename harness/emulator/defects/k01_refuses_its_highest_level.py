"""Refuses its own highest stack level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def check(inner: Any) -> Any:
        def below(request: Any) -> Any:
            highest = client.model.integer("SmartChargingCtrlr", "ProfileStackLevel")
            if request["chargingProfile"]["stackLevel"] >= highest:
                return {"status": "Rejected", "statusInfo": {"reasonCode": "InvalidStackLevel"}}
            return inner(request)

        return below

    swap(client.smart_charging, "set_charging_profile", check)


DEFECT = Defect(
    name="refuses-its-highest-level",
    title="Refuses its own highest stack level",
    what_is_broken=("ProfileStackLevel is 10, and a charging profile of level 10 is rejected."),
    must_fail=("OCPP-K01.P128",),
    may_fail=("OCPP-K10.P103",),
    run=("OCPP-K01.P128",),
    apply=_break,
    depth="acceptance",
)
