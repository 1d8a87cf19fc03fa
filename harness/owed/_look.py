"""Reading what a request is about to change, from the charger itself; what it does not tell is not touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography import x509

from harness.csms import Answer, Station
from harness.owed._model import Control, Setting, key_of, name_of

Payload = dict[str, Any]
ASKED_WITHIN_S = 15.0
_NOT_THERE = ("unknownvariable", "unknowncomponent", "notsupportedattributetype")
# ReportDERControl's lists, and the type of control in each; those of `curve` name their own
_KINDS = {
    "enterService": "EnterService",
    "fixedPFAbsorb": "FixedPFAbsorb",
    "fixedPFInject": "FixedPFInject",
    "fixedVar": "FixedVar",
    "freqDroop": "FreqDroop",
    "gradient": "Gradients",
    "limitMaxDischarge": "LimitMaxDischarge",
    "curve": "",
}


class NotTouched(TimeoutError):
    """It was not changed, as nobody could have put it back; the text says what and why."""


async def settings_before(
    station: Station, items: Iterable[Mapping[str, Any]], known: Mapping[tuple[str, ...], str]
) -> list[Setting]:
    """The values that variables have now; those that the charger does not have at all are left out.

    Raises NotTouched.
    """
    bare = [{k: v for k, v in item.items() if k != "attributeValue"} for item in items]
    found = [Setting(item, known[key_of(item)]) for item in bare if key_of(item) in known]
    for item in bare:
        if key_of(item) in known:
            continue
        answer = await station.call("GetVariables", {"getVariableData": [item]}, ASKED_WITHIN_S)
        told = _one(answer.payload.get("getVariableResult"))
        value, status = told.get("attributeValue"), str(told.get("attributeStatus", ""))
        if isinstance(value, str):
            found.append(Setting(item, value))
        elif status.lower() not in _NOT_THERE:
            gave = " and gave none" if status.lower() == "accepted" else ""
            why = f"asked for the value it has now, {said(answer, status)}{gave}; nobody could put it back"
            raise NotTouched(f"{name_of(item)} is not set: {why}")
    return found


async def controls_of(station: Station, kind: str | None) -> list[Control]:
    """The DER controls of a type (None: of all) that are in force or wait. Raises NotTouched."""
    asked = await station.get_der_control(kind, within_s=ASKED_WITHIN_S)
    if not asked.complete or asked.answer.status is None:
        why = asked.missing or said(asked.answer, "")
        raise NotTouched(f"DER controls ({kind or 'all'}) are not changed: asked for those it has now, {why}")
    found = []
    for report in asked.items:
        for field, of_field in _KINDS.items():
            for entry in report.get(field) or []:
                body = next((v for v in entry.values() if isinstance(v, dict)), {})
                if not entry.get("isSuperseded"):
                    one = Control(str(entry.get("id")), of_field or str(entry.get("curveType")), True, field, body)
                    found.append(Control(one.id, one.kind, bool(entry.get("isDefault", True)), field, body))
    return found


@dataclass(frozen=True)
class Installed:
    """Serial numbers in hexadecimal: of the one that is to be installed, and of those that are there."""

    asked: str
    there: frozenset[str]


async def certificates_of(station: Station, payload: Payload) -> Installed:
    """What lies there already, of the type that is to be installed, or of all. Raises NotTouched."""
    kinds = [payload["certificateType"]] if "certificateType" in payload else []
    answer = await station.get_installed_certificate_ids(*kinds, within_s=ASKED_WITHIN_S)
    if answer.status not in ("Accepted", "NotFound"):
        raise NotTouched(f"its certificates are not changed: asked for those it has, {said(answer, '')}")
    return Installed(serial_of(payload.get("certificate")), frozenset(serials(answer)))


def serials(answer: Answer) -> dict[str, Payload]:
    """The certificates that GetInstalledCertificateIds told, by serial number."""
    found = {}
    for chain in answer.payload.get("certificateHashDataChain") or []:
        for each in [chain.get("certificateHashData"), *(chain.get("childCertificateHashData") or [])]:
            if isinstance(each, dict):
                found[str(each.get("serialNumber", "")).lower().lstrip("0")] = each
    return found


async def list_version(station: Station) -> int:
    """The version of the local list, 0: none, or an empty one. Raises NotTouched."""
    answer = await station.call("GetLocalListVersion", {}, ASKED_WITHIN_S)
    version = answer.payload.get("versionNumber")
    if not isinstance(version, int):
        raise NotTouched(f"the local list is not replaced: asked for its version, {said(answer, '')}")
    return 0 if version <= 0 or await _is_empty(station) else version


async def _is_empty(station: Station) -> bool:
    """Whether its local list has no entries (D01.FR.12): a list that was emptied keeps a version."""
    item = {"component": {"name": "LocalAuthListCtrlr"}, "variable": {"name": "Entries"}}
    answer = await station.call("GetVariables", {"getVariableData": [item]}, ASKED_WITHIN_S)
    return bool(_one(answer.payload.get("getVariableResult")).get("attributeValue") == "0")


def said(answer: Answer, status: str) -> str:
    """What the charger answered, in plain words."""
    return f"the charger answered {status or answer.status or answer.error_code or 'nothing'}"


def _one(results: object) -> dict[str, Any]:
    first = results[0] if isinstance(results, list) and results else {}
    return first if isinstance(first, dict) else {}


def serial_of(pem: object) -> str:
    """Of the first certificate; "" when it is none, which no charger takes."""
    try:
        return f"{x509.load_pem_x509_certificate(str(pem).encode()).serial_number:x}"
    except ValueError:
        return ""
