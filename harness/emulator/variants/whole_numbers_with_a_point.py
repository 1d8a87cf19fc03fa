"""Whole numbers in payloads are written with a decimal point and a zero."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _pointed(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return float(value)
    if isinstance(value, dict):
        return {k: _pointed(v) for k, v in value.items()}
    return [_pointed(v) for v in value] if isinstance(value, list) else value


def _encode(frame: list[Any]) -> str:
    return json.dumps([*frame[:2], *(_pointed(part) for part in frame[2:])])


def _alter(station: Station) -> None:
    connection = ocpp_of(station).connection

    def make(inner: Any) -> Any:
        def rpc(*args: Any, **more: Any) -> Any:
            made = inner(*args, **more)
            made.encode = _encode
            return made

        return rpc

    swap(connection, "make_rpc", make)


VARIANT = Variant(
    name="whole-numbers-with-a-point",
    title="Writes 3.0 for 3",
    what_is_unusual="Whole numbers in payloads are written with a decimal point and a zero.",
    why_legal="To JSON Schema draft 6 a number without a fraction is an integer, however it is written.",
    clauses=("JSON Schema draft-06, 6.1.1", "OCPP 2.0.1 Part 3"),
    touches=("SC-09", "SC-04", "SC-05"),
    apply=_alter,
)
