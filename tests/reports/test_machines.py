"""What machines read: only a pass is green, whatever the format."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.judge import Verdict
from reports import (
    EvidenceView,
    load,
    render_allure,
    render_junit,
    render_measurements_csv,
    render_text,
    render_verdicts_csv,
    write_views,
)
from reports.tables._csv import COLUMNS
from tests.reports._build import Campaign


def _cases(view: EvidenceView) -> dict[tuple[str, str], ET.Element]:
    root = ET.fromstring(render_junit(view))
    return {(c.get("classname", ""), c.get("name", "").split(" ")[0]): c for c in root.iter("testcase")}


def _outcome(case: ET.Element) -> str:
    kinds = [child for child in case if child.tag != "properties"]
    return "passed" if not kinds else f"{kinds[0].tag}:{kinds[0].get('type', '')}".rstrip(":")


def test_junit_passes_only_what_passed(hold: EvidenceView) -> None:
    """Fail, inconclusive and pending are failures, an error is an error; waived and not applicable are skipped."""
    outcomes = {name: _outcome(case) for (_, name), case in _cases(hold).items()}
    expected = {
        "SC-04.2": "failure:fail",
        "OCPP-SC04.P002": "failure:fail",
        "OCPP-SC05.P002": "failure:inconclusive",
        "PR-14.1": "failure:pending",
        "OCPP-SC09.P003": "error:error",
        "BI-17.1": "skipped",
        "SC-10.1": "skipped",
        "SC-05.3": "skipped",
        "OCPP-SC04.P001": "passed",
        "decision": "failure:hold",
    }
    assert {k: outcomes[k] for k in expected} == expected
    passed = {c.id for r in hold.result.requirements for c in r.criteria if c.verdict is Verdict.PASS}
    passed |= {p.purpose for p in hold.result.purposes if p.verdict is Verdict.PASS}
    assert {name for name, outcome in outcomes.items() if outcome == "passed"} == passed


def test_junit_tells_what_was_cut_and_what_is_not_proven(tmp_path: Path) -> None:
    """A cut run and an unproven pass are failures of their own kind where they hold the decision up, else skipped."""
    c = Campaign(tmp_path / "cut")
    c.verdicts["SC-04.3"] = (Verdict.INCONCLUSIVE, "the station went away")
    c.verdicts["SC-04.4"] = (Verdict.INCONCLUSIVE, "not proven")
    c.purpose_results["SC-04.3"] = {"cut": True}
    c.purpose_results["SC-04.4"] = {"verdict": Verdict.PASS, "proven": False}
    c.purpose_results["SC-04.1"] = {"verdict": Verdict.FAIL, "proven": False}
    found = {name: _outcome(case) for (_, name), case in _cases(load(c.finish())).items()}
    assert found["OCPP-SC04.P003"] == "failure:cut"
    assert found["OCPP-SC04.P004"] == "failure:unproven"
    assert found["OCPP-SC04.P001"] == "skipped", "a fail that is not proven never gates"


def test_a_go_has_no_red_test_case(go: EvidenceView) -> None:
    """A build that reads the file agrees with the decision."""
    assert {_outcome(c).split(":")[0] for c in _cases(go).values()} == {"passed", "skipped"}


def test_junit_names_are_unique_and_stand_under_their_criterion(everything: EvidenceView) -> None:
    """Each purpose under each conditions is one test case of its criterion's class; no two are called alike."""
    root = ET.fromstring(render_junit(everything))
    names = [(c.get("classname"), c.get("name")) for c in root.iter("testcase")]
    assert len(set(names)) == len(names)
    labels = [name for owner, name in names if name and name.startswith("OCPP-K01.P001 ")]
    assert len(labels) == 4
    assert {owner for owner, name in names if name in labels} == {"SC-04.3"}
    beyond = [name for owner, name in names if owner == "beyond the tender"]
    assert len(beyond) == 1 and str(beyond[0]).startswith("OCPP-K01.P009")
    assert len(labels) + len(beyond) < len(everything.result.purposes)


