"""Rows of the suites and functions of the engine belong together, one to one."""

from __future__ import annotations

import inspect
import re

import pytest

from harness.judge.rules import PROVOKED, known_rules, known_v2g_rules
from requirement_catalog import Rule, load_suites

ROWS = load_suites().rules
ASKED = "asked by the backend"


def test_each_row_has_its_function_and_each_function_its_row() -> None:
    """A row without a function would never be tried, a function without a row never told of."""
    assert {row.id for row in ROWS} == {*known_rules(), *known_v2g_rules()}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_is_whole(row: Rule) -> None:
    """It says what is given and what then, names its clauses, and its exceptions are those that the engine knows."""
    assert row.given and row.then and row.answers_to and (row.versions or row.id in known_v2g_rules())
    assert set(row.unless) <= {PROVOKED, ASKED}
    assert row.statement.endswith(".")


@pytest.mark.parametrize("id", sorted(known_rules()))
def test_a_function_is_short_and_stands_in_its_use_cases_file(id: str) -> None:
    """At most 15 lines, docstring included, in ocpp/<block>/<use case>.py."""
    function = inspect.unwrap(known_rules()[id].function)
    lines = [line for line in inspect.getsource(function).splitlines() if not line.startswith("@")]
    assert len(lines) <= 15
    found = re.fullmatch(r"OCPP-(([A-Z])\d*)\.R\d{3}", id)
    assert found is not None
    block = "P4" if found[1] == "P4" else found[2]
    assert function.__module__ == f"harness.judge.rules.ocpp.{block}.{found[1].lower()}"


@pytest.mark.parametrize("id", sorted(known_v2g_rules()))
def test_a_function_of_iso_15118_is_short_and_stands_in_its_blocks_file(id: str) -> None:
    """At most 15 lines, docstring included, in v2g/shelf/<block>.py."""
    function = inspect.unwrap(known_v2g_rules()[id].function)
    lines = [line for line in inspect.getsource(function).splitlines() if not line.startswith("@")]
    assert len(lines) <= 15
    found = re.fullmatch(r"V2G-([A-Z]+)\.R\d{3}", id)
    assert found is not None
    assert function.__module__ == f"harness.judge.rules.v2g.shelf.{found[1].lower()}"


@pytest.mark.parametrize("row", [r for r in ROWS if "FR" in "".join(r.answers_to)], ids=lambda row: row.id)
def test_function_and_row_name_the_same_requirement(row: Rule) -> None:
    """The function's docstring begins with the first of its row's clauses, so that readers of either find the text."""
    first = row.answers_to[0].split(", ")[-1].removeprefix("3 ").removeprefix("E ").removeprefix("OCPP-J ")
    assert first in (known_rules()[row.id].function.__doc__ or "")
