"""What every defect declares must be sane, and every tested criterion must have a defect that proves it."""

from __future__ import annotations

import csv
import pkgutil
from pathlib import Path

import pytest

import requirement_catalog
from harness.emulator import defects
from harness.emulator._config import StationOptions
from harness.emulator._station import Station
from harness.emulator.defects import defect, known_defects
from requirement_catalog import load_catalogue

UNDECIDED = {
    "SC-07.8": "its limit is not confirmed, so it never fails",
    "SC-07.9": "its limit is not confirmed, so it never fails",
}
CATALOGUE = load_catalogue()
CRITERIA = {c.id for c in CATALOGUE.criteria}
REQUIREMENTS = {r.id for r in CATALOGUE.requirements}


def station(folder: Path) -> Station:
    """An assembled station with a backend and a car to talk to; it never runs."""
    return Station(StationOptions(state_dir=folder, csms="ws://127.0.0.1:9/ocpp", password="p" * 16, interface="lo"))


def criteria_with_cases() -> dict[str, str]:
    """Criterion to a case that serves it, from the committed coverage."""
    table = Path(requirement_catalog.__file__).with_name("coverage.csv")
    with table.open(newline="", encoding="utf-8") as lines:
        return {row["criterion"]: row["case"] for row in csv.DictReader(lines) if row["case"]}


@pytest.mark.parametrize("name", known_defects())
def test_it_names_criteria_that_exist(name: str) -> None:
    """A defect names known criteria, in one role each, runs all of them, and says in a sentence what is broken."""
    each = defect(name)
    roles = [*each.must_fail, *each.must_be_inconclusive, *each.may_fail]
    assert roles and len(set(roles)) == len(roles)
    assert set(roles) <= CRITERIA
    assert set(each.selection) <= CRITERIA | REQUIREMENTS
    chosen = {c for c in CRITERIA if c in each.selection or c.split(".")[0] in each.selection}
    assert {*each.must_fail, *each.must_be_inconclusive} <= chosen
    assert bool(each.must_be_inconclusive) == bool(each.why_inconclusive)
    assert each.title and each.what_is_broken.endswith(".")


@pytest.mark.parametrize("name", known_defects())
def test_it_breaks_a_station(name: str, tmp_path: Path) -> None:
    """Every defect finds what it replaces: a method that was renamed must not leave a correct charger behind."""
    defects.apply(station(tmp_path), [name])


def test_a_file_is_called_like_its_defect() -> None:
    """A defect is found by its name: the file's, without the requirement's prefix."""
    files = [m.name for m in pkgutil.iter_modules(defects.__path__) if not m.name.startswith("_")]
    assert sorted(f.split("_", 1)[1].replace("_", "-") for f in files) == sorted(known_defects())


def test_there_are_enough() -> None:
    """At least 25 chargers are broken on purpose, over all requirements that have cases."""
    proven = {c.split(".")[0] for name in known_defects() for c in defect(name).must_fail}
    assert len(known_defects()) >= 25
    assert {criterion.split(".")[0] for criterion in criteria_with_cases()} <= proven


def test_every_tested_criterion_has_its_defect() -> None:
    """A criterion that no defective charger turns red is not known to be able to."""
    proven = {c for name in known_defects() for c in (*defect(name).must_fail, *defect(name).must_be_inconclusive)}
    assert set(criteria_with_cases()) - proven - set(UNDECIDED) == set()


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    """A misspelt defect must not leave a correct charger behind either."""
    with pytest.raises(ValueError, match="ignores-zero"):
        defect("ignore-zero")


def test_a_defect_that_does_not_apply_says_so(tmp_path: Path) -> None:
    """A station without backend or car cannot be broken in its talk with them."""
    alone = Station(StationOptions(state_dir=tmp_path))
    with pytest.raises(ValueError, match="--csms"):
        defects.apply(alone, ["refuses-limits"])
    with pytest.raises(ValueError, match="--interface"):
        defects.apply(alone, ["no-dc-discharge"])
