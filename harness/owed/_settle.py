"""Ticking off: which answers show that something is back as it was, or was never changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from harness.csms import Answer
from harness.owed._look import Payload, serial_of
from harness.owed._model import Certificate, Owed, key_of

_TAKEN = ("accepted", "rebootrequired")
_UNKNOWN = ("NotImplemented", "NotSupported")  # one that does not know the request has done nothing of it


class Ledger(Protocol):
    """What is owed, the values of variables as the charger told them last, whether it took firmware (`taken`).

    `held` are the charging profiles of ours that it accepted.
    """

    owed: Owed
    taken: bool
    known: dict[tuple[str, ...], str]
    held: set[int]


def settle(debts: Ledger, action: str, payload: Payload, answer: Answer) -> None:
    """Take out of what is owed what this answer settles. Without an answer nothing is settled."""
    if answer.event is not None and (tick := _TICKS.get(action)) is not None:
        tick(debts, payload, answer)


def _variables_told(debts: Ledger, _: Payload, answer: Answer) -> None:
    for told in _dicts(answer.payload.get("getVariableResult")):
        if isinstance(value := told.get("attributeValue"), str):
            debts.known[key_of(told)] = value


def _variables_set(debts: Ledger, payload: Payload, answer: Answer) -> None:
    items, results = _dicts(payload.get("setVariableData")), _dicts(answer.payload.get("setVariableResult"))
    by_name = {key_of(each): each for each in results}
    by_place = results if len(results) == len(items) else [{}] * len(items)
    for item, there in zip(items, by_place, strict=True):
        key, value = key_of(item), item.get("attributeValue")
        status = str(by_name.get(key, there).get("attributeStatus", "")).lower()
        if status in _TAKEN:
            debts.known[key] = str(value)
        elif not status and not answer.error_code:
            continue  # nobody knows what became of it
        now = debts.known.get(key)  # where it was refused, the value that it had before
        debts.owed.settings = [s for s in debts.owed.settings if (key_of(s.item), s.value) != (key, now)]


def _profile_set(debts: Ledger, payload: Payload, answer: Answer) -> None:
    profile = payload.get("chargingProfile") or {}
    number = profile.get("id")
    theirs = [each for each in debts.owed.profiles if each.body == profile]
    if answer.accepted and isinstance(number, int):
        debts.held.add(number)
    elif (answer.error_code or answer.status == "Rejected") and number not in debts.held:
        debts.owed.ours = [each for each in debts.owed.ours if each != number]  # refused: it never was there
    if theirs and answer.accepted:
        debts.owed.profiles = [each for each in debts.owed.profiles if each not in theirs]
        debts.owed.ours = [each for each in debts.owed.ours if each != number]  # it took the place of ours


def _profile_cleared(debts: Ledger, payload: Payload, answer: Answer) -> None:
    if answer.status in ("Accepted", "Unknown") and (number := payload.get("chargingProfileId")) is not None:
        debts.owed.ours = [each for each in debts.owed.ours if each != number]


def _availability(debts: Ledger, payload: Payload, answer: Answer) -> None:
    evse = (payload.get("evse") or {}).get("id") or 0
    back = payload.get("operationalStatus") == "Operative" and answer.status in ("Accepted", "Scheduled")
    refused = answer.status == "Rejected" or answer.error_code in _UNKNOWN
    never = payload.get("operationalStatus") == "Inoperative" and refused
    if back or never:
        debts.owed.evses = [each for each in debts.owed.evses if each != evse]


def _reserved(debts: Ledger, payload: Payload, answer: Answer) -> None:
    if not answer.accepted:
        debts.owed.reservations = [each for each in debts.owed.reservations if each != payload.get("id")]


def _cancelled(debts: Ledger, payload: Payload, answer: Answer) -> None:
    if answer.status in ("Accepted", "Rejected"):  # Rejected: it knows no such reservation
        number = payload.get("reservationId")
        debts.owed.reservations = [each for each in debts.owed.reservations if each != number]


def _monitors_set(debts: Ledger, payload: Payload, answer: Answer) -> None:
    """Each gets the id that was told for it; what was not taken is not owed."""
    told = {key_of(each): each for each in _dicts(answer.payload.get("setMonitoringResult"))}
    for item in _dicts(payload.get("setMonitoringData")):
        mine = next((m for m in debts.owed.monitors if m.id is None and m.item == item), None)
        if mine is None:
            continue
        debts.owed.monitors.remove(mine)
        result = told.get(key_of(item), {})
        if result.get("status") == "Accepted" and isinstance(result.get("id"), int):
            debts.owed.monitors.append(msgspec.structs.replace(mine, id=result["id"]))


def _monitors_cleared(debts: Ledger, _: Payload, answer: Answer) -> None:
    results = _dicts(answer.payload.get("clearMonitoringResult"))
    gone = {each.get("id") for each in results if each.get("status") in ("Accepted", "NotFound")}
    debts.owed.monitors = [each for each in debts.owed.monitors if each.id is None or each.id not in gone]


def _control_set(debts: Ledger, payload: Payload, answer: Answer) -> None:
    number = payload.get("controlId")
    if answer.accepted:
        debts.owed.grid = [each for each in debts.owed.grid if each.id != number]
    else:
        debts.owed.controls = [each for each in debts.owed.controls if each != number]


def _control_cleared(debts: Ledger, payload: Payload, answer: Answer) -> None:
    if answer.status in ("Accepted", "NotFound") and (number := payload.get("controlId")) is not None:
        debts.owed.controls = [each for each in debts.owed.controls if each != number]


def _installed(debts: Ledger, payload: Payload, answer: Answer) -> None:
    if not answer.accepted:
        refused = Certificate(str(payload.get("certificateType")), serial_of(payload.get("certificate")))
        debts.owed.certificates = [each for each in debts.owed.certificates if each != refused]


def _deleted(debts: Ledger, payload: Payload, answer: Answer) -> None:
    serial = str((payload.get("certificateHashData") or {}).get("serialNumber", "")).lower().lstrip("0")
    if answer.status in ("Accepted", "NotFound"):
        debts.owed.certificates = [each for each in debts.owed.certificates if each.serial != serial]


def _list_sent(debts: Ledger, payload: Payload, answer: Answer) -> None:
    if answer.accepted and payload.get("updateType") == "Full" and not payload.get("localAuthorizationList"):
        debts.owed.local_list = False


def _renewed(debts: Ledger, payload: Payload, answer: Answer) -> None:
    """The last one that it took is the one that it has; one that it refused is nowhere."""
    serial = serial_of(payload.get("certificateChain"))
    refused = not answer.accepted
    debts.owed.stays = [
        each for each in debts.owed.stays if each.kind != "certificate" or (each.serial == serial) != refused
    ]


def _firmware_offered(debts: Ledger, _: Payload, answer: Answer) -> None:
    """Refused, it changes nothing, unless one that was offered before was taken."""
    if answer.accepted or answer.status == "AcceptedCanceled":
        debts.taken = True
    elif not debts.taken:
        debts.owed.stays = [each for each in debts.owed.stays if each.kind != "firmware"]


_TICKS: dict[str, Callable[[Ledger, Payload, Answer], None]] = {
    "GetVariables": _variables_told,
    "SetVariables": _variables_set,
    "SetChargingProfile": _profile_set,
    "ClearChargingProfile": _profile_cleared,
    "ChangeAvailability": _availability,
    "ReserveNow": _reserved,
    "CancelReservation": _cancelled,
    "SetVariableMonitoring": _monitors_set,
    "ClearVariableMonitoring": _monitors_cleared,
    "SetDERControl": _control_set,
    "ClearDERControl": _control_cleared,
    "InstallCertificate": _installed,
    "DeleteCertificate": _deleted,
    "SendLocalList": _list_sent,
    "UpdateFirmware": _firmware_offered,
    "CertificateSigned": _renewed,
}


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
