"""The report's words say what the tender's own decision rule makes of a value close to its limit."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from harness.judge import ResolvedLimit, Verdict, held_against
from reports import EvidenceView, render_html
from requirement_catalog import DecisionRule, Sense
from tests.reports._page_reader import PageReader, words

RULES = list(DecisionRule)
SAYS = {
    Verdict.INCONCLUSIVE: "A value closer than that to its limit, with its tolerance, decides nothing.",
    Verdict.PASS: "A value closer than that to its limit, with its tolerance, is accepted",
    Verdict.FAIL: "A value closer than that to its limit, with its tolerance, is rejected",
}


def glossary(view: EvidenceView, *rules: DecisionRule) -> str:
    """The glossary of a campaign whose limits were frozen with these rules."""
    limits = {
        f"SC-04.{n}": {"response": ResolvedLimit(name="n", value=5.0, unit="s", decision_rule=rule)}
        for n, rule in enumerate(rules, 1)
    }
    page = render_html(replace(view, plan=msgspec.structs.replace(view.plan, limits=limits)))
    return words(PageReader(page).by_id["glossary"])


@pytest.mark.parametrize("rule", RULES)
def test_uncertainty_is_told_as_the_judges_use_it(go: EvidenceView, rule: DecisionRule) -> None:
    """What stands in the glossary is what `held_against` does under that rule, and nothing of the other rules."""
    limit = ResolvedLimit(name="n", value=5.0, unit="s", sense=Sense.AT_MOST, decision_rule=rule, most_uncertain=0.5)
    verdict, _ = held_against("time", 5.1, limit, uncertainty=0.2)
    said = glossary(go, rule)
    assert [told for told, text in SAYS.items() if text in said] == [verdict]


def test_a_pass_and_a_fail_are_told_by_the_rule(go: EvidenceView) -> None:
    """Accepted within the uncertainty is no longer "inside by more than the uncertainty", nor is rejected "beyond"."""
    inside = "Where a limit applies, the measured value is inside it, with its tolerance, by more than the measurement"
    assert inside in glossary(go, DecisionRule.INCONCLUSIVE_WITHIN_UNCERTAINTY)
    accepting = glossary(go, DecisionRule.ACCEPT_WITHIN_UNCERTAINTY)
    assert inside not in accepting and "which this tender accepts" in accepting
    assert "the measurement was too close to the limit" not in accepting
    assert "which this tender rejects" in glossary(go, DecisionRule.REJECT_WITHIN_UNCERTAINTY)


def test_without_one_rule_the_cautious_one_is_told(go: EvidenceView) -> None:
    """No limits at all, or limits that disagree: nothing is promised that a judge may not hold."""
    for rules in ((), (DecisionRule.ACCEPT_WITHIN_UNCERTAINTY, DecisionRule.REJECT_WITHIN_UNCERTAINTY)):
        assert SAYS[Verdict.INCONCLUSIVE] in glossary(go, *rules)
