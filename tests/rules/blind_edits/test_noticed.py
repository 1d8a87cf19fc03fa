"""Edits by readers who had not seen the rules: what was noticed is noticed still; the unedited logs accuse nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.blind_edits import Edit, edits, log, noticed, violated

FEWEST_NOTICED = 37


@pytest.mark.parametrize("edit", edits(), ids=lambda edit: edit.id)
def test_an_edit_is_noticed_by_the_same_rules(edit: Edit, tmp_path: Path) -> None:
    """Exactly those of noticed.csv; where a change is meant, `python -m tests.rules.blind_edits` writes it down."""
    assert edit.lines() != list(log(edit.base))
    assert violated(edit.lines(), tmp_path) == noticed()[edit.id]


@pytest.mark.parametrize("name", sorted({edit.base for edit in edits()}))
def test_the_unedited_log_accuses_nobody(name: str, tmp_path: Path) -> None:
    """The control: without its edit each log violates nothing."""
    assert violated(log(name), tmp_path) == []


def test_most_of_them_are_noticed() -> None:
    """Sixty edits, each with its line; how many are noticed does not fall."""
    found = noticed()
    assert len(found) == len(edits()) == 60
    assert sum(map(bool, found.values())) >= FEWEST_NOTICED
