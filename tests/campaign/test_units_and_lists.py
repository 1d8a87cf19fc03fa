"""Limits in the unit that a charger takes, and lists that a case adds to."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from harness.csms import NotSeen
from harness.hands import Running, Settings


class _Charger(Settings):
    """A charger whose device model is a dictionary; it keeps what a case changes."""

    def __init__(self, **values: str) -> None:
        profile: Any = SimpleNamespace(pixit=SimpleNamespace(nominal_v=230.0, phases=3))
        ports: Any = SimpleNamespace(profile=profile)
        reach: Any = SimpleNamespace(evse_id=1)
        super().__init__(ports, reach, Running({}))
        self.values = values

    async def read(self, component: str, variable: str, *, evse_id: int | None = None) -> str | None:
        """The value, or None."""
        return self.values.get(variable)

    async def change(self, component: str, variable: str, value: str) -> Any:
        """Keep it."""
        self.values[variable] = value


@pytest.mark.parametrize(("known", "text"), [("A,W", "10 A"), ("A", "10 A"), ("W", "6900 W")])
def test_a_limit_is_written_in_a_unit_that_the_charger_takes(known: str, text: str) -> None:
    """A unit that RateUnit does not list has to be rejected (K01.FR.26), which is no fault of the charger's."""
    at = asyncio.run(_Charger(RateUnit=known).rate_unit())
    assert at(10) == text
    assert at.number(10) == float(text.split()[0])


def test_a_measurand_is_added_to_those_that_are_sampled() -> None:
    """What a charger samples from the factory is not prescribed; a case asks for what it judges."""
    charger = _Charger(TxUpdatedMeasurands="Energy.Active.Import.Register")
    asyncio.run(charger.include("SampledDataCtrlr", "TxUpdatedMeasurands", "Power.Active.Import"))
    assert charger.values["TxUpdatedMeasurands"] == "Energy.Active.Import.Register,Power.Active.Import"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("EVConnected,EnergyTransfer", "EVConnected"),
        ("energytransfer", "EVConnected"),
        ("Authorized, EVConnected", "Authorized, EVConnected"),
    ],
)
def test_a_pause_is_kept_from_ending_the_transaction(before: str, after: str) -> None:
    """With the stop point EnergyTransfer a limit of zero has to end it (E06.FR.07), and nothing could resume."""
    charger = _Charger(TxStopPoint=before)
    asyncio.run(charger.pauses_are_no_end())
    assert charger.values["TxStopPoint"] == after


def test_one_that_is_sampled_already_changes_nothing() -> None:
    """In whatever order and case it stands there."""
    charger = _Charger(TxUpdatedMeasurands="SoC, power.active.import")
    asyncio.run(charger.include("SampledDataCtrlr", "TxUpdatedMeasurands", "Power.Active.Import"))
    assert charger.values["TxUpdatedMeasurands"] == "SoC, power.active.import"


@pytest.mark.parametrize(("told", "refuses"), [("A", True), ("A,W", False), ("W", False), ("", False)])
def test_a_charger_that_is_steered_in_amperes_alone_is_not_blamed_for_watts(told: str, refuses: bool) -> None:
    """OCPP 2.1 leaves setpoints in either unit; what it refuses then says nothing of what it can do."""
    steered = _Charger(RateUnit=told).steered_in_watts()
    if not refuses:
        asyncio.run(steered)
        return
    with pytest.raises(NotSeen, match="in A only"):
        asyncio.run(steered)
