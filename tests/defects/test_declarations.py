"""What every defect declares must be sane, and every tested criterion must have a defect that proves it."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from harness.emulator import defects
from harness.emulator._config import StationOptions
from harness.emulator._station import Station
from harness.emulator.altered import Bench
from harness.emulator.defects import defect, known_defects
from harness.profile import load_profile
from requirement_catalog import load_catalogue, load_suites, load_tender, resolve_limits

CATALOGUE = load_catalogue()
CRITERIA = {c.id for c in CATALOGUE.criteria}
REQUIREMENTS = {r.id for r in CATALOGUE.requirements}
PURPOSES = {p.id: p for p in load_suites().purposes}
RULES = {r.id for r in load_suites().rules}


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    """An assembled station with a backend and a car to talk to; it never runs."""
    options = StationOptions(tmp_path, csms="ws://127.0.0.1:9/ocpp", password="p" * 16, interface="lo", evses=2)
    with closing(Station(options)) as assembled:
        yield assembled


@pytest.mark.parametrize("name", known_defects())
def test_it_names_purposes_that_exist(name: str) -> None:
    """A defect names known purposes and rules, in one role each, and says in a sentence what is broken."""
    each = defect(name)
    roles = [*each.must_fail, *each.must_be_inconclusive, *each.may_fail]
    assert roles and len(set(roles)) == len(roles)
    assert {role.split("/")[0] for role in roles} <= {*PURPOSES, *RULES}
    services = {role for role in roles if "/" in role}
    assert services <= {f"{p.id}/{service}" for p in PURPOSES.values() for service in p.services}
    by_purpose = set(each.run) <= set(PURPOSES)  # criteria and purposes narrow each other: a defect names one of both
    assert by_purpose or set(each.run) <= CRITERIA | REQUIREMENTS
    assert bool(each.must_be_inconclusive) == bool(each.why_inconclusive)
    assert each.title and each.what_is_broken.endswith(".")


@pytest.mark.parametrize("name", known_defects())
def test_its_own_campaign_runs_what_must_notice_it(name: str) -> None:
    """What a defect says must notice it is in the selection of its campaign."""
    each = defect(name)
    chosen = {c for c in CRITERIA if c in each.run or c.split(".")[0] in each.run}
    for role in (*each.must_fail, *each.must_be_inconclusive):
        if role in RULES:
            continue  # rules watch every trace
        served = {s.criterion for s in PURPOSES[role.split("/")[0]].serves}
        assert served & chosen or not served or role in each.run, role


@pytest.mark.parametrize("name", known_defects())
def test_it_breaks_a_station(name: str, station: Station) -> None:
    """Every defect finds what it replaces: a method that was renamed must not leave a correct charger behind."""
    defects.apply(station, [name])


def test_a_file_is_called_like_its_defect() -> None:
    """A defect is found by its name: the file's, without the requirement's prefix."""
    files = [m.name for m in pkgutil.iter_modules(defects.__path__) if not m.name.startswith("_")]
    assert sorted(f.split("_", 1)[1].replace("_", "-") for f in files) == sorted(known_defects())


def test_every_purpose_has_its_defect() -> None:
    """A purpose that no defective charger turns red is not known to be able to."""
    proven = {role.split("/")[0] for name in known_defects() for role in defect(name).must_fail}
    assert set(PURPOSES) - proven == set()


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    """A misspelt defect must not leave a correct charger behind either."""
    with pytest.raises(ValueError, match="ignores-zero"):
        defect("ignore-zero")


def test_a_defect_that_does_not_apply_says_so(tmp_path: Path) -> None:
    """A station without backend or car cannot be broken in its talk with them."""
    with closing(Station(StationOptions(state_dir=tmp_path))) as alone:
        with pytest.raises(ValueError, match="--csms"):
            defects.apply(alone, ["refuses-limits"])
        with pytest.raises(ValueError, match="--evses 2"):
            defects.apply(alone, ["ignores-limits-at-its-second-evse"])
        with pytest.raises(ValueError, match="--interface"):
            defects.apply(alone, ["no-dc-discharge"])


def test_a_defect_of_a_second_evse_brings_the_profile_that_it_needs(tmp_path: Path) -> None:
    """By `run --defect` as in `make defects`: two EVSEs, and instruments at both; the plain charger's is the same."""
    from harness.cli._request import make_request

    name = "ignores-limits-at-its-second-evse"
    asked = make_request("emulated", (), (), (), None, None, False, (name,), (), None)
    bench = Bench(evses=defect(name).evses)
    plain, _ = load_profile(bench.profile(tmp_path))
    for profile in (asked.profile, plain):
        assert profile.pixit.evses == (1, 2) and profile.launch is not None and profile.launch.evses == 2
        assert {"meter@2", "pilot@2", "light@2"} <= set(profile.pco.bench)
    assert "depth: thorough" in bench.tender(tmp_path).read_text()


def test_a_bench_may_lack_instruments_at_every_evse(tmp_path: Path) -> None:
    """What is taken away stands at no EVSE."""
    profile, _ = load_profile(Bench(("pilot",), 2).profile(tmp_path))
    assert "meter@2" in profile.pco.bench and not any(role.startswith("pilot") for role in profile.pco.bench)


def test_a_bench_may_confirm_a_number_of_a_standard(tmp_path: Path) -> None:
    """As a client's tender does: the number stays as it stands, and decides; at the usual bench it decides nothing."""
    said = {
        bench: resolve_limits(CATALOGUE, load_tender(CATALOGUE, bench.tender(tmp_path)))
        for bench in (Bench(), Bench(confirms=("SC-07.8",)))
    }
    usual, confirmed = said.values()
    assert not usual["SC-07.8"]["off"].confidence.decides
    assert confirmed["SC-07.8"]["off"].confidence.decides
    assert confirmed["SC-07.8"]["off"].value == usual["SC-07.8"]["off"].value
    assert not confirmed["SC-07.9"]["off"].confidence.decides


@pytest.mark.parametrize("name", [n for n in known_defects() if defect(n).confirms])
def test_what_a_defect_confirms_is_what_must_notice_it(name: str) -> None:
    """A number that is confirmed for nothing would only hide that it decides nothing."""
    served = {s.criterion for role in defect(name).must_fail if role in PURPOSES for s in PURPOSES[role].serves}
    assert set(defect(name).confirms) <= served
