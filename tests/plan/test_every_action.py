"""The requests that cases make of data are requests: of their version, and as its schemas want them."""

from __future__ import annotations

import json

import pytest

from harness.ocppj import faults_of
from test_cases.ocpp import _asked
from test_cases.ocpp._every_action import COMMON, ONLY_2_1, harmless

ROWS = list(_asked.ROWS.values())
OWN = {"$evse": 1, "$connector": 1, "$transaction": "TX", "$token type": "Central"} | {
    "$in ten minutes": "2026-11-22T12:00:00Z"
}


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
def test_each_harmless_request_fits_its_schema(version: str) -> None:
    """Else a charger would be right to answer with an error, or might be excused for saying nothing."""
    for action, payload in harmless(version).items():
        assert _faults(version, action, payload) == [], action
    assert set(harmless("2.0.1")) == set(COMMON) and set(ONLY_2_1) <= set(harmless("2.1"))


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.purpose)
def test_each_request_for_what_is_not_there_is_one(version: str, row: _asked.Row) -> None:
    """What is wrong with it is what it asks for, never how."""
    for asked in (*row.wrong, *row.right, *((row.undo,) if row.undo else ())):
        payload = json.loads(json.dumps(asked.payload), object_hook=_own)
        assert _faults(version, asked.action, payload) == [], asked


def _own(found: dict[str, object]) -> dict[str, object]:
    return {name: OWN.get(value, value) if isinstance(value, str) else value for name, value in found.items()}


def _faults(version: str, action: str, payload: object) -> list[str]:
    return faults_of(json.dumps([2, "1", action, payload]).encode(), f"ocpp{version}")
