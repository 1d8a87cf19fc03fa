"""What a purpose's result says for one criterion that it serves: its voice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.decision._purposes import Settled
from harness.decision._table import Row, always, ruling
from harness.judge import PurposeResult, Verdict
from harness.plan import stands_in


@dataclass(frozen=True)
class Heard:
    """A result as one criterion hears it. `deputies` stand in for it there."""

    settled: Settled
    criterion: str
    deputies: tuple[PurposeResult, ...] = ()

    @property
    def result(self) -> PurposeResult:
        """The result itself."""
        return self.settled.result


SILENT = Verdict.NOT_APPLICABLE  # says nothing for or against the criterion

VOICE: tuple[Row[Heard], ...] = (
    Row(
        "not applicable",
        lambda h: h.result.verdict is Verdict.NOT_APPLICABLE,
        SILENT,
        lambda h: h.result.why,
    ),
    Row(
        "waived",
        lambda h: h.result.waived,
        Verdict.PASS,
        lambda h: f"waived: {h.result.why}",
    ),
    Row(  # only for a point of control that was lacking; never after a fail, a cut or a person's choice
        "stood in for",
        lambda h: bool(h.deputies) and h.settled.lacks_a_pco,
        SILENT,
        lambda h: f"{h.deputies[0].label} stands in for it",
    ),
    Row(
        "an unproven pass",
        lambda h: h.result.verdict is Verdict.PASS and not h.result.proven,
        Verdict.INCONCLUSIVE,
        lambda h: f"its check was never seen to turn red, so that its pass proves nothing; {h.result.why}",
    ),
    Row(
        "an unproven fail",
        lambda h: h.result.verdict is Verdict.FAIL and not h.result.proven,
        Verdict.INCONCLUSIVE,
        lambda h: f"its check was never seen to turn red, so that its fail does not count; {h.result.why}",
    ),
    Row(
        "its verdict",
        always,
        lambda h: h.result.verdict,
        lambda h: h.result.why,
    ),
)


@dataclass(frozen=True)
class Voice:
    """What a result says for a criterion, and by which row of the table."""

    settled: Settled
    verdict: Verdict
    why: str
    row: str

    @property
    def label(self) -> str:
        """The purpose with its conditions."""
        return self.settled.result.label


def voices(criterion: str, settled: Iterable[Settled]) -> list[Voice]:
    """What every result that serves a criterion says for it."""
    mine = [each for each in settled if criterion in each.result.serves]
    deputies = [each.result for each in mine if each.result.stands_in_for]
    found = []
    for each in mine:
        heard = Heard(each, criterion, tuple(d for d in deputies if _for(d, each.result, criterion)))
        said = ruling(VOICE, heard)
        found.append(Voice(each, said.verdict, said.why, said.row))
    return found


def _for(deputy: PurposeResult, result: PurposeResult, criterion: str) -> bool:
    return deputy is not result and stands_in(
        deputy.stands_in_for, (criterion,), deputy.conditions, result.purpose, (criterion,), result.conditions
    )
