"""Requests for what there is not, each beside the same one that can be met: the rows of `test_what_is_not_there.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.hands import Stand

Payload = Mapping[str, Any]

# names in a payload that a run replaces by its own: its EVSE and connector, and numbers and ids that nobody has
EVSE, CONNECTOR, TRANSACTION = "$evse", "$connector", "$transaction"
TOKEN_TYPE, IN_TEN_MINUTES = "$token type", "$in ten minutes"
NO_EVSE, NO_CONNECTOR, NOBODY = 98, 97, "chargeproof-nothing-has-this-id"

# who knows no such place may say so in the answer, or with an error about the value (part 4, 4.3)
REFUSED = ("Rejected", "PropertyConstraintViolation", "GenericError")


@dataclass(frozen=True)
class Asked:
    """One request, and what its answer has to be: a status in `accept`, the fields of `holds`, none of `lacks`."""

    action: str
    payload: Payload
    accept: tuple[str, ...] = ()
    holds: Payload = field(default_factory=dict)
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """`wrong` has to be refused as it says; `right` is the control, `undo` takes back what that changed."""

    purpose: str
    name: str
    wrong: tuple[Asked, ...]
    right: tuple[Asked, ...]
    undo: Asked | None = None


def named(stand: Stand, payload: Any) -> Any:
    """The payload with this run's own EVSE, connector and transaction in the place of their names."""
    if isinstance(payload, Mapping):
        return {key: named(stand, value) for key, value in payload.items()}
    if isinstance(payload, list | tuple):
        return [named(stand, each) for each in payload]
    if payload == TRANSACTION:
        return stand.session.id
    own = {
        EVSE: stand.pixit.evse_id,
        CONNECTOR: stand.pixit.ac_connector,
        TOKEN_TYPE: stand.pixit.id_token_type,
        IN_TEN_MINUTES: stand.time_in(600),
    }
    return own.get(payload, payload) if isinstance(payload, str) else payload


def _put(component: Any, variable: str, value: str, status: str, **more: Any) -> Asked:
    named_so = {"component": component, "variable": {"name": variable}, **more}
    holds = {"setVariableResult": {"attributeStatus": status}}
    return Asked("SetVariables", {"setVariableData": [{**named_so, "attributeValue": value}]}, holds=holds)


def _get(component: Any, variable: str, status: str, **more: Any) -> Asked:
    named_so = {"component": component, "variable": {"name": variable}, **more}
    return Asked(
        "GetVariables", {"getVariableData": [named_so]}, holds={"getVariableResult": {"attributeStatus": status}}
    )


_COMM = {"name": "OCPPCommCtrlr"}
_NOWHERE = {"name": "NoSuchComponentCtrlr"}
_HERE, _ELSEWHERE = {"name": "EVSE", "evse": {"id": EVSE}}, {"name": "EVSE", "evse": {"id": NO_EVSE}}
_KNOWN = _get(_COMM, "OfflineThreshold", "Accepted")
_SAME = _put(_COMM, "OfflineThreshold", "240", "Accepted")
_AT, _NOT_AT, _NO_PLUG = {"id": EVSE}, {"id": NO_EVSE}, {"id": EVSE, "connectorId": NO_CONNECTOR}
_IN_SERVICE = {"operationalStatus": "Operative"}

