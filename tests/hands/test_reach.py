"""The version of OCPP that a case is about: what the charger never names is not waited for."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.hands._reach import NeverOffered, Reach
from harness.judge import Conditions
from harness.trace import Recorder
from tests.hands._case import running


def reach(recorder: Recorder, declared: str, offered: list[str], who: str = "dut") -> Any:
    """The way to a charger that is connected by OCPP 2.1 and has named `offered`; (reach, what was asked of it)."""
    asked: list[str] = []
    recorder.record("ocpp.connection", who, {"state": "open", "offered": offered})
    charger = SimpleNamespace(connected=True, version="ocpp2.1")

    async def station(identity: str, within_s: float) -> Any:
        return charger

    async def disconnect(identity: str, reason: str) -> None:
        asked.append(reason)

    csms = SimpleNamespace(stations={"CP1": charger}, versions=("ocpp2.1", "ocpp2.0.1"), station=station)
    csms.disconnect = disconnect
    ports: Any = SimpleNamespace(
        recorder=recorder,
        pixit=SimpleNamespace(identity="CP1", reconnect_s=1.0),
        profile=SimpleNamespace(declared_to_speak=lambda _: declared, pco=SimpleNamespace(csms=None)),
        csms=csms,
        open_csms=csms,
    )
    case = running("OCPP-K01.P001", conditions=Conditions(version="2.0.1"))
    return Reach(ports, case), asked


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    """A trace of its own."""
    return Recorder(tmp_path / "trace.jsonl")


def test_what_is_neither_offered_nor_declared_is_not_waited_for(recorder: Recorder) -> None:
    """It stays connected as it is, and the case says why it was not run."""
    way, asked = reach(recorder, "undeclared", ["ocpp2.1"])
    with pytest.raises(NeverOffered, match=r"offered ocpp2\.1 and never ocpp2\.0\.1"):
        asyncio.run(way.connected())
    assert asked == []


@pytest.mark.parametrize(
    ("declared", "offered", "who"),
    [
        ("yes", ["ocpp2.1"], "dut"),
        ("undeclared", ["ocpp2.1", "ocpp2.0.1"], "dut"),
        ("undeclared", [], "dut"),
        ("undeclared", ["ocpp1.6"], "caller"),
    ],
)
def test_else_it_is_asked_to_connect_again(recorder: Recorder, declared: str, offered: list[str], who: str) -> None:
    """Declared or offered; one that names no version leaves it open, and a stranger at the door says nothing of it."""
    way, asked = reach(recorder, declared, offered, who)
    asyncio.run(way.connected())
    assert asked == ["please speak ocpp2.0.1"]
