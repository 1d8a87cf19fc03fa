"""Whole campaigns against a handful of defective chargers; `make defects` runs them all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.emulator.altered import SMOKE, Bench, Seen, run
from harness.emulator.altered._campaigns import latest
from harness.emulator.defects import defect
from harness.emulator.defects._check import check
from tests._spread import one_at_a_time

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


def _conformant(shared: Path) -> Seen:
    """The charger as it should be, by the same criteria; run once, by whichever worker comes first."""
    union = tuple(dict.fromkeys(part for name in HANDFUL for part in _selection(name)))
    with one_at_a_time(shared, "conformant") as folder:
        return latest(folder) if folder.exists() else run(folder, union)


def test_the_conformant_charger_passes_what_they_fail(shared_by_all: Path) -> None:
    """Without a defect nothing is blamed."""
    conformant = _conformant(shared_by_all)
    assert {p: v for p, v in conformant.judged.items() if v not in ("pass", "not_applicable")} == {}, conformant.why


@pytest.mark.parametrize("name", HANDFUL)
def test_it_is_caught_and_nothing_else_is_blamed(name: str, shared_by_all: Path, tmp_path: Path) -> None:
    """The named purposes and rules fail; every other one is as with the conformant charger."""
    seen = run(tmp_path, _selection(name), ("--defect", name))
    outcome = check(defect(name), _conformant(shared_by_all).judged, seen.judged)
    assert outcome.missed == {} and outcome.bystanders == {}, seen.why


def test_a_defect_of_the_second_evse_is_caught_there(tmp_path: Path) -> None:
    """At depth thorough both EVSEs are run at: EVSE 1 passes, EVSE 2 fails, and the report says which it was."""
    name, bench = "ignores-limits-at-its-second-evse", Bench(evses=defect("ignores-limits-at-its-second-evse").evses)
    options = ("--purpose", "OCPP-K01.P002", "--depth", "thorough", "--defect", name)
    seen = run(tmp_path, (), options, dut=bench.profile(tmp_path), tender=bench.tender(tmp_path))
    result = json.loads((seen.folder / "evidence" / "verdicts.json").read_text())
    mine = [p for p in result["purposes"] if p["purpose"] == "OCPP-K01.P002"]
    by_evse = {evse: {p["verdict"] for p in mine if p["conditions"]["evse"] == evse} for evse in (1, 2)}
    assert by_evse == {1: {"pass"}, 2: {"fail"}}, seen.why
    assert "EVSE 2" in (seen.folder / "report.html").read_text()
