"""Refuses to be put where it is already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    last: dict[str, str] = {}

    def once(plain: Any) -> Any:
        def change(request: dict[str, Any]) -> Any:
            part, wanted = str(request.get("evse")), request["operationalStatus"]
            if last.get(part) == wanted:
                return {"status": "Rejected"}
            last[part] = wanted
            return plain(request)

        return change

    swap(ocpp_of(station).status, "change_availability", once)


DEFECT = Defect(
    name="refuses-what-it-is",
    title="Rejects to be put out of service when it is",
    what_is_broken="A change of availability to what the connector, the EVSE or the station is already is rejected.",
    must_fail=("OCPP-G03.P112", "OCPP-G03.P113", "OCPP-G04.P002"),
    run=("OCPP-G03.P112", "OCPP-G03.P113", "OCPP-G04.P002"),
    may_fail=("OCPP-G03.R003",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
