"""What the words of a report mean under the tender's decision rule: what a value close to its limit comes to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from harness.judge import Verdict
from reports._view import EvidenceView
from reports._words import VERDICTS, VerdictWord
from requirement_catalog import DecisionRule


@dataclass(frozen=True)
class _Said:
    """How a rule changes the meanings of pass, fail and inconclusive; and what it makes of a value near its limit."""

    passes: str
    fails: str
    open: str
    near: str


_RULES: dict[DecisionRule, _Said] = {
    DecisionRule.INCONCLUSIVE_WITHIN_UNCERTAINTY: _Said(
        "the measured value is inside it, with its tolerance, by more than the measurement uncertainty",
        "the measured value is beyond it, with its tolerance, by more than the measurement uncertainty",
        "the measurement was too close to the limit",
        "A value closer than that to its limit, with its tolerance, decides nothing.",
    ),
    DecisionRule.ACCEPT_WITHIN_UNCERTAINTY: _Said(
        "the measured value is inside it, with its tolerance, or beyond it by no more than the measurement "
        "uncertainty, which this tender accepts",
        "the measured value is beyond it, with its tolerance, by more than the measurement uncertainty",
        "the instrument saw too little",
        "A value closer than that to its limit, with its tolerance, is accepted: so this tender's decision rule says. "
        "An instrument that may be off by more than half of the limit decides nothing.",
    ),
    DecisionRule.REJECT_WITHIN_UNCERTAINTY: _Said(
        "the measured value is inside it, with its tolerance, by more than the measurement uncertainty",
        "the measured value is beyond it, with its tolerance, or inside it by no more than the measurement "
        "uncertainty, which this tender rejects",
        "the instrument saw too little",
        "A value closer than that to its limit, with its tolerance, is rejected: so this tender's decision rule says. "
        "An instrument that may be off by more than half of the limit decides nothing.",
    ),
}


@dataclass(frozen=True)
class Glossary:
    """The verdicts' words as this tender's decision rule makes them, and what uncertainty does."""

    words: dict[Verdict, VerdictWord]
    uncertainty: str


def glossary(view: EvidenceView) -> Glossary:
    """By the rule that the plan froze with its limits; by the cautious one where it froze none, or several."""
    rules = {limit.decision_rule for by_role in view.plan.limits.values() for limit in by_role.values()}
    said = _RULES[rules.pop() if len(rules) == 1 else DecisionRule.INCONCLUSIVE_WITHIN_UNCERTAINTY]
    meanings = {
        Verdict.PASS: f"The evidence shows that the charger does what was asked. Where a limit applies, {said.passes}.",
        Verdict.FAIL: "The evidence shows that the charger does not do what was asked, or its supplier declared that "
        f"it cannot. Where a limit applies, {said.fails}.",
        Verdict.INCONCLUSIVE: f"The evidence is not enough to say yes or no: something was missing, {said.open}, or a "
        "check that must come first did not hold. It is neither an accusation nor a pass.",
    }
    words = {v: replace(word, meaning=meanings.get(v, word.meaning)) for v, word in VERDICTS.items()}
    return Glossary(words, f"How far the instrument may be off. {said.near}")