def test_junit_counts_agree_with_its_cases(hold: EvidenceView) -> None:
    """The totals are the sums of what is below them."""
    root = ET.fromstring(render_junit(hold))
    assert int(root.get("tests", 0)) == len(list(root.iter("testcase")))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(root.get(attribute, 0)) == len(list(root.iter(tag)))
        assert sum(int(s.get(attribute, 0)) for s in root.iter("testsuite")) == int(root.get(attribute, 0))


def test_junit_failure_says_expected_seen_and_next(hold: EvidenceView) -> None:
    """The failure text can be acted on without opening the report."""
    failure = _cases(hold)["SC-04.2", "OCPP-SC04.P002"].find("failure")
    assert failure is not None and failure.text is not None
    assert failure.get("type") == "fail"
    for part in ("supplier: correct the charger", "expected: at most 10 A", "seen: still 16.06 A", "events: #"):
        assert part in failure.text


def _rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table)))


def test_the_table_begins_with_requirement_and_criterion(everything: EvidenceView) -> None:
    """A row for each criterion, then one a purpose under its conditions; what lies beyond the tender at the end."""
    rows = _rows(render_verdicts_csv(everything))
    assert list(rows[0]) == list(COLUMNS)
    key = ("requirement", "criterion", "purpose", "version", "evse", "service", "direction", "verdict")
    assert tuple(list(rows[0])[:8]) == key
    mine = [tuple(r[k] for k in key) for r in rows if r["criterion"] == "SC-04.3"]
    assert mine[0] == ("SC-04", "SC-04.3", "", "", "", "", "", "fail")
    assert mine[1] == ("SC-04", "SC-04.3", "OCPP-K01.P001", "2.0.1", "2", "", "", "fail")
    assert len([r for r in mine if r[2] == "OCPP-K01.P001"]) == 4
    assert (rows[-1]["requirement"], rows[-1]["purpose"], rows[-1]["gates"]) == ("", "OCPP-K01.P009", "no")


def test_a_row_holds_the_measurement_that_came_closest(go: EvidenceView) -> None:
    """Numbers are numbers; of several measurements the one nearest to its limit stands in the purpose's row."""
    rows = _rows(render_verdicts_csv(go))
    (row,) = [r for r in rows if r["purpose"] == "OCPP-SC04.P002"]
    assert (row["measured"], float(row["value"]), float(row["limit"])) == (
        "highest current after the response time",
        10.06,
        10.0,
    )
    assert {r["criterion"] for r in rows} == {c.id for r in go.result.requirements for c in r.criteria}
    assert {r["emulated"] for r in rows} == {"yes"}


def test_all_measurements_stand_in_a_table_of_their_own(go: EvidenceView) -> None:
    """One row a measurement, with its purpose, the criteria that it serves, its run and its events."""
    rows = _rows(render_measurements_csv(go))
    mine = [r for r in rows if r["purpose"] == "OCPP-SC04.P002"]
    assert [(r["measured"], float(r["value"]), float(r["uncertainty"]), float(r["limit"])) for r in mine] == [
        ("response time", 3.2, 0.15, 10.0),
        ("highest current after the response time", 10.06, 0.05, 10.0),
    ]
    assert {(r["requirement"], r["criterion"], r["run"]) for r in mine} == {("SC-04", "SC-04.2", "1")}


def test_the_text_tells_the_decision_who_and_what_stands_in_the_way(hold: EvidenceView) -> None:
    """A mail or a log has the decision first, then who was tested as found, every reason, and counts by criterion."""
    lines = render_text(hold).splitlines()
    assert lines[0] == "HOLD"
    text = "\n".join(lines)
    assert "1.4.1 (declared: 1.4.2)" in text
    for reason in hold.result.reasons:
        assert f"{reason.criterion} {reason.verdict}" in text and reason.what in text
    assert "SC-04.2   fail (1 fail)" in text
    assert render_text(replace(hold, unsound=("THIS EVIDENCE DOES NOT HOLD: x",))).startswith("THIS EVIDENCE DOES NOT")


