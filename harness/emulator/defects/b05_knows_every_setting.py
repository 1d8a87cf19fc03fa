"""Has, by its own word, every setting and attribute that it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station

_UNKNOWN = ("UnknownComponent", "UnknownVariable", "NotSupportedAttributeType")


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        for name in ("setVariableResult", "getVariableResult"):
            for each in payload.get(name, []) if message.endswith("VariablesResponse") else []:
                if each["attributeStatus"] in _UNKNOWN:
                    each["attributeStatus"] = "Accepted"
                    each.update({"attributeValue": ""} if name == "getVariableResult" else {})
        return payload

    says(station, otherwise)


DEFECT = Defect(
    name="knows-every-setting",
    title="Accepts settings that it does not have",
    what_is_broken="A component, variable or attribute that the charger does not have is read and set as if it had it.",
    must_fail=("OCPP-B05.P110", "OCPP-B05.P111", "OCPP-B05.P112", "OCPP-B06.P110", "OCPP-B06.P111", "OCPP-B06.P112"),
    run=("OCPP-B05.P110", "OCPP-B05.P111", "OCPP-B05.P112", "OCPP-B06.P110", "OCPP-B06.P111", "OCPP-B06.P112"),
    may_fail=("OCPP-B05.R010",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
