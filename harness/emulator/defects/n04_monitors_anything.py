"""Monitors what there is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message == "SetMonitoringLevelResponse":
            return {"status": "Accepted"}
        for name in ("setMonitoringResult", "clearMonitoringResult"):
            for each in payload.get(name, []) if message.endswith("MonitoringResponse") else []:
                if each["status"] != "Accepted":
                    each.update({"status": "Accepted", "id": each.get("id", 77)})
        return payload

    says(station, otherwise)


DEFECT = Defect(
    name="monitors-anything",
    title="Sets and clears monitors of what there is not",
    what_is_broken="Monitors of unknown variables, of negative differences and with unknown numbers are accepted.",
    must_fail=("OCPP-N04.P001", "OCPP-N04.P002", "OCPP-N05.P001", "OCPP-N06.P001"),
    run=("OCPP-N04.P001", "OCPP-N04.P002", "OCPP-N05.P001", "OCPP-N06.P001"),
    may_fail=("OCPP-N06.R002",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
