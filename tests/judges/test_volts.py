"""The voltage at a DC car's contacts: in the cable check, in pre-charge, and after the session."""

from __future__ import annotations

import pytest

from harness.judge import Verdict
from tests.judges._flips_volts import checked, left, pre_charged

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


@pytest.mark.parametrize(("volts", "expected"), [(500.0, PASS), (0.0, FAIL), (59.0, FAIL), (None, INCONCLUSIVE)])
def test_a_cable_check_puts_voltage_on_the_cable(volts: float | None, expected: Verdict) -> None:
    """500 V, none, too little; and a meter that tells no voltage there."""
    assert checked(volts).judged().verdict is expected


def test_a_cable_check_that_found_a_fault_proves_nothing() -> None:
    """It ended with FAILED: no power comes, and nobody asks how it was found."""
    assert checked(0.0, code="FAILED").judged().verdict is INCONCLUSIVE


@pytest.mark.parametrize(
    ("stands", "told", "expected"),
    [(400.0, 400.0, PASS), (410.0, 400.0, PASS), (900.0, 400.0, FAIL), (0.0, 400.0, FAIL), (900.0, 900.0, FAIL)],
)
def test_pre_charge_tells_what_stands_there(stands: float, told: float, expected: Verdict) -> None:
    """The car asked for 400 V; more than that is too much, whether it is told or not."""
    assert pre_charged(stands, told).judged().verdict is expected


def test_while_the_voltage_rises_nothing_is_compared() -> None:
    """Told once, and the car went on at once: what was told may be behind."""
    assert pre_charged(300.0, 400.0, held_s=0.2).judged().verdict is INCONCLUSIVE


@pytest.mark.parametrize(
    ("after_s", "volts", "expected"), [(1.0, 0.0, PASS), (4.0, 30.0, PASS), (9.0, 0.0, FAIL), (1.0, 400.0, FAIL)]
)
def test_the_voltage_goes_after_the_session(after_s: float, volts: float, expected: Verdict) -> None:
    """In time, late, and never."""
    assert left(after_s, volts).judged().verdict is expected


def test_where_no_voltage_was_seen_none_could_go() -> None:
    """A meter that shows none all the time may measure elsewhere."""
    assert left(1.0, 0.0, before_v=0.0).judged().verdict is INCONCLUSIVE
