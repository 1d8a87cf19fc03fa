"""Rules in the reports: counted, worst first with frames and clause, the rest folded; what is advisory says so."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harness.judge import Conditions, RuleOutcome, RulePlace, Verdict
from reports import EvidenceView, render_allure, render_html, render_junit, render_text, render_verdicts_csv
from tests.reports._page_reader import PageReader, words

PASS, FAIL, INCONCLUSIVE, NONE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE


def outcome(number: int, verdict: Verdict, **more: Any) -> RuleOutcome:
    """A rule that decides and serves SC-04.2."""
    facts: dict[str, Any] = {
        "rule": f"OCPP-P4.R{number:03}",
        "conditions": Conditions(version="2.1"),
        "statement": f"Obligation {number} is kept.",
        "verdict": verdict,
        "why": f"because of {number}",
        "exercised": 0 if verdict is NONE else 9,
        "serves": ("SC-04.2",),
        "decides": True,
        "proven": True,
        "readings": 2,
        "clauses": (f"clause {number}.1",),
    }
    return RuleOutcome(**{**facts, **more})


PLACE = RulePlace(seen="it sent <b>MakeCoffee</b>", events=(2,), times=3)
RULES = (
    outcome(1, PASS),
    outcome(2, FAIL, violated=3, places=(PLACE,), next_who="supplier", next_what="correct the charger"),
    outcome(3, FAIL, violated=1, decides=False, readings=1, places=(PLACE,)),
    outcome(4, NONE),
    outcome(5, FAIL, violated=1, waived=True, waiver="waiver signed by A. B."),
    outcome(6, INCONCLUSIVE, exercised=0),
    outcome(7, FAIL, violated=1, serves=(), decides=False, proven=False, conditions=Conditions(version="2.0.1")),
)


@pytest.fixture(scope="module")
def view(hold: EvidenceView) -> EvidenceView:
    """A campaign that seven rules watched; what decides of them speaks against SC-04.2."""
    heard = tuple(r.label for r in RULES if r.decides and r.verdict in (FAIL, INCONCLUSIVE) and not r.waived)
    requirements = tuple(
        msgspec.structs.replace(
            requirement,
            criteria=tuple(
                msgspec.structs.replace(c, rules=heard if c.id == "SC-04.2" else ()) for c in requirement.criteria
            ),
        )
        for requirement in hold.result.requirements
    )
    return replace(hold, result=msgspec.structs.replace(hold.result, rules=RULES, requirements=requirements))


@pytest.fixture(scope="module")
def html(view: EvidenceView) -> str:
    """The page."""
    return render_html(view)


def test_rules_are_counted_and_the_worst_comes_first(html: str) -> None:
    """What decides before what is advisory, what was not set off last; seven rules, five exercised, four violated."""
    shown = words(PageReader(html).by_id["rules"])
    assert "7 rules: 5 exercised, 4 violated" in shown
    order = sorted(RULES, key=lambda each: shown.index(each.rule + " Obligation"))
    assert [each.rule[-1] for each in order] == ["2", "6", "3", "7", "5", "1", "4"]
    assert "1 rules that held" in shown and "1 rules that were not exercised" in shown


def test_a_violated_rule_shows_clause_place_and_frame(html: str) -> None:
    """What a charger says is escaped; each place says how often, with the event that anybody can look up."""
    shown = words(PageReader(html).by_id["r-OCPP-P4.R002"])
    assert "clause 2.1" in shown and "exercised 9 times, violated 3, for SC-04.2" in shown
    assert "It sent <b>MakeCoffee</b> 3 times at such places" in shown and "Evidence: event #2" in shown
    assert "Supplier: correct the charger" in shown
    assert "<b>MakeCoffee</b>" not in html


def test_what_is_advisory_says_why_and_asks_for_nothing(html: str) -> None:
    """Read once, or never seen red; it stands in no reason."""
    pages = PageReader(html)
    assert "advisory: read once" in words(pages.by_id["r-OCPP-P4.R003"])
    assert "advisory: check not proven" in words(pages.by_id["r-OCPP-P4.R007"])
    assert "2 rules of the standard did not hold and may not decide" in words(pages.text)


def test_a_criterion_names_the_rules_that_serve_it(html: str) -> None:
    """In one line with its counts, and the open ones with a link to where they are shown."""
    part = words(PageReader(html).by_id["c-SC-04.2"])
    assert "6 rules: 4 exercised, 3 violated" in part
    assert 'href="#r-OCPP-P4.R002"' in html


def test_the_text_names_the_violated_ones(view: EvidenceView) -> None:
    """Counts in a line, then the worst; what held is only counted."""
    text = render_text(view)
    assert "7 rules watched everything: 5 exercised, 4 violated." in text
    assert "  OCPP-P4.R002 (OCPP 2.1) fail: because of 2" in text
    assert "  OCPP-P4.R003 (OCPP 2.1) fail (advisory): because of 3" in text
    assert "OCPP-P4.R001" not in text


def test_a_build_is_red_by_what_decides_alone(view: EvidenceView) -> None:
    """A test case a rule: a deciding violation fails; what is advisory, waived or idle is skipped; what held passes."""
    suite = next(s for s in ET.fromstring(render_junit(view)) if s.get("name") == "rules")
    told = {case.get("name", "").split(" ")[0][-1]: [child.tag for child in case][1:] for case in suite}
    assert told == {
        "1": [],
        "2": ["failure"],
        "3": ["skipped"],
        "4": ["skipped"],
        "5": ["skipped"],
        "6": ["failure"],
        "7": ["skipped"],
    }


def test_the_table_has_a_row_for_each_rule_under_its_criterion(view: EvidenceView) -> None:
    """Columns at the end say which rule, whether it decides, and the counts; what serves nothing comes last."""
    rows = [row for row in csv.DictReader(io.StringIO(render_verdicts_csv(view))) if row["rule"]]
    assert {row["rule"][-1]: row["criterion"] for row in rows} == dict.fromkeys("123456", "SC-04.2") | {"7": ""}
    violated = next(row for row in rows if row["rule"].endswith("2"))
    assert (violated["decides"], violated["exercised"], violated["violated"]) == ("yes", "9", "3")
    assert (violated["version"], violated["clauses"], violated["events"]) == ("2.1", "clause 2.1", "#2")


def test_allure_has_a_result_for_each_rule(view: EvidenceView, tmp_path: Path) -> None:
    """Where it did not hold stands as a step with its events; what is advisory fails nothing, only a pass is passed."""
    render_allure(view, tmp_path)
    found = {r["fullName"]: r for r in (json.loads(p.read_text()) for p in tmp_path.glob("*-result.json"))}
    statuses = set()
    for each in view.result.rules:
        result = found[each.label]
        statuses.add(result["status"])
        assert [step["status"] for step in result.get("steps", [])] == ["failed"] * len(each.places)
        assert all((tmp_path / a["source"]).is_file() for s in result.get("steps", []) for a in s["attachments"])
        assert "rule" in [label["value"] for label in result["labels"] if label["name"] == "tag"]
        assert result["status"] != "failed" or (each.decides and each.verdict is Verdict.FAIL)
        assert (result["status"] == "passed") == (each.verdict is Verdict.PASS)
    assert {"passed", "failed", "skipped"} <= statuses
