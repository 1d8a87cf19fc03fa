"""Whole campaigns against a handful of defective chargers; `make defects` runs them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.emulator.altered import SMOKE, Seen, run
from harness.emulator.defects import defect
from harness.emulator.defects._check import check

pytestmark = pytest.mark.defects

HANDFUL = (
    "ignores-zero",  # power at the meter
    "accepts-unknown-ca",  # a hostile backend
    "claims-to-have-installed",  # firmware
    "takes-the-highest",  # several limits at once
    "forgets-settings",  # the device model
    "no-dc-discharge",  # the talk with the car
)


def _selection(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*defect(name).run, *SMOKE)))


@pytest.fixture(scope="module")
def conformant(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """The charger as it should be, by the same criteria."""
    union = tuple(dict.fromkeys(part for name in HANDFUL for part in _selection(name)))
    return run(tmp_path_factory.mktemp("conformant"), union)


def test_the_conformant_charger_passes_what_they_fail(conformant: Seen) -> None:
    """Without a defect nothing is blamed."""
    assert {p: v for p, v in conformant.purposes.items() if v != "pass"} == {}, conformant.why


@pytest.mark.parametrize("name", HANDFUL)
def test_it_is_caught_and_nothing_else_is_blamed(name: str, conformant: Seen, tmp_path: Path) -> None:
    """The named purposes fail; every other one is as with the conformant charger."""
    seen = run(tmp_path, _selection(name), ("--defect", name))
    outcome = check(defect(name), conformant.purposes, seen.purposes)
    assert outcome.missed == {} and outcome.bystanders == {}, seen.why
