"""JUnit XML for build servers: a test case a purpose under its conditions and a test case a criterion."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence

from harness.judge import CriterionResult, FindingResult, PurposeResult, RuleOutcome
from reports._results import criteria_of, hung, rule_rank, settled
from reports._text import visible
from reports._view import EvidenceView
from reports._words import OBLIGATIONS, PHASES, PROOFS, VERDICTS
from reports.tables._outcomes import of_criterion, of_purpose, of_rule

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 has no other characters
_TAGS = {"failures": "failure", "errors": "error", "skipped": "skipped"}
BEYOND = "beyond the tender"
ALONG = "run along"  # nobody chose it; what was chosen has its control in it
RULES = "rules"


def render_junit(view: EvidenceView) -> bytes:
    """A `<testsuites>` document, UTF-8; a suite for each requirement, one for what lies beyond, one for the
    rules that watched everything, one for the decision.

    A test case's class is its criterion ("SC-04.2"); a purpose that serves several stands with the first, and names
    all. Only a pass is passed, and the file is green exactly when the decision is GO, or all of a selection holds,
    and nobody found that the evidence does not.
    """
    result = view.result
    emulated = (" (emulated)" if view.emulated else "") + (" (unsound evidence)" if view.unsound else "")
    root = ET.Element("testsuites", name=f"chargeproof {result.decision}{emulated}")
    hang = hung(result)
    _decision(_suite(root, "decision"), view)
    for requirement in result.requirements:
        suite = _suite(root, f"{requirement.id} {requirement.title}")
        for criterion in requirement.criteria:
            _criterion(suite, criterion)
            for each in hang.under.get(criterion.id, ()):
                if hang.home[each.label] == criterion.id:
                    _purpose(suite, criterion.id, each, each.label in hang.holding_up)
    for name, apart in ((ALONG, hang.along), (BEYOND, hang.beyond)):
        suite = _suite(root, name) if apart else root
        for each in apart:
            _purpose(suite, name, each, False)
    missed = {label for c in criteria_of(result) if c.gates and not settled(c) for label in c.rules}
    if result.rules:
        suite = _suite(root, RULES)
        for outcome in sorted(result.rules, key=rule_rank):
            _rule(suite, outcome, outcome.label in missed)
    _count(root)
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body + b"\n"


def _suite(root: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(root, "testsuite", name=_text(name))


def _count(root: ET.Element) -> None:
    """Write the numbers of test cases, failures, errors and skipped ones into every suite and the whole."""
    for part in (*root, root):
        part.set("tests", str(sum(1 for _ in part.iter("testcase"))))
        for name, tag in _TAGS.items():
            part.set(name, str(sum(1 for _ in part.iter(tag))))


def _decision(suite: ET.Element, view: EvidenceView) -> None:
    """One test case that is red when the campaign does not hold, so that no build is green by an omission."""
    case = _case(suite, "decision", "decision", (("decision", view.result.decision),))
    reasons = view.result.reasons
    if view.unsound:
        told = ET.SubElement(case, "error", type="unsound", message=_text(view.unsound[0]))
        told.text = _text("\n".join(view.unsound))
    elif view.result.decision == "HOLD" or reasons:
        told = ET.SubElement(case, "failure", type="hold", message=_text(f"{len(reasons)} reasons for HOLD"))
        told.text = _text("\n".join(f"{r.criterion or 'campaign'}: {r.why}; {r.who}: {r.what}" for r in reasons))


def _criterion(suite: ET.Element, criterion: CriterionResult) -> None:
    properties = (
        ("verdict", VERDICTS[criterion.verdict].word),
        ("obligation", OBLIGATIONS[criterion.obligation]),
        ("phase", PHASES[criterion.phase]),
        ("proven by", PROOFS.get(criterion.proven_by, criterion.proven_by)),
        ("waiver", criterion.waiver or ""),
    )
    case = _case(suite, criterion.id, f"{criterion.id} {criterion.statement}", properties)
    _tell(case, of_criterion(criterion), criterion.next_who, criterion.next_what, criterion.findings)


def _purpose(suite: ET.Element, criterion: str, result: PurposeResult, holding_up: bool) -> None:
    properties = (
        ("verdict", VERDICTS[result.verdict].word),
        ("serves", ", ".join(result.serves)),
        ("clauses", ", ".join(result.clauses)),
        ("conformance", str(result.conformance)),
        ("stands in for", ", ".join(result.stands_in_for)),
        ("waiver", result.waiver or ""),
    )
    case = _case(suite, criterion, f"{result.label} {result.statement}", properties)
    _tell(case, of_purpose(result, holding_up), result.next_who, result.next_what, result.findings)


def _rule(suite: ET.Element, outcome: RuleOutcome, holding_up: bool) -> None:
    properties = (
        ("verdict", VERDICTS[outcome.verdict].word),
        ("exercised", str(outcome.exercised)),
        ("violated", str(outcome.violated)),
        ("serves", ", ".join(outcome.serves)),
        ("clauses", ", ".join(outcome.clauses)),
        ("waiver", outcome.waiver or ""),
    )
    case = _case(suite, RULES, f"{outcome.label} {outcome.statement}", properties)
    where, kind, message = of_rule(outcome, holding_up)
    if not where:
        return
    told = ET.SubElement(case, _TAGS[where], message=_text(message))
    if where != "skipped":
        told.set("type", kind)
    lines = [f"{outcome.next_who}: {outcome.next_what}"] if outcome.next_what else []
    for place in outcome.places:
        events = ", ".join(f"#{n}" for n in place.events)
        lines.append(f"{place.seen} ({place.times} times, first at {events})")
    told.text = _text("\n".join((*lines, *outcome.errors)))


def _case(suite: ET.Element, classname: str, name: str, told: Iterable[tuple[str, str]]) -> ET.Element:
    case = ET.SubElement(suite, "testcase", classname=_text(classname), name=_text(name), time="0")
    properties = ET.SubElement(case, "properties")
    for key, value in told:
        if value:
            ET.SubElement(properties, "property", name=key, value=_text(value))
    return case


def _tell(
    case: ET.Element, outcome: tuple[str, str, str], who: str, what: str, findings: Sequence[FindingResult]
) -> None:
    where, kind, message = outcome
    if not where:
        return
    told = ET.SubElement(case, _TAGS[where], message=_text(message))
    if where != "skipped":
        told.set("type", kind)
    lines = [f"{who}: {what}"] if what else []
    for each in findings:
        events = ", ".join(f"#{n}" for n in each.finding.events[:20])
        lines += [
            f"{VERDICTS[each.finding.verdict].word.lower()} ({each.claim.case}, {each.claim.judge})",
            f"  expected: {each.finding.expected}",
            f"  seen: {each.finding.seen}",
            f"  events: {events or 'none'}",
        ]
    told.text = _text("\n".join(lines))


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", str(visible(text)))
