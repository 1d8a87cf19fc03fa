"""What a rule's outcome says against a criterion that it serves; one that held, or decides nothing, says nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.decision._table import Row, always, ruling
from harness.decision._voices import SILENT
from harness.judge import RuleOutcome, Verdict
from harness.judge.rules import ADVISORY, weight

RULE_VOICE: tuple[Row[RuleOutcome], ...] = (
    Row(  # that what was seen of it was right proves no criterion; purposes do
        "it held, or was not exercised",
        lambda r: r.verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE),
        SILENT,
        lambda r: r.why,
    ),
    Row(
        "waived",
        lambda r: r.waived,
        SILENT,
        lambda r: f"waived: {r.why}",
    ),
    Row(
        "read once",
        lambda r: weight(r.readings, r.proven, r.confidence.decides) == "read once",
        SILENT,
        lambda r: f"advisory, {ADVISORY['read once']}; {r.why}",
    ),
    Row(
        "recalled",
        lambda r: weight(r.readings, r.proven, r.confidence.decides) == "recalled",
        SILENT,
        lambda r: f"advisory, {ADVISORY['recalled']}; {r.why}",
    ),
    Row(
        "unproven",
        lambda r: weight(r.readings, r.proven, r.confidence.decides) == "unproven",
        SILENT,
        lambda r: f"advisory, {ADVISORY['unproven']}; {r.why}",
    ),
    Row(
        "its verdict",
        always,
        lambda r: r.verdict,
        lambda r: r.why,
    ),
)


@dataclass(frozen=True)
class RuleVoice:
    """What a rule's outcome says, and by which row of the table."""

    outcome: RuleOutcome
    verdict: Verdict
    why: str
    row: str

    @property
    def label(self) -> str:
        """The rule with its conditions."""
        return self.outcome.label


def rule_voices(criterion: str, outcomes: Iterable[RuleOutcome]) -> list[RuleVoice]:
    """What speaks against a criterion among the rules that serve it."""
    said = [(each, ruling(RULE_VOICE, each)) for each in outcomes if criterion in each.serves]
    return [RuleVoice(each, s.verdict, s.why, s.row) for each, s in said if s.verdict is not SILENT]
