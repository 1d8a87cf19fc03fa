"""Of what goes out of service with a session, only one EVSE does, not the station."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    status = ocpp_of(station).status

    def change(plain: Any) -> Any:
        def one_only(request: dict[str, Any]) -> Any:
            waits = request["operationalStatus"] == "Inoperative" and status._client.transactions.current is not None
            return {"status": "Scheduled"} if waits and "evse" not in request else plain(request)

        return one_only

    swap(status, "change_availability", change)


DEFECT = Defect(
    name="station-stays-in-service",
    title="The station as a whole stays in service",
    what_is_broken="Told to take the whole station out of service in a session, it says Scheduled and does nothing.",
    must_fail=("OCPP-G03.P004",),
    run=("OCPP-G03.P004",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
