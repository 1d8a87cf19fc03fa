"""The JSON Schemas of OCPP 2.0.1 and 2.1 as the Open Charge Alliance publishes them, compiled when first needed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs
import msgspec

V201, V21 = "ocpp2.0.1", "ocpp2.1"
_FOLDERS = {V201: "v201", V21: "v21"}  # of the package, whose own classes are not needed and slow to load
_MOST_FAULTS, _MOST_TEXT = 20, 300


def is_readable(version: str | None) -> bool:
    """Whether schemas of this version ("ocpp2.1") are here."""
    return version in _FOLDERS


def is_known(version: str, action: str, *, sent: bool = False) -> bool:
    """Whether the version has this action, as a CALL or (`sent`) as a SEND."""
    return (action if sent else f"{action}Request") in _names(version)


def schema_faults(version: str, name: str, payload: Any) -> list[str]:
    """What does not fit schema `name` ("ResetRequest"): where and what, at most a few. Raises KeyError without one."""
    validator = _validator(version, name)
    try:
        if validator.is_valid(payload):
            return []
        found = []
        for error in validator.iter_errors(payload):
            found.append(f"{_where(error.instance_path)}: {_short(error.message)}")
            if len(found) == _MOST_FAULTS:
                break
        return found
    except (ValueError, OverflowError) as error:  # what the validator itself cannot take in fits no schema either
        return [f"payload: cannot be held against its schema: {_short(str(error))}"]


def fits_schema(version: str, name: str, payload: Any) -> bool:
    """Whether a payload fits schema `name`. Raises KeyError without one."""
    try:
        return bool(_validator(version, name).is_valid(payload))
    except (ValueError, OverflowError):
        return False


@cache
def _names(version: str) -> frozenset[str]:
    folder = files("ocpp") / _FOLDERS[version] / "schemas"
    return frozenset(e.name.removesuffix(".json") for e in folder.iterdir() if e.name.endswith(".json"))


@cache
def _validator(version: str, name: str) -> Any:
    if name not in _names(version):
        raise KeyError(name)
    text = (files("ocpp") / _FOLDERS[version] / "schemas" / f"{name}.json").read_text(encoding="utf-8-sig")
    # the schemas are of draft 06; formats are asserted, because a date-time that is none misleads every judge
    return jsonschema_rs.Draft6Validator(msgspec.json.decode(text), validate_formats=True)


def _where(path: list[str | int]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".") or "payload"


def _short(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else f"{text[: _MOST_TEXT - 100]} … ({len(text)} characters)"
