"""JSON read so that everybody reads the same: no key twice, no number that is none, no nesting without end."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

MOST_DEEP = 100  # levels; our own files have ten, an ISO 15118 message twenty


class JsonFault(ValueError):
    """Why a text is not JSON as a bundle may hold it."""


def decode(raw: bytes | memoryview) -> Any:
    """The value of a JSON text in UTF-8. Raises JsonFault.

    Of two members of one name each reader would take another one, and what was signed would be two things at once.
    """
    try:
        text = bytes(raw).decode("utf-8")
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_number, parse_float=_finite)
    except JsonFault:
        raise
    except RecursionError:
        raise JsonFault(f"is nested more than {MOST_DEEP} levels deep") from None
    except UnicodeDecodeError as error:
        raise JsonFault(f"is not UTF-8 at byte {error.start}") from None
    except ValueError as error:  # also an integer of more digits than Python reads
        raise JsonFault(f"is not JSON: {error}") from None
    _check(value)
    return value


def twice(raw: bytes | memoryview) -> str:
    """What makes a JSON text ambiguous or endless, or an empty string."""
    try:
        decode(raw)
    except JsonFault as fault:
        return str(fault)
    return ""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise JsonFault(f"holds the key {key[:80]!r} twice in one object")
            seen.add(key)
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        _no_number(text)
    return number


def _no_number(text: str) -> NoReturn:
    raise JsonFault(f"holds {text[:20]}, which is no number that can be kept")


def _check(value: Any) -> None:
    """Depth and lone surrogates, without recursion."""
    level, depth = [value], 0
    while level:
        if depth > MOST_DEEP:
            raise JsonFault(f"is nested more than {MOST_DEEP} levels deep")
        texts = [each for each in level if isinstance(each, str)]
        inner: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                inner += each.values()
                texts += each
            elif isinstance(each, list):
                inner += each
        if any(not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text) for text in texts):
            raise JsonFault("holds half a character (a lone surrogate)")
        level, depth = inner, depth + 1
