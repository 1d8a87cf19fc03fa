"""chargeproof catalog: what people see, and the exit codes scripts rely on."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harness.cli.catalogue.catalog import catalog
from requirement_catalog import load_catalogue


def run(*arguments: str) -> Result:
    return CliRunner().invoke(catalog, arguments)


def test_list_shows_all_requirements_in_order() -> None:
    """23 lines, each with id, title, number of criteria and whom it is for."""
    lines = run("list").output.splitlines()
    assert len(lines) == 23
    assert lines[0].startswith("GEN-01  Which charging points") and lines[-1].startswith("BI-22  National grid codes")
    assert "(3 criteria; for: DC)" in next(line for line in lines if line.startswith("SC-08"))


def test_list_with_criteria_shows_every_statement() -> None:
    """One more line for each criterion."""
    lines = run("list", "--criteria").output.splitlines()
    assert len(lines) == 23 + len(load_catalogue().criteria)


def test_show_a_criterion_with_limit_source_and_standing() -> None:
    """A limit is never shown without its source and how sure we are; small letters are understood."""
    result = run("show", "sc-04.2")
    assert result.exit_code == 0
    assert "response: at most 10 s - setpoint.response_time, contract_default: chargeproof default" in result.output
    assert "SC-04.3" not in result.output


def test_show_a_requirement_with_all_its_criteria() -> None:
    """The source's place, and the papers to ask for."""
    output = run("show", "SC-08").output
    assert "source: SCALE D5.4, Annex 1, Smart Charging requirements, no. 8" in output
    assert "paper: a conformance certificate for ISO 15118-2:2014 (ISO 15118-2, 2014 or later)" in output


@pytest.mark.parametrize(("id", "says"), [("SC-4", "did you mean 'SC-04'?"), ("SC-04.22", "did you mean 'SC-04.2'?")])
def test_an_unknown_id_is_a_usage_error_with_the_nearest(id: str, says: str) -> None:
    """Exit code 2, and the id that was probably meant."""
    result = run("show", id)
    assert result.exit_code == 2
    assert says in result.output


def test_a_wrong_tender_file_is_exit_2_with_its_line(tmp_path: Path) -> None:
    """Configuration errors are exit code 2, without a traceback."""
    path = tmp_path / "tender.yaml"
    path.write_text("title: x\nclient: y\ndated: 2026-01-01\nwaviers: []\n", encoding="utf-8")
    result = run("list", "--tender", str(path))
    assert result.exit_code == 2
    assert f"{path}:4: waviers: 'waviers' is not a known key here; did you mean 'waivers'?" in result.output
    assert run("list", "--tender", str(tmp_path / "none.yaml")).exit_code == 2


def test_a_rules_limits_are_shown_as_the_tender_has_them(tmp_path: Path) -> None:
    """With source and standing; a client's own number replaces the suite's, and one outside its range is exit 2."""
    path = tmp_path / "tender.yaml"
    text = "title: x\nclient: y\ndated: 2026-01-01\nparameters:\n  OCPP-G03.R004 told: {value: %s, reason: slow}\n"
    path.write_text(text % 300, encoding="utf-8")
    plain, theirs = run("show", "OCPP-G03.R004").output, run("show", "OCPP-G03.R004", "--tender", str(path)).output
    assert "told: 120 s (from 10 to 900 s) - contract_default: no clause gives a time; ours" in plain
    assert "told: 300 s (from 10 to 900 s) - contract_default: proposed in tender 'x' of y, not yet agreed" in theirs
    path.write_text(text % 3000, encoding="utf-8")
    refused = run("show", "OCPP-G03.R004", "--tender", str(path))
    assert (
        refused.exit_code == 2
        and f"{path}:5: parameters.OCPP-G03.R004 told.value: 3000 s makes no sense" in refused.output
    )


def test_export_json_holds_everything_with_limits() -> None:
    """A machine gets requirements and resolved limits in one document."""
    content = json.loads(run("export", "--format", "json").output)
    assert len(content["requirements"]) == 23
    assert content["limits"]["SC-05.3"]["share"]["value"] == 98
    assert content["limits"]["SC-05.3"]["share"]["confidence"] == "confirmed"


def test_export_csv_has_a_row_per_criterion() -> None:
    """A spreadsheet gets one row for each, with the source's number."""
    rows = list(csv.DictReader(io.StringIO(run("export", "--format", "csv").output)))
    assert [row["criterion"] for row in rows] == [c.id for c in load_catalogue().criteria]
    assert {row["source_number"] for row in rows if row["requirement"] == "SC-04"} == {"4"}


def test_export_html_is_one_page_that_loads_nothing(tmp_path: Path) -> None:
    """Self-contained: no script, no address; every criterion stands in it; text is escaped."""
    tender = tmp_path / "tender.yaml"
    tender.write_text('title: "<b>Roads & lanes</b>"\nclient: y\ndated: 2026-01-01\n', encoding="utf-8")
    out = tmp_path / "catalogue.html"
    assert run("export", "--format", "html", "--out", str(out), "--tender", str(tender)).exit_code == 0
    page = out.read_text(encoding="utf-8")
    assert all(c.id in page for c in load_catalogue().criteria)
    assert "<script" not in page and "http" not in page and "src=" not in page
    assert "&lt;b&gt;Roads &amp; lanes&lt;/b&gt;" in page


def test_export_to_nowhere_is_exit_2(tmp_path: Path) -> None:
    """A folder that does not exist is the user's mistake, told in a sentence."""
    result = run("export", "--format", "csv", "--out", str(tmp_path / "no" / "x.csv"))
    assert result.exit_code == 2
    assert "cannot be written (No such file or directory); give a folder that exists" in result.output
