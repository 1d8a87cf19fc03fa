"""The OCPP JSON schemas of one protocol version: compiled when first used, faults told in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs
import msgspec

V201, V21 = "ocpp2.0.1", "ocpp2.1"
VERSIONS = (V21, V201)
_PACKAGES = {V201: "ocpp.v201", V21: "ocpp.v21"}

# OCPP-J Part 4, table of RPC framework error codes: which one a schema keyword stands for
_CODES = {
    "required": "OccurrenceConstraintViolation",
    "minItems": "OccurrenceConstraintViolation",
    "maxItems": "OccurrenceConstraintViolation",
    "type": "TypeConstraintViolation",
    "additionalProperties": "FormatViolation",
}
_MAX_FAULTS = 20  # a hostile payload must not turn one frame into a megabyte of complaints


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing a schema found: `text` says where and what, `code` is the CALLERROR code that fits it."""

    text: str
    code: str


class SchemaBook:
    """All message schemas of one version ("ocpp2.0.1" or "ocpp2.1"), looked up by action."""

    def __init__(self, version: str) -> None:
        self.version = version
        self._folder = files(_PACKAGES[version]) / "schemas"
        names = [entry.name for entry in self._folder.iterdir() if entry.name.endswith(".json")]
        self._names = frozenset(name.removesuffix(".json") for name in names)
        self._validators: dict[str, Any] = {}
        self.actions = frozenset(n.removesuffix("Request") for n in self._names if n.endswith("Request"))
        self.sends = frozenset(n for n in self._names if not n.endswith(("Request", "Response")))

    def request(self, action: str, payload: Any) -> list[Fault]:
        """What is wrong with the payload of a CALL; the action must be one of `actions`."""
        return self._faults(action + "Request", payload)

    def response(self, action: str, payload: Any) -> list[Fault]:
        """What is wrong with the payload of a CALLRESULT to `action`."""
        return self._faults(action + "Response", payload)

    def send(self, action: str, payload: Any) -> list[Fault]:
        """What is wrong with the payload of a SEND (OCPP 2.1); the action must be one of `sends`."""
        return self._faults(action, payload)

    def _faults(self, name: str, payload: Any) -> list[Fault]:
        validator = self._validators.get(name)
        if validator is None:
            validator = self._compile(name)
        if validator.is_valid(payload):
            return []
        found = []
        for error in validator.iter_errors(payload):
            keyword = str(getattr(error.kind, "name", ""))
            where = _path(error.instance_path)
            found.append(
                Fault(f"{where}: {_shorten(error.message)}", _CODES.get(keyword, "PropertyConstraintViolation"))
            )
            if len(found) == _MAX_FAULTS:
                break
        return found

    def _compile(self, name: str) -> Any:
        schema = msgspec.json.decode((self._folder / f"{name}.json").read_text(encoding="utf-8-sig"))
        # draft 06 counts 20000.0 as an integer; formats are checked because OCPP's date-times matter to judges
        validator = jsonschema_rs.Draft6Validator(schema, validate_formats=True)
        self._validators[name] = validator
        return validator


@cache
def book_for(version: str) -> SchemaBook:
    """The schemas of "ocpp2.0.1" or "ocpp2.1". Raises KeyError for anything else."""
    return SchemaBook(version)


def _path(parts: list[str | int]) -> str:
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else str(part))
    return text or "payload"


def _shorten(text: str) -> str:
    return text if len(text) <= 300 else f"{text[:200]} … ({len(text)} characters)"
