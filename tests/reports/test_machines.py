"""What machines read: only a pass is green, whatever the format."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from reports.tables._csv import COLUMNS

from harness.judge import Verdict
from reports import EvidenceView, render_allure, render_junit, render_verdicts_csv, write_views


def _outcomes(view: EvidenceView) -> dict[str, str]:
    root = ET.fromstring(render_junit(view))
    found = {}
    for case in root.iter("testcase"):
        kinds = [child.tag for child in case if child.tag != "properties"]
        found[case.get("name", "").split()[0]] = kinds[0] if kinds else "passed"
    return found


def test_junit_passes_only_what_passed(hold: EvidenceView) -> None:
    """Fail, inconclusive and pending are failures, an error is an error; waived and not applicable are skipped."""
    outcomes = _outcomes(hold)
    expected = {
        "SC-04.2": "failure",
        "SC-05.2": "failure",
        "PR-14.1": "failure",
        "SC-09.3": "error",
        "BI-17.1": "skipped",
        "SC-10.1": "skipped",
        "SC-05.3": "skipped",
        "SC-04.1": "passed",
    }
    assert {k: outcomes[k] for k in expected} == expected
    passed = {c.id for r in hold.result.requirements for c in r.criteria if c.verdict is Verdict.PASS}
    assert {name for name, outcome in outcomes.items() if outcome == "passed"} == passed


def test_junit_counts_agree_with_its_cases(hold: EvidenceView) -> None:
    """The totals are the sums of what is below them."""
    root = ET.fromstring(render_junit(hold))
    assert int(root.get("tests", 0)) == len(list(root.iter("testcase")))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(root.get(attribute, 0)) == len(list(root.iter(tag)))
        assert sum(int(s.get(attribute, 0)) for s in root.iter("testsuite")) == int(root.get(attribute, 0))


def test_junit_failure_says_expected_seen_and_next(hold: EvidenceView) -> None:
    """The failure text can be acted on without opening the report."""
    root = ET.fromstring(render_junit(hold))
    failure = next(c for c in root.iter("testcase") if c.get("name", "").startswith("SC-04.2")).find("failure")
    assert failure is not None and failure.text is not None
    assert failure.get("type") == "fail"
    for part in ("supplier: correct the charger", "expected: at most 10 A", "seen: still 16.06 A", "events: #"):
        assert part in failure.text


def test_the_table_has_a_row_for_every_measurement(go: EvidenceView) -> None:
    """One row a measurement, one for a criterion without; numbers are numbers."""
    rows = list(csv.DictReader(io.StringIO(render_verdicts_csv(go))))
    assert list(rows[0]) == list(COLUMNS)
    measured = [r for r in rows if r["criterion"] == "SC-04.2"]
    assert [(r["measured"], float(r["value"]), float(r["uncertainty"]), float(r["limit"])) for r in measured] == [
        ("response time", 3.2, 0.15, 10.0),
        ("highest current after the response time", 10.06, 0.05, 10.0),
    ]
    assert {r["criterion"] for r in rows} == {c.id for r in go.result.requirements for c in r.criteria}
    assert {r["emulated"] for r in rows} == {"yes"}


def _allure(view: EvidenceView, folder: Path) -> dict[str, dict[str, Any]]:
    render_allure(view, folder)
    results = [json.loads(p.read_text()) for p in sorted(folder.glob("*-result.json"))]
    return {r["fullName"]: r for r in results}


def test_allure_statuses_are_honest(hold: EvidenceView, tmp_path: Path) -> None:
    """Only a pass is passed; not proven is unknown, never failed and never green."""
    found = _allure(hold, tmp_path)
    statuses = {c: found[c]["status"] for c in ("SC-04.1", "SC-04.2", "SC-05.2", "PR-14.1", "SC-09.3", "BI-17.1")}
    assert list(statuses.values()) == ["passed", "failed", "unknown", "unknown", "broken", "skipped"]


def test_allure_history_is_unique_and_stable(go: EvidenceView, tmp_path: Path) -> None:
    """Each criterion has its own history, the same in every campaign of that charger, and no result is doubled."""
    first, second = _allure(go, tmp_path / "a"), _allure(go, tmp_path / "b")
    identities = [r["historyId"] for r in first.values()]
    assert len(set(identities)) == len(identities) == sum(len(r.criteria) for r in go.result.requirements)
    assert {k: r["historyId"] for k, r in first.items()} == {k: r["historyId"] for k, r in second.items()}
    assert len(list((tmp_path / "a").glob("*-result.json"))) == len(_allure(go, tmp_path / "a"))


def test_allure_carries_severity_steps_times_and_evidence(go: EvidenceView, tmp_path: Path) -> None:
    """Severity follows the obligation, findings are steps, and the events they rest on are attached."""
    result = _allure(go, tmp_path)["SC-04.2"]
    labels = {label["name"]: label["value"] for label in result["labels"]}
    assert labels["severity"] == "critical" and labels["suite"].startswith("SC-04")
    assert "emulated" in [label["value"] for label in result["labels"] if label["name"] == "tag"]
    assert len(result["steps"]) == 2 and result["start"] < result["stop"]
    attached = (tmp_path / result["steps"][1]["attachments"][0]["source"]).read_text()
    assert "SetChargingProfile" in attached and "more events in the trace" not in attached


def test_all_views_are_written_side_by_side(scenes: dict[str, Path], tmp_path: Path) -> None:
    """One call leaves the page, JUnit, the table and Allure's results."""
    written = write_views(scenes["hold"], tmp_path / "out")
    assert [p.name for p in written] == ["report.html", "junit.xml", "verdicts.csv", "allure-results"]
    assert all(p.exists() for p in written)


@pytest.mark.parametrize("scene", ["go", "hold", "hostile"])
def test_allure_files_are_json_with_known_statuses(scene: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Whatever a charger says, the results stay readable."""
    for result in _allure(request.getfixturevalue(scene), tmp_path).values():
        assert result["status"] in ("passed", "failed", "broken", "skipped", "unknown")
    assert "decision=" in (tmp_path / "environment.properties").read_text()
