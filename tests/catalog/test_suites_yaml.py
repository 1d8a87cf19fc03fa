"""The fast YAML loader: the same data, lines and refusals as Python's own, and no crash on what is nested deep."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import requirement_catalog.reading._yaml
from requirement_catalog import CatalogueError, load_suites
from requirement_catalog.reading._yaml import parse_yaml
from tests.catalog._copies import SHIPPED
from tests.catalog._suite_files import suite_folder


def read(text: str, *, fast: bool) -> object:
    """Data and lines, or the refusal's words."""
    with pytest.MonkeyPatch.context() as patch:
        if not fast:
            patch.setattr(requirement_catalog.reading._yaml, "_FAST", None)
        try:
            located = parse_yaml(text, "f.yaml")
            return located.data, located.lines
        except CatalogueError as error:
            return str(error)


def test_both_loaders_read_the_shipped_files_alike() -> None:
    """Data and the line of every value."""
    for path in SHIPPED.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert read(text, fast=True) == read(text, fast=False), path.name


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab:[]{}-&*!|>#\"' \n\t0.%@?", max_size=60))
def test_both_loaders_say_the_same_of_any_text(text: str) -> None:
    """Whether a machine's PyYAML has the loader in C makes no difference to anybody."""
    assert read(text, fast=True) == read(text, fast=False)


@pytest.mark.parametrize("text", ["[" * 3_000, "- " * 3_000, "{a: " * 3_000])
def test_what_is_nested_deep_is_refused_by_both(text: str) -> None:
    """The loader in C would crash on it, and is not asked."""
    assert read(text, fast=True) == read(text, fast=False)


def test_a_thousand_purposes_are_read_in_seconds(tmp_path: Path) -> None:
    """100 files of 15 purposes, as the suites are to grow: about two seconds of CPU on a slow core; ten are allowed."""
    for n in range(100):
        text = f"use_case: X{n:02}\ndefaults: {{depth: thorough, before: [booted]}}\npurposes:\n" + "".join(
            f"  - id: OCPP-X{n:02}.P{k:03}\n    statement: Purpose {k} holds.\n    answers_to: [K01.FR.{k:02}]\n"
            f'    versions: ["2.1", "2.0.1"]\n    applies: smart_charging and (v2x or not der_control)\n'
            f"    serves: [{{criterion: SC-04.1}}]\n    judges: [timing.answered]\n    cost: {{own_s: 2}}\n"
            for k in range(1, 16)
        )
        suite_folder(tmp_path, text, name=f"ocpp/X/X{n:02}.yaml", locked=False)
    begin = time.process_time()
    suites = load_suites(tmp_path, lock=False)
    assert len(suites.purposes) == 1500
    assert time.process_time() - begin < 10
