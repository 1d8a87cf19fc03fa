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

BROKEN = Defect("n", "t", "w.", must_fail=("K.P3",), may_fail=("K.P4",), run=("SC-04",), apply=lambda station: None)
GOOD = {"K.P2": "pass", "K.P3": "pass", "K.P4": "pass", "K.P9": "inconclusive"}


def test_a_defect_that_is_noticed_is_caught() -> None:
    """The named purpose fails, and a permitted consequence is no bystander."""
    outcome = check(BROKEN, GOOD, {**GOOD, "K.P3": "fail", "K.P4": "inconclusive"})
    assert outcome.ok
    assert outcome.caught == {"K.P3": "fail"}


@pytest.mark.parametrize("verdict", ["pass", "inconclusive", "pending", "error", "not_applicable"])
def test_only_a_fail_counts(verdict: str) -> None:
    """Inconclusive is not noticed: the charger would be sent for a repeat, not for repair."""
    outcome = check(BROKEN, GOOD, {**GOOD, "K.P3": verdict})
    assert not outcome.ok
    assert verdict in outcome.missed["K.P3"]


def test_a_purpose_that_was_not_judged_is_missed() -> None:
    """A campaign that leaves the purpose out proves nothing."""
    assert "not judged" in check(BROKEN, GOOD, {"K.P2": "pass"}).missed["K.P3"]


@pytest.mark.parametrize("verdict", ["fail", "inconclusive", "error"])
def test_an_unnamed_purpose_is_a_bystander(verdict: str) -> None:
    """Whatever else gets worse is blamed wrongly."""
    outcome = check(BROKEN, GOOD, {**GOOD, "K.P2": verdict, "K.P3": "fail"})
    assert not outcome.ok
    assert set(outcome.bystanders) == {"K.P2"}


@pytest.mark.parametrize(("verdict", "purpose", "innocent"), [
    ("inconclusive", "K.P3", True),  # its own purpose was spoilt: what it watches never came
    ("fail", "K.P3", False),
    ("inconclusive", "K.P2", False),
])  # fmt: skip
def test_a_rule_whose_own_purpose_was_spoilt_is_no_bystander(verdict: str, purpose: str, innocent: bool) -> None:
    """What a charger never did cannot be watched; a rule that fails, or that another purpose sets off, is blamed."""
    seen = {**GOOD, "K.P3": "fail", "K.R001": verdict}
    outcome = check(BROKEN, {**GOOD, "K.R001": "pass"}, seen, {"K.R001": (purpose,)})
    assert outcome.ok is innocent


def test_what_the_conformant_charger_does_not_pass_either_is_no_bystander() -> None:
    """A purpose that stays open for reasons of its own is not the defect's doing."""
    assert check(BROKEN, GOOD, {**GOOD, "K.P3": "fail", "K.P9": "inconclusive"}).ok


def test_a_purpose_that_always_fails_proves_no_defect() -> None:
    """When the conformant charger fails as well, the case is at fault."""
    outcome = check(BROKEN, {**GOOD, "K.P3": "fail"}, {**GOOD, "K.P3": "fail"})
    assert "conformant" in outcome.missed["K.P3"]


def test_inconclusive_counts_where_it_is_declared() -> None:
    """A defect that takes the evidence away says so, and then nothing else will do."""
    silent = dataclasses.replace(BROKEN, must_fail=(), must_be_inconclusive=("K.P3",), why_inconclusive="gone")
    assert check(silent, GOOD, {**GOOD, "K.P3": "inconclusive"}).ok
    assert not check(silent, GOOD, {**GOOD, "K.P3": "fail"}).ok


def test_one_service_of_a_purpose_is_enough() -> None:
    """A purpose that ran for several services is caught by one of them, and none of the others is a bystander."""
    good = {"V.P1/AC": "pass", "V.P1/DC": "pass"}
    broken = dataclasses.replace(BROKEN, must_fail=("V.P1",))
    assert check(broken, good, {"V.P1/AC": "inconclusive", "V.P1/DC": "fail"}).ok
    assert not check(broken, good, {"V.P1/AC": "inconclusive", "V.P1/DC": "pass"}).ok


def test_a_named_service_must_notice_itself() -> None:
    """Where a service is named, another one's fail does not count, and is a bystander."""
    good = {"V.P1/AC": "pass", "V.P1/DC": "pass"}
    broken = dataclasses.replace(BROKEN, must_fail=("V.P1/DC",))
    outcome = check(broken, good, {"V.P1/AC": "fail", "V.P1/DC": "pass"})
    assert set(outcome.missed) == {"V.P1/DC"} and set(outcome.bystanders) == {"V.P1/AC"}


def test_verdicts_are_read_from_the_evidence(tmp_path: Path) -> None:
    """Verdict and reason of each criterion and purpose come from verdicts.json, the worst of several versions."""
    criteria = [{"id": "SC-04.3", "verdict": "fail", "why": "still 6 A"}]
    purposes = [
        {"purpose": "K.P3", "conditions": {"version": v}, "verdict": verdict, "why": verdict, "serves": ["SC-04.3"]}
        for v, verdict in (("2.1", "pass"), ("2.0.1", "fail"))
    ]
    served = {"purpose": "V.P1", "conditions": {"service": "DC"}, "verdict": "pass", "why": "", "serves": []}
    rules = [{"rule": "K.R1", "verdict": v, "why": v} for v in ("pass", "fail", "not_applicable")]
    file = tmp_path / "verdicts.json"
    result = {"requirements": [{"criteria": criteria}], "purposes": [*purposes, served], "rules": rules}
    file.write_text(json.dumps(result))
    seen = read(file)
    assert seen.verdicts == {"SC-04.3": "fail", "K.P3": "fail", "V.P1/DC": "pass"}
    assert seen.why["SC-04.3"] == "still 6 A" and seen.serves == {"K.P3": ("SC-04.3",), "V.P1/DC": ()}
    assert seen.judged == {"K.P3": "fail", "V.P1/DC": "pass", "K.R1": "fail"}


def test_the_list_names_every_defect(capsys: pytest.CaptureFixture[str]) -> None:
    """`--list` runs nothing and shows what there is."""
    assert main(["--list"]) == 0
    assert "ignores-zero" in capsys.readouterr().out


def test_a_wrong_name_ends_with_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong usage is told apart from a defect that was missed."""
    assert main(["no-such-defect"]) == 2
    assert "nearest" in capsys.readouterr().err
