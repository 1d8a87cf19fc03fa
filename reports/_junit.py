"""JUnit XML for build servers: one test case a criterion, and only a pass counts as passed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from harness.judge import CriterionResult, Verdict
from reports._text import visible
from reports._view import EvidenceView
from reports._words import OBLIGATIONS, PHASES, PROOFS, VERDICTS

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 has no other characters


def render_junit(view: EvidenceView) -> bytes:
    """A `<testsuites>` document, UTF-8; a suite for each requirement, a test case for each criterion.

    Pass is passed. An error is an error. What does not apply, is waived or belongs to the operation phase is skipped,
    with its reason. Everything else (fail, inconclusive, pending) is a failure when it gates, and skipped when not.
    """
    root = ET.Element("testsuites", name=f"chargeproof {view.result.decision}")
    totals = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for requirement in view.result.requirements:
        suite = ET.SubElement(root, "testsuite", name=_text(f"{requirement.id} {requirement.title}"))
        counts = dict.fromkeys(totals, 0)
        for criterion in requirement.criteria:
            counts["tests"] += 1
            outcome = _case(suite, criterion)
            if outcome:
                counts[outcome] += 1
        for name, many in counts.items():
            suite.set(name, str(many))
            totals[name] += many
    for name, many in totals.items():
        root.set(name, str(many))
    if view.emulated:
        root.set("name", f"chargeproof {view.result.decision} (emulated)")
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body + b"\n"


def _case(suite: ET.Element, criterion: CriterionResult) -> str:
    name = _text(f"{criterion.id} {criterion.statement}")
    case = ET.SubElement(suite, "testcase", classname=_text(criterion.requirement), name=name, time="0")
    properties = ET.SubElement(case, "properties")
    for key, value in (
        ("verdict", VERDICTS[criterion.verdict].word),
        ("obligation", OBLIGATIONS[criterion.obligation]),
        ("phase", PHASES[criterion.phase]),
        ("proven by", PROOFS.get(criterion.proven_by, criterion.proven_by)),
        ("waiver", criterion.waiver or ""),
    ):
        if value:
            ET.SubElement(properties, "property", name=key, value=_text(value))
    outcome, message = outcome_of(criterion)
    if outcome:
        tag = {"failures": "failure", "errors": "error", "skipped": "skipped"}[outcome]
        told = ET.SubElement(case, tag, message=_text(message))
        if tag != "skipped":
            told.set("type", str(criterion.verdict))
        told.text = _text(_details(criterion))
    return outcome


def outcome_of(criterion: CriterionResult) -> tuple[str, str]:
    """ "failures", "errors", "skipped" or "" for passed; and why, in one line."""
    word = VERDICTS[criterion.verdict].word.lower()
    if criterion.waived:
        return "skipped", f"{word}, waived: {criterion.waiver or ''}"
    if criterion.verdict is Verdict.PASS:
        return "", ""
    if criterion.verdict is Verdict.ERROR:
        return "errors", f"{word}: {criterion.why}"
    if criterion.verdict is Verdict.NOT_APPLICABLE or not criterion.gates:
        return "skipped", f"{word}: {criterion.why}"
    return "failures", f"{word}: {criterion.why}"


def _details(criterion: CriterionResult) -> str:
    lines = [f"{criterion.next_who}: {criterion.next_what}"] if criterion.next_what else []
    for each in criterion.findings:
        events = ", ".join(f"#{n}" for n in each.finding.events[:20])
        lines += [
            f"{VERDICTS[each.finding.verdict].word.lower()} ({each.claim.case}, {each.claim.judge})",
            f"  expected: {each.finding.expected}",
            f"  seen: {each.finding.seen}",
            f"  events: {events or 'none'}",
        ]
    return "\n".join(lines)


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", str(visible(text)))