SETTINGS = (
    Row("OCPP-B05.P110", "a component", (_put(_NOWHERE, "Interval", "1", "UnknownComponent"),), (_SAME,)),
    Row("OCPP-B05.P111", "a variable", (_put(_COMM, "NoSuchVariable", "1", "UnknownVariable"),), (_SAME,)),
    Row("OCPP-B06.P110", "a variable to read", (_get(_COMM, "NoSuchVariable", "UnknownVariable"),), (_KNOWN,)),
    Row(
        "OCPP-B06.P112",
        "a component of an EVSE to read",
        (_get(_ELSEWHERE, "AvailabilityState", "UnknownComponent"),),
        (_get(_HERE, "AvailabilityState", "Accepted"),),
    ),
)
PLACES = (
    Row(
        "OCPP-F05.P002",
        "a connector to unlock",
        tuple(
            Asked("UnlockConnector", {"evseId": evse, "connectorId": connector}, ("UnknownConnector",))
            for evse, connector in ((EVSE, NO_CONNECTOR), (NO_EVSE, 1))
        ),
        (Asked("UnlockConnector", {"evseId": EVSE, "connectorId": CONNECTOR}, ("Unlocked", "UnlockFailed")),),
    ),
    Row(
        "OCPP-G03.P110",
        "an EVSE, and a connector, to put into service",
        tuple(Asked("ChangeAvailability", {**_IN_SERVICE, "evse": at}, REFUSED) for at in (_NOT_AT, _NO_PLUG)),
        (Asked("ChangeAvailability", {**_IN_SERVICE, "evse": _AT}, ("Accepted",)),),
    ),
    Row(
        "OCPP-K08.P110",
        "an EVSE whose schedule is asked for",
        (Asked("GetCompositeSchedule", {"duration": 60, "evseId": NO_EVSE}, ("Rejected",), lacks=("schedule",)),),
        (Asked("GetCompositeSchedule", {"duration": 60, "evseId": EVSE}, ("Accepted",)),),
    ),
    Row(
        "OCPP-F06.P110",
        "a connector whose status, and an EVSE whose meter, is asked for",
        (
            Asked(
                "TriggerMessage",
                {"requestedMessage": "StatusNotification", "evse": _NO_PLUG},
                (*REFUSED, "NotImplemented"),
            ),
            Asked("TriggerMessage", {"requestedMessage": "MeterValues", "evse": _NOT_AT}, (*REFUSED, "NotImplemented")),
        ),
        (
            Asked(
                "TriggerMessage",
                {"requestedMessage": "StatusNotification", "evse": {"id": EVSE, "connectorId": CONNECTOR}},
                ("Accepted", "Rejected", "NotImplemented"),
            ),
        ),
    ),
)
REPORTS = (
    Row(
        "OCPP-B08.P110",
        "a component to report",
        (
            Asked(
                "GetReport",
                {"requestId": 7021, "componentVariable": [{"component": _NOWHERE}]},
                ("EmptyResultSet",),
            ),
        ),
        (Asked("GetReport", {"requestId": 7022, "componentVariable": [{"component": _COMM}]}, ("Accepted",)),),
    ),
    Row(
        "OCPP-P01.P001",
        "an extension of a vendor's",
        (
            Asked(
                "DataTransfer",
                {"vendorId": "eu.chargeproof.nobody", "messageId": "Nothing"},
                ("UnknownVendorId", "UnknownMessageId", "Rejected", "NotSupported", "NotImplemented"),
            ),
        ),
        (_KNOWN,),
    ),
)
NETWORK_PROFILE = {
    "ocppVersion": "OCPP20",
    "ocppTransport": "JSON",
    "ocppCsmsUrl": "wss://chargeproof.invalid/nothing",
    "messageTimeout": 30,
    "securityProfile": 3,
    "ocppInterface": "Wired0",
}
NETWORKS = (
    Row(
        "OCPP-B09.P001",
        "a slot for a network profile",
        (Asked("SetNetworkProfile", {"configurationSlot": 9999, "connectionData": NETWORK_PROFILE}, ("Rejected",)),),
        (_KNOWN,),  # what is in a slot cannot be read, so that no slot that there is may be written
    ),
)
SESSIONS = (
    Row(
        "OCPP-E14.P003",
        "a session whose state is asked for",
        (
            Asked(
                "GetTransactionStatus",
                {"transactionId": NOBODY},
                holds={"ongoingIndicator": False, "messagesInQueue": False},
            ),
        ),
        (Asked("GetTransactionStatus", {"transactionId": TRANSACTION}, holds={"ongoingIndicator": True}),),
    ),
    Row(
        "OCPP-F03.P110",
        "a session to stop",
        (Asked("RequestStopTransaction", {"transactionId": NOBODY}, ("Rejected",)),),
        (Asked("RequestStopTransaction", {"transactionId": TRANSACTION}, ("Accepted",)),),
    ),
)
_DRIVER = {"idToken": "CHARGEPROOF-ONE", "type": TOKEN_TYPE}
_UNTIL = {"idToken": _DRIVER, "expiryDateTime": IN_TEN_MINUTES}
_NUMBER = 7031
RESERVED = (
    Row(
        "OCPP-H01.P110",
        "an EVSE to reserve",
        (Asked("ReserveNow", {"id": _NUMBER, **_UNTIL, "evseId": NO_EVSE}, REFUSED),),
        (Asked("ReserveNow", {"id": _NUMBER, **_UNTIL, "evseId": EVSE}, ("Accepted",)),),
        undo=Asked("CancelReservation", {"reservationId": _NUMBER}),
    ),
    Row(
        "OCPP-H02.P001",
        "a reservation to cancel",
        (Asked("CancelReservation", {"reservationId": _NUMBER + 900}, ("Rejected",)),),
        (
            Asked("ReserveNow", {"id": _NUMBER, **_UNTIL, "evseId": EVSE}, ("Accepted",)),
            Asked("CancelReservation", {"reservationId": _NUMBER}, ("Accepted",)),
        ),
    ),
)
ROWS = {row.purpose: row for row in (*SETTINGS, *PLACES, *REPORTS, *NETWORKS, *SESSIONS, *RESERVED)}
