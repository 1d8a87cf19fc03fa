"""The comparison of a defective charger's verdicts with what its defect declares."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from harness.emulator.altered import read
from harness.emulator.defects import Defect
from harness.emulator.defects.__main__ import main
from harness.emulator.defects._check import check

BROKEN = Defect("n", "t", "w.", must_fail=("SC-04.3",), may_fail=("SC-04.4",), apply=lambda station: None)
GOOD = {"SC-04.2": "pass", "SC-04.3": "pass", "SC-04.4": "pass", "SC-04.9": "inconclusive"}


def test_a_defect_that_is_noticed_is_caught() -> None:
    """The named criterion fails, and a permitted consequence is no bystander."""
    outcome = check(BROKEN, GOOD, {**GOOD, "SC-04.3": "fail", "SC-04.4": "inconclusive"})
    assert outcome.ok
    assert outcome.caught == {"SC-04.3": "fail"}


@pytest.mark.parametrize("verdict", ["pass", "inconclusive", "pending", "error", "not_applicable"])
def test_only_a_fail_counts(verdict: str) -> None:
    """Inconclusive is not noticed: the charger would be sent for a repeat, not for repair."""
    outcome = check(BROKEN, GOOD, {**GOOD, "SC-04.3": verdict})
    assert not outcome.ok
    assert verdict in outcome.missed["SC-04.3"]


def test_a_criterion_that_was_not_judged_is_missed() -> None:
    """A campaign that leaves the criterion out proves nothing."""
    assert "not judged" in check(BROKEN, GOOD, {"SC-04.2": "pass"}).missed["SC-04.3"]


@pytest.mark.parametrize("verdict", ["fail", "inconclusive", "error"])
def test_an_unnamed_criterion_is_a_bystander(verdict: str) -> None:
    """Whatever else gets worse is blamed wrongly."""
    outcome = check(BROKEN, GOOD, {**GOOD, "SC-04.2": verdict, "SC-04.3": "fail"})
    assert not outcome.ok
    assert set(outcome.bystanders) == {"SC-04.2"}


def test_what_the_conformant_charger_does_not_pass_either_is_no_bystander() -> None:
    """A criterion that stays open for reasons of its own is not the defect's doing."""
    assert check(BROKEN, GOOD, {**GOOD, "SC-04.3": "fail", "SC-04.9": "inconclusive"}).ok


def test_a_criterion_that_always_fails_proves_no_defect() -> None:
    """When the conformant charger fails as well, the case is at fault."""
    outcome = check(BROKEN, {**GOOD, "SC-04.3": "fail"}, {**GOOD, "SC-04.3": "fail"})
    assert "conformant" in outcome.missed["SC-04.3"]


def test_inconclusive_counts_where_it_is_declared() -> None:
    """A defect that takes the evidence away says so, and then nothing else will do."""
    silent = dataclasses.replace(BROKEN, must_fail=(), must_be_inconclusive=("SC-04.3",), why_inconclusive="gone")
    assert check(silent, GOOD, {**GOOD, "SC-04.3": "inconclusive"}).ok
    assert not check(silent, GOOD, {**GOOD, "SC-04.3": "fail"}).ok


def test_verdicts_are_read_from_the_evidence(tmp_path: Path) -> None:
    """Verdict and reason of each criterion come from verdicts.json."""
    criteria = [{"id": "SC-04.3", "verdict": "fail", "why": "still 6 A"}]
    file = tmp_path / "verdicts.json"
    file.write_text(json.dumps({"requirements": [{"criteria": criteria}]}))
    assert read(file) == ({"SC-04.3": "fail"}, {"SC-04.3": "still 6 A"})


def test_the_list_names_every_defect(capsys: pytest.CaptureFixture[str]) -> None:
    """`--list` runs nothing and shows what there is."""
    assert main(["--list"]) == 0
    assert "ignores-zero" in capsys.readouterr().out


def test_a_wrong_name_ends_with_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong usage is told apart from a defect that was missed."""
    assert main(["no-such-defect"]) == 2
    assert "nearest" in capsys.readouterr().err
