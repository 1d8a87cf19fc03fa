"""The register of a session against the energy that the meter saw flow."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
FLOWED_WH = 7200 * 20 / 3600  # 40 Wh


def register(t: T, wh: Any, *, way: str = "Import", **more: Any) -> dict[str, Any]:
    """One meter value that tells a register."""
    sample = {"value": wh, "measurand": f"Energy.Active.{way}.Register", "unitOfMeasure": {"unit": "Wh"}, **more}
    return {"meterValue": [{"timestamp": t.stamp(), "sampledValue": [sample]}]}


def session(first: Any, last: Any, *, watts: float = 7200, way: str = "Import", **more: Any) -> T:
    """A session with 20 s of power and rest around it; its first and its last register."""
    t = T().flows(0, 2)
    t.tells("Started", 0, **register(t, first, way=way, **more)).flows(0, 2).flows(watts, 20).flows(0, 4)
    return t.tells("Ended", 1, **register(t, last, way=way, **more)).flows(0, 2)


def verdict(t: T, way: str = "import") -> Verdict:
    """What the judge finds."""
    return t.claims("energy.register_agrees", "SC-04.7", since=0, way=way).judged().verdict


def test_a_register_that_grew_by_what_flowed_passes() -> None:
    """40 Wh, wherever it stood before."""
    assert verdict(session(0, FLOWED_WH)) is PASS
    assert verdict(session(15_000.0, 15_000.0 + FLOWED_WH)) is PASS


@pytest.mark.parametrize(
    ("first", "last"),
    [(0.0, 15_040.0), (15_000.0, 15_000.0), (15_000.0, 14_960.0), (15.0, 15.04), (1000.0, 1013.3), (1000.0, 1080.0)],
)
def test_another_energy_fails(first: float, last: float) -> None:
    """The first sample says zero, the register stands still or falls, kWh called Wh, one phase, twice as much."""
    assert verdict(session(first, last)) is FAIL


def test_other_units_are_the_same_energy() -> None:
    """kWh with three decimals, and Wh times a thousand."""
    assert verdict(session(15.001, 15.041, unitOfMeasure={"unit": "kWh"})) is PASS
    assert verdict(session(15.001, 15.041, unitOfMeasure={"unit": "Wh", "multiplier": 3})) is PASS


def test_a_register_of_whole_kilowatt_hours_says_nothing_of_forty_watt_hours() -> None:
    """It may be right: nobody can tell, and nobody is blamed."""
    assert verdict(session(15, 15, unitOfMeasure={"unit": "kWh"})) is INCONCLUSIVE


def test_the_phases_add_up() -> None:
    """No total, three phases."""

    def phases(t: T, wh: float) -> dict[str, Any]:
        told = [register(t, wh, phase=f"L{n}")["meterValue"][0]["sampledValue"][0] for n in (1, 2, 3)]
        return {"meterValue": [{"timestamp": t.stamp(), "sampledValue": told}]}

    t = T().flows(0, 2)
    t.tells("Started", 0, **phases(t, 100.0)).flows(0, 2).flows(7200, 20).flows(0, 4)
    t.tells("Ended", 1, **phases(t, 100.0 + FLOWED_WH / 3)).flows(0, 2)
    assert verdict(t) is PASS


@pytest.mark.parametrize(("last", "expected"), [(FLOWED_WH, PASS), (0.0, FAIL)])
def test_the_export_has_a_register_of_its_own(last: float, expected: Verdict) -> None:
    """It grows while energy flows to the grid; one that stays at zero does not."""
    assert verdict(session(0.0, last, watts=-7200, way="Export"), "export") is expected


def test_what_was_told_once_has_not_grown() -> None:
    """A register in the last event alone: nothing to compare."""
    t = T().tells("Started", 0).flows(7200, 20)
    t.tells("Ended", 1, **register(t, 40.0)).flows(0, 2)
    assert verdict(t) is INCONCLUSIVE


def test_without_a_meter_nothing_is_said() -> None:
    """The meter was silent for five seconds of the session."""
    t = T().flows(0, 2)
    t.tells("Started", 0, **register(t, 0.0)).flows(7200, 10).wait(5).flows(7200, 5)
    t.tells("Ended", 1, **register(t, 40.0)).flows(0, 2)
    assert verdict(t) is INCONCLUSIVE


def test_another_session_is_another_matter() -> None:
    """The first session after `since` is judged; a second one that grows otherwise is not."""
    t = session(0.0, FLOWED_WH)
    t.tells("Started", 0, tx="TX-2", **register(t, 0.0)).flows(0, 2)
    t.tells("Ended", 1, tx="TX-2", **register(t, 9000.0)).flows(0, 2)
    assert verdict(t) is PASS
