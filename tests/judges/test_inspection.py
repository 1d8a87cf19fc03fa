"""What a person saw."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T


def asked(*answers: Any, photo: bool = True) -> T:
    """The question, and the answers to it."""
    t = T()
    for said in answers:
        t.event("operator.prompt", "operator", prompt="p")
        if said is not None:
            picture = {"file": "a.jpg", "sha256": "0"} if photo else None
            t.event("operator.answer", "operator", prompt="p", answer=said, photo=picture, observer="A. B.")
    return t


def verdict(t: T, **params: Any) -> Verdict:
    """What is found; a photograph is wanted."""
    return t.claims("inspection.answered_yes", "BI-17.1", **{"prompt": "p", "photo": True, **params}).judged().verdict


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (True, Verdict.PASS),
        ("yes", Verdict.PASS),
        (False, Verdict.FAIL),
        ("no", Verdict.FAIL),
        ("perhaps", Verdict.FAIL),
    ],
)
def test_only_yes_is_yes(said: Any, expected: Verdict) -> None:
    """Everything else is no."""
    assert verdict(asked(said)) is expected


def test_the_photograph_belongs_to_it() -> None:
    """Yes without the wanted photograph is not finished; where none is wanted it is."""
    assert verdict(asked(True, photo=False)) is Verdict.PENDING
    assert verdict(asked(True, photo=False), photo=False) is Verdict.PASS


def test_unanswered_is_pending() -> None:
    """Nobody was asked, or nobody answered; an answer to another question is none."""
    assert verdict(T()) is Verdict.PENDING
    assert verdict(asked(None)) is Verdict.PENDING
    assert verdict(asked(True), prompt="q") is Verdict.PENDING


def test_the_newest_answer_counts_once_it_is_there() -> None:
    """Yes, then no: no. Yes, then asked again without an answer: pending."""
    assert verdict(asked(True, False)) is Verdict.FAIL
    assert verdict(asked(False, True)) is Verdict.PASS
    assert verdict(asked(True, None)) is Verdict.PENDING
