"""Takes EVSEs out of service, and neither a connector nor the whole station."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def evses_only(plain: Any) -> Any:
        def change(request: dict[str, Any]) -> Any:
            whole_evse = "evse" in request and "connectorId" not in request["evse"]
            return plain(request) if whole_evse else {"status": "Accepted"}

        return change

    swap(ocpp_of(station).status, "change_availability", evses_only)


DEFECT = Defect(
    name="knows-evses-only",
    title="Takes neither a connector nor the whole station out of service",
    what_is_broken="A connector, or the station, that is to be out of service stays in it, though the charger accepts.",
    must_fail=("OCPP-G03.P111", "OCPP-G04.P001"),
    run=("OCPP-G03.P111", "OCPP-G04.P001"),
    may_fail=("OCPP-G03.R004",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
