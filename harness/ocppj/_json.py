"""JSON from a peer that nobody trusts: bounded in depth, named twice is noticed, and nothing raises anything else."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

MOST_LEVELS = 100  # no OCPP message comes near it; RFC 8259, 9 lets a reader set such a bound
_MOST_NAMES = 5

_TEXTS = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_parts = msgspec.json.Decoder(list[msgspec.Raw])
_any = msgspec.json.Decoder()


class NotJson(ValueError):
    """The octets are no JSON that can be read; the text says why."""


def parts_of(octets: bytes) -> list[msgspec.Raw]:
    """The elements of a JSON array, undecoded. Raises NotJson for no JSON, TypeError for JSON that is no array."""
    _check(octets)
    try:
        return _parts.decode(octets)
    except msgspec.ValidationError:
        raise TypeError(type_name(value_of(octets))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotJson(f"not JSON: {error}") from error


def value_of(octets: bytes | msgspec.Raw) -> Any:
    """Any JSON value. Raises NotJson."""
    try:
        return _any.decode(octets)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise NotJson(f"not JSON: {error}") from error


def twice_named(octets: bytes) -> list[str]:
    """Names that one and the same object holds more than once (at most a few); the octets must be readable."""
    found: list[str] = []

    def look(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) != len(names):
            found.extend(name for name in dict.fromkeys(names) if names.count(name) > 1)

    try:
        json.loads(octets, object_pairs_hook=look)
    except (ValueError, RecursionError):  # a number of thousands of digits, say: another reader's fault
        return []
    return list(dict.fromkeys(found))[:_MOST_NAMES]


def type_name(value: Any) -> str:
    """What a JSON value is, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "an array" if isinstance(value, list) else "an object"


def _check(octets: bytes) -> None:
    try:
        octets.decode()
    except UnicodeDecodeError as error:
        raise NotJson(f"not UTF-8 at byte {error.start} (OCPP-J Part 4, 4.1.2)") from error
    # only what has so many brackets at all is worth counting
    if octets.count(b"[") + octets.count(b"{") > MOST_LEVELS and _is_deep(octets):
        raise NotJson(f"nested more than {MOST_LEVELS} levels deep, which no OCPP message is")


def _is_deep(octets: bytes) -> bool:
    """Whether brackets outside of texts nest beyond the bound: pairs are taken away from the innermost outwards."""
    left = _TEXTS.sub(b"", octets).translate(None, _NO_BRACKETS)
    for _ in range(MOST_LEVELS):
        fewer = left.replace(b"[]", b"").replace(b"{}", b"")
        if len(fewer) == len(left):
            return left.count(b"[") + left.count(b"{") > MOST_LEVELS
        left = fewer
    return bool(left)
