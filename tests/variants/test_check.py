"""The comparison of an unusual charger's verdicts with the plain one's."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.emulator.altered import Seen
from harness.emulator.variants import Variant
from harness.emulator.variants.__main__ import main
from harness.emulator.variants._check import blamed

UNUSUAL = Variant("n", "t", "w.", "l.", ("c",), ("SC-04",), may_change={"SC-04.5": "not_applicable"})
PLAIN = {"SC-04.2": "pass", "SC-04.5": "pass", "SC-04.9": "inconclusive", "SC-06.1": "pass"}
AS_DECLARED = {**PLAIN, "SC-04.5": "not_applicable"}


def said(
    verdicts: dict[str, str], serves: dict[str, tuple[str, ...]] | None = None, rules: dict[str, str] | None = None
) -> Seen:
    """A campaign that said this."""
    return Seen(verdicts, {}, 1.0, Path(), serves or {}, rules or {})


def test_what_passes_as_before_is_not_blamed() -> None:
    """The same verdicts, and the declared one, are what a correct charger deserves."""
    assert blamed(UNUSUAL, said(PLAIN), said(AS_DECLARED)) == {}


@pytest.mark.parametrize("verdict", ["fail", "inconclusive", "pending", "error", "not_applicable"])
def test_a_worse_verdict_is_blame(verdict: str) -> None:
    """Not only a fail: a supplier also pays for what cannot be decided, or silently no longer applies."""
    assert set(blamed(UNUSUAL, said(PLAIN), said({**AS_DECLARED, "SC-06.1": verdict}))) == {"SC-06.1"}


def test_a_declared_change_must_come() -> None:
    """A declaration that is not needed hides the next mistake."""
    assert "was declared" in blamed(UNUSUAL, said(PLAIN), said(PLAIN))["SC-04.5"]


def test_a_criterion_of_its_own_must_be_judged() -> None:
    """A campaign that leaves out what the variant touches proves nothing."""
    assert set(blamed(UNUSUAL, said(PLAIN), said({"SC-04.5": "not_applicable"}))) == {"SC-04.2"}


def test_what_the_plain_charger_does_not_pass_either_is_no_blame() -> None:
    """A criterion that stays open for reasons of its own says nothing about the variant."""
    assert blamed(UNUSUAL, said(PLAIN), said({**AS_DECLARED, "SC-04.9": "inconclusive"})) == {}


def test_a_purpose_may_change_with_its_criterion() -> None:
    """What serves a criterion that may change is not blamed; what serves another one is."""
    serves = {"K.P5": ("SC-04.5",), "K.P2": ("SC-04.2",)}
    plain = said({**PLAIN, "K.P5": "pass", "K.P2": "pass"}, serves)
    changed = said({**AS_DECLARED, "K.P5": "not_applicable", "K.P2": "inconclusive"}, serves)
    assert set(blamed(UNUSUAL, plain, changed)) == {"K.P2"}


@pytest.mark.parametrize(("verdict", "blame"), [("fail", 1), ("error", 1), ("inconclusive", 1), ("not_applicable", 0)])
def test_a_rule_that_is_violated_is_blame_and_one_that_lies_idle_is_none(verdict: str, blame: int) -> None:
    """Advisory or not; what a variant never does sets no rule off."""
    plain, seen = said(PLAIN, rules={"K.R1": "pass"}), said(AS_DECLARED, rules={"K.R1": verdict})
    assert len(blamed(UNUSUAL, plain, seen)) == blame
    assert blamed(UNUSUAL, said(PLAIN, rules={"K.R1": verdict}), seen) == {}


def test_the_list_names_every_variant(capsys: pytest.CaptureFixture[str]) -> None:
    """`--list` runs nothing and shows what there is."""
    assert main(["--list"]) == 0
    assert "local-time" in capsys.readouterr().out


def test_a_wrong_name_ends_with_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong usage is told apart from a charger that was blamed."""
    assert main(["lokal-time"]) == 2
    assert "local-time" in capsys.readouterr().err
