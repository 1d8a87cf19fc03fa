"""The grid-code settings that BI-20 tries: one for every control type there is, and each fits OCPP's schema."""

from __future__ import annotations

import asyncio
import json
from importlib.resources import files
from typing import Any

import pytest

from harness.csms import V21, book_for
from harness.csms.station._grid import GridOperations
from test_cases.test_bi20_ocpp21 import SETTINGS

_SCHEMA = json.loads((files("ocpp.v21") / "schemas" / "SetDERControlRequest.json").read_text(encoding="utf-8-sig"))
KINDS: list[str] = _SCHEMA["definitions"]["DERControlEnumType"]["enum"]


class _Kept(GridOperations):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        self.payloads: list[Any] = []

    def next_number(self) -> int:
        return 1

    async def call(self, action: str, payload: Any, within_s: float | None = None) -> Any:
        self.payloads.append(payload)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_a_charger_supports_there_is_a_valid_setting_to_try(kind: str) -> None:
    """A charger may list any control type alone, and answers NotSupported to the others (R04.FR.01): no fault of it."""
    station = _Kept()
    asyncio.run(station.set_der_control(kind, {"priority": 5, **SETTINGS[kind]}))
    assert station.payloads[0]["controlType"] == kind
    assert book_for(V21).request("SetDERControl", station.payloads[0]) == []
