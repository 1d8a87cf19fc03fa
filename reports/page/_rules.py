"""The rules that watched the campaign: how many were exercised and violated, worst first, the rest folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harness.judge import RuleOutcome, Verdict
from reports._evidence_line import EvidenceLine, Excerpts
from reports._results import rule_rank, rule_settled, spans, under_what
from reports._view import EvidenceView
from reports._words import VERDICTS, VerdictWord

FRAMES_OF = 40  # rules whose frames the page shows; those of more stand in verdicts.json and in the trace
PLACES = 5  # kinds of places of one rule


@dataclass(frozen=True)
class PlaceShown:
    """One kind of place at which a rule was violated, with its frames."""

    seen: str
    times: int
    events: tuple[int, ...]
    lines: list[EvidenceLine]


@dataclass(frozen=True)
class OutcomeShown:
    """What came of a rule under one version."""

    outcome: RuleOutcome
    word: VerdictWord
    places: list[PlaceShown]


@dataclass(frozen=True)
class RuleShown:
    """One rule with everything that came of it."""

    outcomes: list[OutcomeShown]

    @property
    def first(self) -> RuleOutcome:
        """Its worst outcome."""
        return self.outcomes[0].outcome

    @property
    def word(self) -> VerdictWord:
        """The word for that."""
        return self.outcomes[0].word

    @property
    def exercised(self) -> int:
        """How often it was set off."""
        return sum(each.outcome.exercised for each in self.outcomes)

    @property
    def violated(self) -> int:
        """How often it did not hold."""
        return sum(each.outcome.violated for each in self.outcomes)

    @property
    def advisory(self) -> str:
        """Why it decides nothing; empty where it does."""
        if self.first.readings < 2:
            return "advisory: read once"
        if not self.first.confidence.decides:
            return "advisory: read in public descriptions, not in the standard"
        return "" if self.first.proven else "advisory: check not proven"

    @property
    def under(self) -> str:
        """The versions that it was tried in."""
        return under_what([each.outcome.conditions for each in self.outcomes])


@dataclass(frozen=True)
class RulesShown:
    """Rules by what a reader has to do about them."""

    open: list[RuleShown]  # violated, failed, or not set off by what is there to do so; worst first
    held: list[RuleShown]
    idle: list[RuleShown]  # nothing set them off, or they are for another product

    @property
    def many(self) -> int:
        """How many rules there are."""
        return len(self.open) + len(self.held) + len(self.idle)

    @property
    def exercised(self) -> int:
        """How many were set off at all."""
        return sum(1 for each in (*self.open, *self.held) if each.exercised)

    @property
    def violated(self) -> int:
        """How many of these did not always hold."""
        return sum(1 for each in self.open if each.violated)

    @property
    def idle_names(self) -> str:
        """The ids of those that nothing set off."""
        return spans(each.first.rule for each in self.idle)


def rules_shown(view: EvidenceView) -> RulesShown:
    """All rules of a campaign with the frames of the worst."""
    excerpts, left = Excerpts(view), FRAMES_OF
    by_rule: dict[str, list[RuleOutcome]] = {}
    for each in view.result.rules:
        by_rule.setdefault(each.rule, []).append(each)
    shown = []
    for mine in sorted(by_rule.values(), key=lambda group: min(rule_rank(each) for each in group)):
        worst_first = sorted(mine, key=rule_rank)
        left -= worst_first[0].violated > 0
        shown.append(RuleShown([_outcome(each, excerpts if left >= 0 else None) for each in worst_first]))
    return _sorted(shown)


def serving(rules: RulesShown, criterion: str) -> RulesShown:
    """Those of them that serve a criterion."""
    mine = [each for each in (*rules.open, *rules.held, *rules.idle) if criterion in each.first.serves]
    return _sorted(mine)


def _sorted(shown: Iterable[RuleShown]) -> RulesShown:
    groups: tuple[list[RuleShown], list[RuleShown], list[RuleShown]] = ([], [], [])
    for each in shown:
        verdicts = {outcome.outcome.verdict for outcome in each.outcomes}
        if not all(rule_settled(outcome.outcome) for outcome in each.outcomes) or each.violated:
            groups[0].append(each)
        else:
            groups[1 if Verdict.PASS in verdicts else 2].append(each)
    return RulesShown(*groups)


def _outcome(outcome: RuleOutcome, excerpts: Excerpts | None) -> OutcomeShown:
    return OutcomeShown(outcome, VERDICTS[outcome.verdict], _places(outcome, excerpts))


def _places(outcome: RuleOutcome, excerpts: Excerpts | None) -> list[PlaceShown]:
    return [
        PlaceShown(place.seen, place.times, place.events, _lines(place.events, excerpts))
        for place in outcome.places[:PLACES]
    ]


def _lines(events: Sequence[int], excerpts: Excerpts | None) -> list[EvidenceLine]:
    return excerpts.of(tuple(events))[0] if excerpts is not None else []
