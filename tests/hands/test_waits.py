"""Waits that cases have in common, at a charger that does not do what it should."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.csms import Answer, NotSeen
from harness.hands import Running
from harness.hands._waits import AGAIN_S, Waits
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


def _after_a_reset(tmp_path: Path, answered: dict[str, Any] | str, times: int = 1) -> list[float]:
    """How long a boot is waited for at a charger that answers each Reset like that, and never boots."""
    recorder = Recorder(tmp_path / "trace.jsonl")
    asked: list[float] = []

    async def expect(action: str, where: Any, since: int, within_s: float) -> Any:
        asked.append(within_s)
        raise NotSeen(action)

    reach: Any = SimpleNamespace(station=SimpleNamespace(expect=expect), pixit=SimpleNamespace(boot_s=120.0))
    ports: Any = SimpleNamespace(recorder=recorder)
    waits = Waits(ports, reach, Running({}))
    for _ in range(times):
        call, told = recorder.record("ocpp.frame", "harness", {}), recorder.record("ocpp.frame", "dut", {})
        payload = answered if isinstance(answered, dict) else {}
        error = answered if isinstance(answered, str) else None
        with pytest.raises(NotSeen):
            asyncio.run(waits.until_it_boots(Answer(call, told, payload, error)))
    recorder.close()
    return asked


@pytest.mark.parametrize("answered", [{"status": "Rejected"}, "NotImplemented", "NotSupported"])
def test_who_refuses_a_reset_is_not_waited_for(tmp_path: Path, answered: dict[str, Any] | str) -> None:
    """A public station that knows no Reset was waited for two minutes in each case that resets."""
    assert _after_a_reset(tmp_path, answered) == []


def test_who_accepted_a_reset_in_vain_is_not_waited_for_as_long_again(tmp_path: Path) -> None:
    """It stayed connected and did not boot for as long as it has: that is seen, and told by the first case."""
    assert _after_a_reset(tmp_path, {"status": "Accepted"}, times=3) == [120.0, AGAIN_S, AGAIN_S]


@pytest.mark.parametrize(("connected", "waits"), [(True, 1), (False, 2)])
def test_who_lets_its_turn_go_by_is_not_waited_for_as_one_that_is_away(
    tmp_path: Path, connected: bool, waits: int
) -> None:
    """Told to wait 5 s, a public station stayed connected and never asked again: two minutes gained nothing."""
    recorder = Recorder(tmp_path / "trace.jsonl")
    bounds: list[float] = []

    async def until_ready(within_s: float) -> None:
        bounds.append(within_s)
        raise NotSeen("it is not ready")

    station = SimpleNamespace(connected=connected, until_ready=until_ready)
    reach: Any = SimpleNamespace(station=station, pixit=SimpleNamespace(boot_s=120.0))
    ports: Any = SimpleNamespace(recorder=recorder)
    asyncio.run(Waits(ports, reach, Running({})).until_accepted(5))
    recorder.close()
    assert len(bounds) == waits and bounds[0] < 60


@pytest.mark.parametrize(("away_s", "asked"), [(39.0, ["closed"]), (125.0, ["Reset"])])
def test_who_stays_away_ever_longer_is_restarted(tmp_path: Path, away_s: float, asked: list[str]) -> None:
    """A public station waited 39, 69, 125, 250 s, and began no sooner after connections that stood."""
    recorder = Recorder(tmp_path / "trace.jsonl")
    done: list[str] = []
    station = SimpleNamespace(connected=True)

    async def reset(how: str) -> Answer:
        done.append("Reset")
        station.connected = False
        return Answer(recorder.record("ocpp.frame", "harness", {}), None, {"status": "Accepted"})

    async def until_disconnected(within_s: float) -> None:
        return None

    async def disconnect(identity: str) -> None:
        done.append("closed")

    station.reset, station.until_disconnected = reset, until_disconnected
    reach: Any = SimpleNamespace(station=station, pixit=SimpleNamespace(identity="CP1"))
    closed = SimpleNamespace(kind="ocpp.connection", who="harness", t_ns=1, data={"state": "closed"})
    back = SimpleNamespace(kind="tls.handshake", who="dut", t_ns=1 + int(away_s * 1e9), data={"outcome": "completed"})
    ports: Any = SimpleNamespace(
        recorder=SimpleNamespace(events=[closed, back]), csms=SimpleNamespace(disconnect=disconnect)
    )
    asyncio.run(Waits(ports, reach, Running({})).comes_again())
    recorder.close()
    assert done == asked
