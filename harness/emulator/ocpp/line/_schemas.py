"""Which messages exist in which version, and which CALLERROR a malformed one earns (OCPP-J part 4, 4.3)."""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs

_FOLDERS = {"ocpp2.0.1": "v201", "ocpp2.1": "v21"}
_CODES = {
    "type": "TypeConstraintViolation",
    "required": "OccurrenceConstraintViolation",
    "minItems": "OccurrenceConstraintViolation",
    "maxItems": "OccurrenceConstraintViolation",
    "additionalProperties": "ProtocolError",
}


def known_action(version: str, action: str) -> bool:
    """Whether `action` is a request of this OCPP version."""
    return (_folder(version) / f"{action}Request.json").is_file() if action.isalnum() else False


def violation(version: str, message: str, payload: Any) -> tuple[str, str] | None:
    """None when `payload` fits the schema of `message` ("BootNotificationRequest"), else (error code, description)."""
    for error in _validator(version, message).iter_errors(payload):
        where = "/".join(str(part) for part in error.instance_path) or "payload"
        rule = str(error.schema_path[-1]) if error.schema_path else ""
        return _CODES.get(rule, "PropertyConstraintViolation"), f"{where}: {error.message}"[:255]
    return None


def _folder(version: str) -> Path:
    spec = find_spec("ocpp")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the ocpp package, which carries the OCPP schemas, is not installed")
    return Path(spec.origin).parent / _FOLDERS[version] / "schemas"


@cache
def _validator(version: str, message: str) -> Any:
    return jsonschema_rs.validator_for(json.loads((_folder(version) / f"{message}.json").read_text("utf-8-sig")))
