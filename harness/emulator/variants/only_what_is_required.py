"""Leaves out every field that OCPP makes optional and that says no more than the default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere, says
from harness.emulator.variants._model import Variant

if TYPE_CHECKING:
    from harness.emulator._station import Station

Json = dict[str, Any]
DEFAULTS: Json = {
    "tbc": False,
    "offline": False,
    "attributeType": "Actual",
    "type": "Actual",
    "persistent": False,
    "constant": False,
    "context": "Sample.Periodic",
    "measurand": "Energy.Active.Import.Register",
    "location": "Outlet",
}
NEVER_NEEDED = (
    "attributeStatusInfo",
    "mutability",
    "numberOfPhasesUsed",
    "serialNumber",
    "statusInfo",
    "techInfo",
    "timeSpentCharging",
    "variableCharacteristics",
)
NEEDED_OF_A_CERTIFICATE = ("serialNumber",)  # CertificateHashDataType: 1..1, unlike the station's own number


def _alter(station: Station) -> None:
    def bare(key: str, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        if key == "unitOfMeasure" and value == {"unit": "Wh"}:
            return None
        needed = NEEDED_OF_A_CERTIFICATE if "issuerNameHash" in value else ()
        left = {k: v for k, v in value.items() if (k not in NEVER_NEEDED or k in needed) and v is not None}
        return {k: v for k, v in left.items() if k not in DEFAULTS or DEFAULTS[k] != v}

    def message(name: str, payload: Json) -> Json:
        made: Json = everywhere(payload, bare)
        if name == "SecurityEventNotificationRequest":
            made["type"] = payload["type"]
        return made

    says(station, message)


VARIANT = Variant(
    name="only-what-is-required",
    title="Leaves out what the standard makes optional",
    what_is_unusual="Its messages leave out optional fields that only inform, and those that hold the default's value.",
    why_legal="A field with cardinality 0..1 may be left out; one with a default then has the default's value.",
    clauses=("OCPP 2.0.1 Part 2, 3 (messages, datatypes): cardinality 0..1",),
    touches=("SC-09", "SC-05", "SC-04", "BI-16.1", "BI-20", "GEN-02", "PR-15.1", "PR-15.5"),
    apply=_alter,
)
