"""A client's own number for a rule's limit decides what the rule says: laxer it forgives, stricter it blames."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.judge.rules import Tally
from harness.plan import Plan
from requirement_catalog import Rule, load_catalogue, load_suites, load_tender
from tests.plan._small import made
from tests.rules._stream import Stream

RULE = "OCPP-B01.R006"  # accepted, the state of a connector is reported: within 120 s, by the suite


def planned(folder: Path, changes: str) -> Plan:
    """The plan that a tender with these parameters makes, over the rules that ship."""
    overlay = folder / "tender.yaml"
    overlay.write_text(f"title: T\nclient: City\ndated: 2026-11-01\n{changes}", encoding="utf-8")
    return made(tender=load_tender(load_catalogue(), overlay), rules=load_suites().rules)


def reported_after(seconds: float, plan: Plan) -> Tally | None:
    """What comes of a station that is accepted and reports its connector so much later."""
    rows = tuple(row for row in plan.rules if row.id == RULE)
    assert len(rows) == 1
    stream = Stream(*rows).opened().boots().after(seconds).state("Available")  # type: ignore[arg-type]
    return next((tally for tally in stream.watch.tallies if tally.rule == RULE), None)


@pytest.mark.parametrize(
    ("changes", "after_s", "violated"),
    [
        ("", 60, 0),
        ("", 200, 1),
        ("parameters:\n  OCPP-B01.R006: {value: 300, reason: slow line}\n", 200, 0),
        ("parameters:\n  OCPP-B01.R006 told: {value: 300, reason: slow line}\n", 400, 1),
        ("parameters:\n  OCPP-B01.R006 told: {value: 30, reason: fast line}\n", 60, 1),
    ],
)
def test_the_tenders_number_decides(tmp_path: Path, changes: str, after_s: float, violated: int) -> None:
    """The suite's 120 s without a change; with one, the client's, in both directions."""
    tally = reported_after(after_s, planned(tmp_path, changes))
    assert tally is not None and (tally.exercised, tally.violated) == (1, violated)


def test_other_rules_keep_theirs(tmp_path: Path) -> None:
    """One limit changed; every other number of every rule in the plan is the suite's."""
    plan = planned(tmp_path, "parameters:\n  OCPP-B12.R004 told: {value: 60, reason: fast}\n")
    known: dict[str, Rule] = {rule.id: rule for rule in load_suites().rules}
    differs = {
        f"{row.id} {name}": value
        for row in plan.rules
        for name, value in row.numbers.items()
        if value != known[row.id].numbers[name]
    }
    assert differs == {"OCPP-B12.R004 told": 60}
