"""PICS expressions: three values, the features that decided, and what is said of one that cannot be read."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requirement_catalog import ExpressionError, evaluate, names_in
from requirement_catalog.purposes._pics import parse

YES, NO, OPEN = "yes", "no", "undeclared"
TRUTH = {
    ("and", YES, YES): YES, ("and", YES, NO): NO, ("and", YES, OPEN): OPEN,
    ("and", NO, NO): NO, ("and", NO, OPEN): NO, ("and", OPEN, OPEN): OPEN,
    ("or", YES, YES): YES, ("or", YES, NO): YES, ("or", YES, OPEN): YES,
    ("or", NO, NO): NO, ("or", NO, OPEN): OPEN, ("or", OPEN, OPEN): OPEN,
}  # fmt: skip


@pytest.mark.parametrize(("word", "one", "other"), TRUTH)
def test_three_values(word: str, one: str, other: str) -> None:
    """`no` settles an `and`, `yes` settles an `or`, whatever the other part is; the order does not matter."""
    for a, b in ((one, other), (other, one)):
        assert evaluate(f"a {word} b", {"a": a, "b": b}).answer == TRUTH[word, one, other]


def test_not_leaves_undeclared_as_it_is() -> None:
    """What nobody declared is not settled by turning it round."""
    assert [evaluate("not a", {"a": value}).answer for value in (YES, NO, OPEN)] == [NO, YES, OPEN]
    assert evaluate("not a", {}).answer == OPEN


def test_always_holds_and_nothing_decided_it() -> None:
    """The default asks for nothing."""
    assert evaluate("always", {}) == (YES, ())
    assert names_in("always") == ()


@pytest.mark.parametrize(
    ("expression", "declared", "decided_by"),
    [
        ("a and b and c", {"a": YES, "b": NO, "c": NO}, ("b", "c")),
        ("a and b", {"a": YES}, ("b",)),
        ("a and b", {"a": YES, "b": YES}, ("a", "b")),
        ("a or b", {"a": NO, "b": YES}, ("b",)),
        ("a or not (b and c)", {"a": NO, "b": YES, "c": YES}, ("a", "b", "c")),
        ("a and a", {"a": NO}, ("a",)),
    ],
)
def test_it_names_the_features_that_decided(expression: str, declared: dict[str, str], decided_by: tuple[str]) -> None:
    """Only those are named whose declaration made the answer what it is, each once."""
    assert evaluate(expression, declared).decided_by == decided_by


def test_and_binds_more_than_or_and_brackets_more_than_both() -> None:
    """As everybody reads it."""
    assert evaluate("a or b and c", {"a": YES, "b": NO, "c": NO}).answer == YES
    assert evaluate("(a or b) and c", {"a": YES, "b": NO, "c": NO}).answer == NO
    assert evaluate("not a and b", {"a": NO, "b": NO}).answer == NO


@pytest.mark.parametrize(
    ("expression", "column", "says"),
    [
        ("smart_charging and", 19, "the expression ends where a feature's name is wanted; name a feature"),
        ("and smart_charging", 1, "'and' stands where a feature's name is wanted"),
        ("smart_charging current_limits", 16, "'current_limits' stands where the expression is over; put `and`"),
        ("(smart_charging", 1, "this bracket is never closed; add `)`"),
        ("smart_charging)", 15, "')' stands where the expression is over; take the bracket away"),
        ("not", 4, "the expression ends where a feature's name is wanted"),
        ("", 1, "the expression ends where a feature's name is wanted"),
        ("v2x & dc_bpt", 5, "'&' means nothing here; use names, `and`, `or`, `not`, brackets"),
        ("v2x and always", 9, "`always` stands in an expression; write it alone, or leave it out"),
        ("v2x and smart_charge", 9, "'smart_charge' is not in features.yaml; did you mean 'smart_charging'?"),
        ("(" * 50 + "v2x" + ")" * 50, 42, "is nested too deep; write it with fewer brackets"),
        ("not " * 50 + "v2x", 165, "is nested too deep; write it with fewer brackets"),
    ],
)
def test_what_cannot_be_read_names_the_column(expression: str, column: int, says: str) -> None:
    """The column is that of the word at fault; the text says what would be right."""
    with pytest.raises(ExpressionError) as caught:
        parse(expression, {"smart_charging", "current_limits", "v2x", "dc_bpt"})
    assert caught.value.column == column
    assert f"{caught.value.wrong}; {caught.value.right}".startswith(says)


@given(st.text(alphabet="abno tdr()&", max_size=40))
def test_any_text_is_read_or_refused_with_a_column(text: str) -> None:
    """Never anything else: a column inside the text or just behind it."""
    try:
        evaluate(text, {"a": "yes"})
    except ExpressionError as error:
        assert 1 <= error.column <= len(text) + 1


def test_every_assignment_agrees_with_plain_logic() -> None:
    """With everything declared the answer is that of ordinary logic."""
    expression = "not (a and b) or c and (b or not a)"
    for a, b, c in itertools.product((True, False), repeat=3):
        said = {name: YES if value else NO for name, value in zip("abc", (a, b, c), strict=True)}
        assert (evaluate(expression, said).answer == YES) is (not (a and b) or (c and (b or not a)))
