"""After a session ended, ChargingStationMaxProfile binds no more until a profile is installed; it is still reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._composite import flow_at
from harness.emulator.ocpp.smart_charging._profiles import STATION_MAX

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    smart = client.smart_charging
    forgotten = {"is": False}

    def ended(inner: Any) -> Any:
        def end(transaction_id: str) -> None:
            forgotten["is"] = True
            inner(transaction_id)

        return end

    def installed(inner: Any) -> Any:
        def install(profile: Any) -> None:
            forgotten["is"] = False
            inner(profile)

        return install

    def flow(inner: Any) -> Any:
        def now() -> Any:
            if not forgotten["is"]:
                return inner()
            kept = [p for p in smart.active() if p.purpose != STATION_MAX]
            return flow_at(kept, client.time.now(), smart.situation(), smart.hardware)

        return now

    swap(smart, "transaction_ended", ended)
    swap(smart, "install", installed)
    swap(smart, "flow_now", flow)


DEFECT = Defect(
    name="second-session-without-station-limit",
    title="Forgets the station's limit after a session",
    what_is_broken=(
        "After a session ended, ChargingStationMaxProfile binds no more until a profile is installed; it is "
        "still reported."
    ),
    must_fail=("OCPP-K01.P106",),
    run=("OCPP-K01.P106",),
    depth="acceptance",
    apply=_break,
)
