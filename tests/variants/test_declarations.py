"""What every variant declares must be sane, and it must find what it alters."""

from __future__ import annotations

import pkgutil
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from harness.emulator import variants
from harness.emulator._config import StationOptions
from harness.emulator._station import Station
from harness.emulator.variants import known_variants, variant
from harness.profile import Profile, load_profile
from requirement_catalog import load_catalogue, load_suites

CATALOGUE = load_catalogue()
CRITERIA = {c.id for c in CATALOGUE.criteria}
PURPOSES = {p.id for p in load_suites().purposes}
REQUIREMENTS = {r.id for r in CATALOGUE.requirements}


@pytest.mark.parametrize("name", known_variants())
def test_it_says_what_is_unusual_and_what_permits_it(name: str) -> None:
    """A variant without a clause is an opinion; one that touches nothing known runs nothing."""
    each = variant(name)
    assert each.title and each.what_is_unusual.endswith(".") and each.why_legal.endswith(".")
    assert each.clauses and each.touches
    assert set(each.touches) <= CRITERIA | REQUIREMENTS or set(each.touches) <= PURPOSES
    assert set(each.may_change) <= CRITERIA or set(each.may_change) <= PURPOSES
    assert set(each.may_change.values()) <= {"not_applicable", "inconclusive", "pass"}


@pytest.mark.parametrize("name", known_variants())
def test_it_alters_a_station(name: str, tmp_path: Path) -> None:
    """Every variant finds what it alters: a method that was renamed must not leave the plain charger behind."""
    options = StationOptions(state_dir=tmp_path, csms="ws://127.0.0.1:9/ocpp", password="p" * 16, interface="lo")
    with closing(Station(options, variants.ratings([name]))) as station:
        variants.apply(station, [name])


@pytest.mark.parametrize("name", known_variants())
def test_its_supplier_s_profile_is_a_profile(name: str) -> None:
    """What it declares fits the profile's shape; a misspelt key would silently declare nothing."""
    profile, _ = load_profile("emulated")
    msgspec.convert(variants.declared(msgspec.to_builtins(profile), [name]), Profile)


def test_a_file_is_called_like_its_variant() -> None:
    """A variant is found by its name, which is the file's."""
    files = [m.name for m in pkgutil.iter_modules(variants.__path__) if not m.name.startswith("_")]
    assert sorted(f.replace("_", "-") for f in files) == sorted(known_variants())


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    """A misspelt variant must not leave the plain charger behind either."""
    with pytest.raises(ValueError, match="local-time"):
        variant("lokal-time")
