"""Waits that cases have in common, at a charger that does not do what it should."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.hands import Running
from harness.hands._waits import Waits
from harness.trace import Recorder

STATUS = {"evseId": 1, "connectorId": 1, "connectorStatus": "Available", "timestamp": "2026-11-01T10:00:00Z"}


@pytest.mark.parametrize(("there", "waited"), [(True, 0), (False, 1)])
def test_the_state_is_looked_for_at_one_that_was_never_accepted(tmp_path: Path, there: bool, waited: int) -> None:
    """Told to wait, some talk on: to wait for an acceptance that never comes would cost the case its claim."""
    recorder = Recorder(tmp_path / "trace.jsonl")
    told = SimpleNamespace(action="StatusNotification", payload=STATUS)
    station = SimpleNamespace(connected=there, messages=lambda since: [told])
    asked: list[str] = []

    async def connected() -> Any:
        asked.append("until it is connected and has booted")
        return station

    reach: Any = SimpleNamespace(known=station, connected=connected, evse_id=1)
    ports: Any = SimpleNamespace(recorder=recorder)
    since = recorder.record("case.begun", "harness", {})
    asyncio.run(Waits(ports, reach, Running({})).until_status("Available", since))
    recorder.close()
    assert len(asked) == waited