def _allure(view: EvidenceView, folder: Path) -> dict[str, dict[str, Any]]:
    render_allure(view, folder)
    results = [json.loads(p.read_text()) for p in sorted(folder.glob("*-result.json"))]
    return {r["fullName"]: r for r in results}


def test_allure_statuses_are_honest(hold: EvidenceView, tmp_path: Path) -> None:
    """Only a pass is passed; not proven is unknown, never failed and never green."""
    found = _allure(hold, tmp_path)
    asked = ("OCPP-SC04.P001", "OCPP-SC04.P002", "OCPP-SC05.P002", "PR-14.1", "OCPP-SC09.P003", "BI-17.1")
    statuses = {c: found[c]["status"] for c in asked}
    assert list(statuses.values()) == ["passed", "failed", "unknown", "unknown", "broken", "skipped"]


def test_allure_history_is_unique_and_stable(go: EvidenceView, tmp_path: Path) -> None:
    """Each criterion and purpose has its own history, the same in every campaign of that charger; none is doubled."""
    first, second = _allure(go, tmp_path / "a"), _allure(go, tmp_path / "b")
    identities = [r["historyId"] for r in first.values()]
    many = sum(len(r.criteria) for r in go.result.requirements) + len(go.result.purposes) + len(go.result.rules)
    assert len(set(identities)) == len(identities) == many
    assert {k: r["historyId"] for k, r in first.items()} == {k: r["historyId"] for k, r in second.items()}
    assert len(list((tmp_path / "a").glob("*-result.json"))) == len(_allure(go, tmp_path / "a"))


def test_allure_carries_severity_steps_times_and_evidence(go: EvidenceView, tmp_path: Path) -> None:
    """Severity follows the obligation, findings are steps, and the events they rest on are attached."""
    result = _allure(go, tmp_path)["OCPP-SC04.P002"]
    labels = {label["name"]: label["value"] for label in result["labels"]}
    assert labels["severity"] == "critical" and labels["suite"].startswith("SC-04")
    assert "emulated" in [label["value"] for label in result["labels"] if label["name"] == "tag"]
    assert len(result["steps"]) == 2 and result["start"] < result["stop"]
    attached = (tmp_path / result["steps"][1]["attachments"][0]["source"]).read_text()
    assert "SetChargingProfile" in attached and "more events in the trace" not in attached


def test_no_machine_is_told_that_unsound_evidence_passed(go: EvidenceView, tmp_path: Path) -> None:
    """A GO whose bundle does not hold: JUnit has an error in front, and Allure nothing that passed."""
    view = replace(go, unsound=("THIS EVIDENCE DOES NOT HOLD: plan.json is not what was sealed",))
    first = next(ET.fromstring(render_junit(view)).iter("testcase"))
    assert first.get("name") == "decision" and _outcome(first) == "error:unsound"
    assert "unsound evidence" in ET.fromstring(render_junit(view)).get("name", "")
    assert "passed" not in {r["status"] for r in _allure(view, tmp_path).values()}
    assert "evidence=THIS EVIDENCE DOES NOT HOLD" in (tmp_path / "environment.properties").read_text()


def test_all_views_are_written_side_by_side(scenes: dict[str, Path], tmp_path: Path) -> None:
    """One call leaves the page, its text, JUnit, the tables and Allure's results."""
    written = write_views(scenes["hold"], tmp_path / "out")
    names = ["report.html", "report.txt", "junit.xml", "verdicts.csv", "measurements.csv", "allure-results"]
    assert [p.name for p in written] == names
    assert all(p.exists() for p in written)


@pytest.mark.parametrize("scene", ["go", "hold", "hostile", "everything"])
def test_allure_files_are_json_with_known_statuses(scene: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Whatever a charger says, the results stay readable."""
    for result in _allure(request.getfixturevalue(scene), tmp_path).values():
        assert result["status"] in ("passed", "failed", "broken", "skipped", "unknown")
    assert "decision=" in (tmp_path / "environment.properties").read_text()
