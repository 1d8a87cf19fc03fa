"""Several EVSEs in a profile: their numbers, where they differ, and the instruments that stand at them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.emulator.altered import with_evses
from harness.profile import _load as loading
from harness.profile import builtin_profiles, load_profile, role_and_evse, role_at
from requirement_catalog import CatalogueError

SHIPPED = yaml.safe_load((Path(loading.__file__).parent / "builtin" / "emulated.yaml").read_text(encoding="utf-8"))


def written(folder: Path, profile: dict[str, Any]) -> str:
    """Its path."""
    path = folder / "dut.yaml"
    path.write_text(yaml.safe_dump(profile, sort_keys=False), encoding="utf-8")
    return str(path)


def test_values_of_one_evse_are_those_of_the_product_unless_it_says_otherwise(tmp_path: Path) -> None:
    """EVSE 2 is rated lower; what is not said of it is as at EVSE 1."""
    profile = with_evses(SHIPPED, 2)
    profile["pixit"]["evse_values"] = [{"evse_id": 2, "rated_current_a": 16, "ac_connector": 3}]
    pixit = load_profile(written(tmp_path, profile))[0].pixit
    assert (pixit.at(1), pixit.at(0)) == (pixit, pixit)
    second = pixit.at(2)
    assert (second.evse_id, second.rated_current_a, second.ac_connector) == (2, 16, 3)
    assert (second.identity, second.rated_charge_w) == (pixit.identity, pixit.rated_charge_w)


def test_an_evse_can_be_of_another_kind_and_can_less(tmp_path: Path) -> None:
    """The emulated charger's second EVSE is an AC socket without ISO 15118; the first has all that the product has."""
    profile = load_profile(written(tmp_path, with_evses(SHIPPED, 2)))[0]
    assert [profile.current_at(evse) for evse in (0, 1, 2)] == [("AC", "DC"), ("AC", "DC"), ("AC",)]
    assert (profile.denied_at(1), profile.denied_at(2)) == (frozenset(), {"iso15118_20", "iso15118_2"})


def test_an_evse_without_values_of_its_own_has_its_own_number(tmp_path: Path) -> None:
    """Nothing said: the same ratings, another number."""
    pixit = load_profile(written(tmp_path, with_evses(SHIPPED, 2)))[0].pixit
    assert (pixit.at(2).evse_id, pixit.at(2).rated_current_a) == (2, pixit.rated_current_a)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pixit": {"evses": [0, 1]}}, "numbered from 1"),
        ({"pixit": {"evses": [1, 1]}}, "name each once"),
        ({"pixit": {"evses": [2, 3]}}, "leaves out evse_id"),
        ({"pixit": {"evse_values": [{"evse_id": 3}]}}, "is about EVSE 3"),
        ({"bench": {"meter@3": SHIPPED["pco"]["bench"]["meter"]}}, "stands at EVSE 3"),
        ({"bench": {"meter@1": SHIPPED["pco"]["bench"]["meter"]}}, "leave out @1"),
        ({"bench": {"ems@2": SHIPPED["pco"]["bench"]["ems"]}}, "only pilot, meter, light stand at an EVSE"),
        ({"bench": {"meter@two": SHIPPED["pco"]["bench"]["meter"]}}, "written like meter@2"),
        ({"launch": {"evses": 0}}, "write 1 to 8"),
        ({"evses": [{"evse_id": 3, "current": ["AC"]}]}, "is about EVSE 3"),
        ({"evses": [{"evse_id": 2, "pics": {"iso15118-20": "no"}}]}, "is no feature that a supplier declares"),
        ({"evses": [{"evse_id": 2, "pics": {"v2x": "yes"}}]}, "an EVSE names what it has not"),
        ({"evses": [{"evse_id": n, "current": ["AC"]} for n in (1, 2)]}, "give no EVSE DC, which the product has"),
        ({"evses": [{"evse_id": n, "pics": {"v2x": False}} for n in (1, 2)]}, "say no to v2x at every EVSE"),
        ({"evses": [{"evse_id": 2, "current": ["AC"]}, {"evse_id": 2}]}, "is about EVSE 2 again"),
        (
            {"product": {"current": ["AC"]}, "evses": [{"evse_id": 2, "current": ["DC"]}]},
            "the product as a whole has AC only",
        ),
    ],
)
def test_what_cannot_be_is_told_with_file_line_and_remedy(
    changes: dict[str, dict[str, Any]], words: str, tmp_path: Path
) -> None:
    """Numbers that do not fit each other never reach a run."""
    profile = with_evses(SHIPPED, 2)
    profile["pixit"] |= changes.get("pixit", {})
    profile["launch"] |= changes.get("launch", {})
    profile["product"] = profile["product"] | changes.get("product", {})
    profile["evses"] = changes.get("evses", [])
    profile["pco"]["bench"] |= changes.get("bench", {})
    with pytest.raises(CatalogueError, match=r"dut\.yaml:[0-9]+") as told:
        load_profile(written(tmp_path, profile))
    assert words in str(told.value)


def test_a_role_has_a_name_at_each_evse() -> None:
    """What stands at an EVSE carries its number from the second on; the station's own instruments carry none."""
    assert [role_at("meter", evse) for evse in (0, 1, 2)] == ["meter", "meter", "meter@2"]
    assert (role_at("meter", 1, home=2), role_at("meter", 2, home=2)) == ("meter@1", "meter")
    assert role_at("ems", 2) == "ems"
    assert (role_and_evse("light@3"), role_and_evse("ems")) == (("light", 3), ("ems", None))


@pytest.mark.parametrize("name", builtin_profiles())
def test_profiles_that_ship_have_one_evse(name: str) -> None:
    """They stay what they are: one EVSE, instruments without numbers."""
    profile, _ = load_profile(name)
    assert profile.pixit.evses == () and not any("@" in role for role in profile.pco.bench)
