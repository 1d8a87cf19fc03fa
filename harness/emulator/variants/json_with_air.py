"""Frames are indented JSON with line ends, and every character beyond ASCII is escaped."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    connection = ocpp_of(station).connection

    def make(inner: Any) -> Any:
        def rpc(*args: Any, **more: Any) -> Any:
            made = inner(*args, **more)
            made.encode = lambda frame: json.dumps(frame, indent=2, ensure_ascii=True)
            return made

        return rpc

    swap(connection, "make_rpc", make)


VARIANT = Variant(
    name="json-with-air",
    title="Writes its JSON on several lines",
    what_is_unusual="Frames are indented JSON with line ends, and every character beyond ASCII is escaped.",
    why_legal="JSON leaves white space between its parts and escapes to the writer.",
    clauses=("RFC 8259, 2 and 7", "OCPP-J Part 4, 4"),
    touches=("SC-09", "SC-04.1"),
    apply=_alter,
)
