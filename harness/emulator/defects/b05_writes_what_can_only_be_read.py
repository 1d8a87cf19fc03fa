"""Takes a value for what can only be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        for each in payload.get("setVariableResult", []) if message == "SetVariablesResponse" else []:
            if each.get("attributeStatusInfo", {}).get("reasonCode") == "ReadOnly":
                each["attributeStatus"] = "Accepted"
        return payload

    says(station, otherwise)


DEFECT = Defect(
    name="writes-what-can-only-be-read",
    title="Accepts a value for what can only be read",
    what_is_broken="A variable that is read-only takes a value, by what the charger answers.",
    must_fail=("OCPP-B05.P114",),
    run=("OCPP-B05.P114",),
    may_fail=("OCPP-B05.R010",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
