"""The suites: how they are read, what ships, and that the design's example is understood whole."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from harness.bench._bench import ORDER
from harness.proofs import known_judges
from requirement_catalog import (
    CatalogueError,
    Conformance,
    Depth,
    Hands,
    check_judges,
    load_catalogue,
    load_suites,
    names_in,
    suites_digest,
)
from requirement_catalog.purposes._suite_rules import BENCH
from requirement_catalog.reading._schema import schema_text
from requirement_catalog.reading._yaml import read_yaml
from tests.catalog._suite_files import EXAMPLE, K01, change, suite_folder


def test_the_shipped_suites_are_read_once() -> None:
    """A second call gives the very same object."""
    assert load_suites() is load_suites()


def test_every_criterion_that_a_test_proves_has_a_purpose() -> None:
    """No criterion of the acceptance phase waits for a test that nobody wrote down."""
    served = {s.criterion for p in load_suites().purposes for s in p.serves}
    wanted = {
        c.id
        for c in load_catalogue().criteria
        if c.verified_by in ("test", "operator_inspection") and c.phase == "acceptance"
    }
    assert wanted - served == set()


def test_every_judge_that_ships_with_a_purpose_exists() -> None:
    """A purpose whose judge nobody knows could never find anything."""
    check_judges(load_suites(), known_judges())


def test_statements_are_sentences_in_plain_words() -> None:
    """Each begins with a capital, ends with a full stop and names no Python."""
    for item in load_suites().items:
        assert item.statement[0].isupper() and item.statement.endswith("."), item.id
        assert "_" not in item.statement, item.id


def test_a_purpose_stands_in_only_where_less_is_needed() -> None:
    """What takes another one's place needs no car or no instrument that the other one needs."""
    suites = load_suites()
    for purpose in suites.purposes:
        for other in map(suites.purpose, purpose.instead_of):
            lighter = purpose.needs.car == "none" and other.needs.car != "none"
            assert lighter or set(purpose.needs.bench) < set(other.needs.bench), purpose.id


def test_the_design_s_example_is_understood_whole() -> None:
    """All fields it shows arrive; its invented criteria and ids are not looked up."""
    suites = load_suites(EXAMPLE, references=False)
    purpose, rule = suites.purpose("OCPP-K01.P012"), suites.rule("OCPP-B02.R002")
    assert (purpose.versions, purpose.role, purpose.depth) == (("2.0.1", "2.1"), "station", Depth.ACCEPTANCE)
    assert [(s.criterion, s.when) for s in purpose.serves] == [
        ("SC-09.10", {"version": "2.0.1"}),
        ("BI-20.11", {"version": "2.1"}),
    ]
    assert (purpose.needs.csms, purpose.needs.car, purpose.needs.bench, purpose.needs.evses) == (
        True,
        "any",
        ("meter",),
        1,
    )
    assert (purpose.hands, purpose.cost.own_s, purpose.cost.waits) == (Hands.NONE, 6, {"dwell": 1})
    assert names_in(purpose.applies) == ("smart_charging", "current_limits")
    assert not purpose.retired and purpose.disruptive is None
    assert rule.proof is not None and rule.proof.turns_red == ("OCPP-B02.R002",) and rule.readings == 2
    assert rule.conformance is Conformance.MANDATORY and rule.unless[0] == "asked by the backend"


def test_an_editor_accepts_the_example() -> None:
    """The JSON Schema knows `defaults:` and every field that the example shows."""
    validator = jsonschema_rs.validator_for(json.loads(schema_text("suite")))
    data = read_yaml(EXAMPLE / "suites/ocpp/K/K01.yaml").data
    assert [error.message for error in validator.iter_errors(data)] == []
    assert not validator.is_valid({**data, "defaults": {"verions": []}})


def test_defaults_fill_what_an_item_leaves_out(tmp_path: Path) -> None:
    """An item's own value wins, also an empty one; a key that rules do not have is filled into purposes only."""
    text = K01.replace(
        "purposes:\n", "defaults: {depth: short, confidence: recalled, before: [booted]}\npurposes:\n", 1
    )
    suites = load_suites(suite_folder(tmp_path, text.replace("instead_of: [OCPP-K01.P001]", "before: []")))
    first, second, third = suites.purposes
    assert (first.depth, first.before, first.confidence) == (Depth.SHORT, ("booted", "no_limits"), "recalled")
    assert (second.before, third.before) == ((), ("booted",))
    assert suites.rules[0].depth is Depth.SHORT


def test_an_error_in_a_default_names_its_line(tmp_path: Path) -> None:
    """The line is that of `defaults:`, where it is to be corrected."""
    text = K01.replace("purposes:\n", "defaults:\n  depth: deep\npurposes:\n", 1)
    with pytest.raises(CatalogueError) as caught:
        load_suites(suite_folder(tmp_path, text, locked=False))
    first = str(caught.value).splitlines()[0]
    assert first == (
        "suites/ocpp/K/K01.yaml:4: purposes[0].depth: 'deep' is not allowed; allowed are: short, acceptance, thorough"
    )


def test_look_ups_know_places_and_the_nearest_id(tmp_path: Path) -> None:
    """By id: the purpose, its suite, its file and line; an unknown id names the nearest."""
    suites = load_suites(suite_folder(tmp_path))
    assert suites.purpose("OCPP-K01.P002").instead_of == ("OCPP-K01.P001",)
    assert (suites.suite_of("OCPP-K01.P002"), suites.place("OCPP-K01.P002")) == ("ocpp", "suites/ocpp/K/K01.yaml:16")
    with pytest.raises(KeyError, match=r"did you mean 'OCPP-K01\.P001'"):
        suites.purpose("OCPP-K01.P0011")
    with pytest.raises(KeyError, match="no rule is called"):
        suites.rule("OCPP-K01.P001")


def test_a_retired_purpose_is_found_by_its_id_only(tmp_path: Path) -> None:
    """It is kept so that its id is never given again; it is not run."""
    folder = suite_folder(
        tmp_path, K01.replace("  - id: OCPP-K01.P003\n", "  - id: OCPP-K01.P003\n    successor: OCPP-K01.P001\n")
    )
    suites = load_suites(folder)
    assert [p.id for p in suites.purposes] == ["OCPP-K01.P001", "OCPP-K01.P002"]
    assert suites.purpose("OCPP-K01.P003").retired


def test_the_digest_is_of_the_content(tmp_path: Path) -> None:
    """Comments and layout change nothing; a word of a statement, a cost, a criterion does."""
    folder = suite_folder(tmp_path)
    before = suites_digest(load_suites(folder))
    change(folder, "title: Limits\n", "title: Limits  # a remark\n\n")
    assert suites_digest(load_suites(folder)) == before
    change(folder, "own_s: 1", "own_s: 2")
    assert suites_digest(load_suites(folder)) != before


def test_the_instruments_are_those_of_the_bench() -> None:
    """A purpose can ask for every role that a bench has, and for no other."""
    assert set(BENCH) == set(ORDER)
