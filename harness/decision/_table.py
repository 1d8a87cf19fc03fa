"""Tables of truth: rows are tried from the top, and the first that holds gives the verdict and says why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from harness.judge import Verdict

Facts = TypeVar("Facts")


@dataclass(frozen=True)
class Row(Generic[Facts]):
    """`when` it holds, the verdict is `verdict`, because of `why`. `name` is how tests and readers call it."""

    name: str
    when: Callable[[Facts], bool]
    verdict: Verdict | Callable[[Facts], Verdict]
    why: Callable[[Facts], str]


@dataclass(frozen=True)
class Ruling:
    """What a table said, by which row."""

    verdict: Verdict
    why: str
    row: str


def ruling(table: Sequence[Row[Facts]], facts: Facts) -> Ruling:
    """The ruling of the first row that holds; every table ends in a row that always does."""
    row = next(each for each in table if each.when(facts))
    verdict = row.verdict if isinstance(row.verdict, Verdict) else row.verdict(facts)
    return Ruling(verdict, row.why(facts), row.name)


def always(_: object) -> bool:
    """The last row's condition."""
    return True
