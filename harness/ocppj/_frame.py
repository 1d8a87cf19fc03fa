"""One OCPP-J frame out of its octets: type, id, action, payload, and what is wrong with its framing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from harness.ocppj._json import NotJson, parts_of, type_name, value_of

CALL, CALLRESULT, CALLERROR, CALLRESULTERROR, SEND = 2, 3, 4, 5, 6
NAMES = {
    CALL: "CALL",
    CALLRESULT: "CALLRESULT",
    CALLERROR: "CALLERROR",
    CALLRESULTERROR: "CALLRESULTERROR",
    SEND: "SEND",
}
_ELEMENTS = {CALL: 4, CALLRESULT: 3, CALLERROR: 5, CALLRESULTERROR: 5, SEND: 4}
_PAYLOAD_AT = {CALL: 3, CALLRESULT: 2, SEND: 3}
_MOST_ID, _MOST_DESCRIPTION = 36, 255

# OCPP-J Part 4, 4.3, table of RPC framework error codes; the same in 2.0.1 and 2.1
ERROR_CODES = frozenset(
    (
        *("FormatViolation", "GenericError", "InternalError", "MessageTypeNotSupported", "NotImplemented"),
        *("NotSupported", "OccurrenceConstraintViolation", "PropertyConstraintViolation", "ProtocolError"),
        *("RpcFrameworkError", "SecurityError", "TypeConstraintViolation"),
    )
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame as it was read. What could not be read is None; `faults` says why, in plain words.

    `action` is what the frame itself names: an answer names none. Version and schema are not looked at here.
    """

    type: int | None = None
    id: str | None = None
    action: str | None = None
    error_code: str | None = None
    error_description: str | None = None
    faults: tuple[str, ...] = ()

    @property
    def is_answer(self) -> bool:
        """Whether it answers a CALL."""
        return self.type in (CALLRESULT, CALLERROR)


def read(octets: bytes) -> Frame:
    """Read one message (OCPP-J Part 4, 4.1 and 4.2). Never raises: whatever is wrong stands in `faults`."""
    try:
        return _read(parts_of(octets))
    except NotJson as error:
        return Frame(faults=(str(error),))
    except TypeError as error:
        return Frame(faults=(f"not an OCPP-J message: {error} instead of an array",))


def _read(parts: list[msgspec.Raw]) -> Frame:
    if not parts:
        return Frame(faults=("not an OCPP-J message: an empty array",))
    faults: list[str] = []
    kind, identifier = _kind(parts, faults), _identifier(parts, faults)
    if kind is None:
        return Frame(None, identifier, faults=tuple(faults))
    if len(parts) != _ELEMENTS[kind]:
        faults.append(f"{NAMES[kind]} has {len(parts)} elements instead of {_ELEMENTS[kind]}")
    action = code = description = None
    if kind in (CALL, SEND):
        action = _text(parts, 2, "action", faults)
    if kind in _PAYLOAD_AT:
        _object(parts, _PAYLOAD_AT[kind], "payload", faults)
    else:
        code, description = _error(parts, faults)
    return Frame(kind, identifier, action, code, description, tuple(faults))


def payload_of(octets: bytes) -> dict[str, Any]:
    """The payload of a CALL, CALLRESULT or SEND; empty for everything else, and for what cannot be read."""
    try:
        parts = parts_of(octets)
        place = _PAYLOAD_AT.get(value_of(parts[0])) if parts else None
        payload = value_of(parts[place]) if place is not None and len(parts) > place else None
    except (NotJson, TypeError):
        return {}
    return payload if isinstance(payload, dict) else {}


def _kind(parts: list[msgspec.Raw], faults: list[str]) -> int | None:
    kind = value_of(parts[0])
    if not isinstance(kind, int) or isinstance(kind, bool):
        faults.append(f"message type is {type_name(kind)} instead of an integer from 2 to 6")
        return None
    if kind not in _ELEMENTS:
        faults.append(f"message type {str(kind)[:20]} does not exist in OCPP-J")
        return None
    return kind


def _identifier(parts: list[msgspec.Raw], faults: list[str]) -> str | None:
    identifier = value_of(parts[1]) if len(parts) > 1 else None
    if not isinstance(identifier, str):
        seen = "missing" if len(parts) < 2 else type_name(identifier)
        faults.append(f"message id is {seen}; it must be a string of at most {_MOST_ID} characters")
        return None
    if not identifier:
        faults.append("message id is empty")
    elif len(identifier) > _MOST_ID:
        faults.append(f"message id has {len(identifier)} characters; OCPP-J allows {_MOST_ID}")
    return identifier


def _text(parts: list[msgspec.Raw], place: int, what: str, faults: list[str]) -> str | None:
    """A string element; the count of elements has told already when it is missing."""
    value = value_of(parts[place]) if len(parts) > place else None
    if isinstance(value, str):
        return value
    if len(parts) > place:
        faults.append(f"{what} is {type_name(value)} instead of a string")
    return None


def _object(parts: list[msgspec.Raw], place: int, what: str, faults: list[str]) -> None:
    if len(parts) > place and not bytes(parts[place]).lstrip().startswith(b"{"):
        faults.append(f"{what} is {type_name(value_of(parts[place]))} instead of an object")


def _error(parts: list[msgspec.Raw], faults: list[str]) -> tuple[str | None, str | None]:
    code = _text(parts, 2, "error code", faults)
    if code is not None and code not in ERROR_CODES:
        faults.append(f"error code {code[:60]!r} is not one of OCPP-J Part 4's")
    description = _text(parts, 3, "error description", faults)
    if description is not None and len(description) > _MOST_DESCRIPTION:
        faults.append(f"error description has {len(description)} characters; OCPP-J allows {_MOST_DESCRIPTION}")
    _object(parts, 4, "error details", faults)
    return code, description
