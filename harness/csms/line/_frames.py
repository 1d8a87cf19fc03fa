"""One OCPP-J frame read from its text: type, id, action, payload and everything that is wrong with its framing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import msgspec

from harness.csms._schemas import Fault, SchemaBook

CALL, CALLRESULT, CALLERROR, CALLRESULTERROR, SEND = 2, 3, 4, 5, 6
UNREADABLE_ID = "-1"  # OCPP-J Part 4, 4.2.3: the id of a CALLERROR when the message id cannot be read

ERROR_CODES = frozenset(
    (
        "FormatViolation",
        "GenericError",
        "InternalError",
        "MessageTypeNotSupported",
        "NotImplemented",
        "NotSupported",
        "OccurrenceConstraintViolation",
        "PropertyConstraintViolation",
        "ProtocolError",
        "RpcFrameworkError",
        "SecurityError",
        "TypeConstraintViolation",
    )
)
_LENGTHS = {CALL: 4, CALLRESULT: 3, CALLERROR: 5, CALLRESULTERROR: 5, SEND: 4}
_NAMES = {
    CALL: "CALL",
    CALLRESULT: "CALLRESULT",
    CALLERROR: "CALLERROR",
    CALLRESULTERROR: "CALLRESULTERROR",
    SEND: "SEND",
}
_ID_IN_RUBBISH = re.compile(r'^\s*\[\s*2\s*,\s*"([^"\\]{1,36})"\s*,')
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Frame:
    """A frame as read. `reply` is the CALLERROR it deserves (id, code, text), None when it deserves none.

    `errors` are plain texts; an empty list means that framing (and, once checked, the schema) found nothing.
    """

    raw: str
    type: int | None = None
    id: str | None = None
    action: str | None = None
    payload: dict[str, Any] = field(default_factory=dict)
    error_code: str | None = None
    error_description: str | None = None
    errors: list[str] = field(default_factory=list)
    reply: tuple[str, str, str] | None = None


def read_frame(raw: str, version: str) -> Frame:
    """Read one text message. Never raises: whatever is wrong stands in `errors` (OCPP-J Part 4, 4.1 and 4.2)."""
    frame = Frame(raw)
    try:
        parts = _decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
        frame.errors.append(f"not JSON: {error}")
        found = _ID_IN_RUBBISH.match(raw[:200])
        if found:
            frame.reply = (found[1], "FormatViolation", "the message is not valid JSON")
        elif not re.match(r"\s*\[\s*[3456]\s*,", raw[:50]):  # never answer what was meant as an answer
            frame.reply = (UNREADABLE_ID, "RpcFrameworkError", "the message is not valid JSON")
        return frame
    if not isinstance(parts, list) or not parts:
        what = "an empty array" if parts == [] else f"JSON of type {_json_type(parts)}"
        frame.errors.append(f"not an OCPP-J message: {what} instead of an array that starts with a message type")
        frame.reply = (UNREADABLE_ID, "RpcFrameworkError", "a message must be a JSON array")
        return frame
    _read_type_and_id(frame, parts, version)
    if frame.type in _LENGTHS and frame.id is not None:
        _read_rest(frame, parts)
    return frame


def _read_type_and_id(frame: Frame, parts: list[Any], version: str) -> None:
    kind = parts[0]
    identifier = parts[1] if len(parts) > 1 else None
    if isinstance(kind, int) and not isinstance(kind, bool):
        frame.type = kind
    if isinstance(identifier, str):
        frame.id = identifier
        if len(identifier) > 36:
            frame.errors.append(f"message id has {len(identifier)} characters; OCPP-J allows 36")
        elif not identifier:
            frame.errors.append("message id is empty")
    else:
        seen = "missing" if len(parts) < 2 else f"of JSON type {_json_type(identifier)}"
        frame.errors.append(f"message id is {seen}; it must be a string of at most 36 characters")
    answerable = frame.id or UNREADABLE_ID
    if frame.type is None:
        frame.errors.append(f"message type is {_json_type(kind)} instead of an integer from 2 to 6")
        frame.reply = (answerable, "RpcFrameworkError", "the message type must be an integer")
    elif frame.type not in _LENGTHS:
        frame.errors.append(f"message type {kind} does not exist in OCPP-J")
        if frame.id:
            frame.reply = (frame.id, "MessageTypeNotSupported", f"message type {kind} is not known")
    elif frame.type in (CALLRESULTERROR, SEND) and version == "ocpp2.0.1":
        frame.errors.append(f"message type {kind} ({_NAMES[kind]}) does not exist in OCPP 2.0.1")
    elif frame.type == CALL and frame.id is None:
        frame.reply = (UNREADABLE_ID, "RpcFrameworkError", "the message id could not be read")


def _read_rest(frame: Frame, parts: list[Any]) -> None:
    kind = frame.type
    assert kind is not None and frame.id is not None
    if len(parts) != _LENGTHS[kind]:
        frame.errors.append(f"{_NAMES[kind]} has {len(parts)} elements instead of {_LENGTHS[kind]}")
        if kind == CALL:
            frame.reply = (frame.id, "RpcFrameworkError", f"a CALL has 4 elements, not {len(parts)}")
    if kind in (CALL, SEND):
        if len(parts) > 2 and isinstance(parts[2], str):
            frame.action = parts[2]
        elif len(parts) > 2:
            frame.errors.append(f"action is {_json_type(parts[2])} instead of a string")
            if kind == CALL:
                frame.reply = (frame.id, "RpcFrameworkError", "the action must be a string")
        _read_payload(frame, parts, 3)
    elif kind == CALLRESULT:
        _read_payload(frame, parts, 2)
    else:
        _read_error(frame, parts)


def _read_payload(frame: Frame, parts: list[Any], place: int) -> None:
    if len(parts) <= place:
        return  # the element count has said so already
    if isinstance(parts[place], dict):
        frame.payload = parts[place]
        return
    frame.errors.append(f"payload is {_json_type(parts[place])} instead of an object")
    if frame.type == CALL and frame.reply is None and frame.id is not None:
        frame.reply = (frame.id, "FormatViolation", "the payload must be a JSON object")


def _read_error(frame: Frame, parts: list[Any]) -> None:
    code = parts[2] if len(parts) > 2 else None
    text = parts[3] if len(parts) > 3 else None
    if isinstance(code, str):
        frame.error_code = code
        if code not in ERROR_CODES:
            frame.errors.append(f"error code {code[:60]!r} is not one of OCPP-J Part 4's")
    elif len(parts) > 2:
        frame.errors.append(f"error code is {_json_type(code)} instead of a string")
    if isinstance(text, str):
        frame.error_description = text
        if len(text) > 255:
            frame.errors.append(f"error description has {len(text)} characters; OCPP-J allows 255")
    elif len(parts) > 3:
        frame.errors.append(f"error description is {_json_type(text)} instead of a string")
    if len(parts) > 4 and not isinstance(parts[4], dict):
        frame.errors.append(f"error details are {_json_type(parts[4])} instead of an object")


def check_payload(frame: Frame, book: SchemaBook, action: str | None) -> None:
    """Hold the payload against the schema of `action` (of an answer: its CALL's) and note faults and the reply due."""
    if action is None or frame.type not in (CALL, CALLRESULT, SEND) or frame.reply is not None:
        return
    if frame.errors and frame.type != CALL:  # a CALL is answered although its id is odd, and must be read in full
        return
    faults: list[Fault]
    if frame.type == CALL:
        if action not in book.actions:
            frame.errors.append(f"action {action[:60]!r} does not exist in {book.version}")
            frame.reply = (frame.id or UNREADABLE_ID, "NotImplemented", f"{action[:60]} is not known in {book.version}")
            return
        faults = book.request(action, frame.payload)
    elif frame.type == CALLRESULT:
        faults = book.response(action, frame.payload) if action in book.actions else []
    elif action in book.sends:
        faults = book.send(action, frame.payload)
    else:
        frame.errors.append(f"{action[:60]!r} is not a SEND message of {book.version}")
        return
    if faults:
        frame.errors.extend(fault.text for fault in faults)
        if frame.id is not None and frame.type in (CALL, CALLRESULT):
            frame.reply = (frame.id, faults[0].code, faults[0].text[:255])


def call_text(identifier: str, action: str, payload: dict[str, Any]) -> str:
    """A CALL as it goes on the wire."""
    return _encode([CALL, identifier, action, payload]).decode()


def result_text(identifier: str, payload: dict[str, Any]) -> str:
    """A CALLRESULT as it goes on the wire."""
    return _encode([CALLRESULT, identifier, payload]).decode()


def error_text(identifier: str, code: str, description: str, kind: int = CALLERROR) -> str:
    """A CALLERROR (or, with kind 5, a CALLRESULTERROR) as it goes on the wire."""
    return _encode([kind, identifier, code, description[:255], {}]).decode()


def _json_type(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "an array" if isinstance(value, list) else "an object"
