"""chargeproof catalog: what people see, and the exit codes scripts rely on."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harness.cli.catalog import catalog
from requirement_catalog import CatalogueError, load_catalogue
from requirement_catalog.coverage import case_index, coverage_csv, coverage_rows, unknown_criteria


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


CASES = """
import harness_that_is_never_imported

@verifies("SC-04.1", "SC-04.2")
@needs(bench="meter")
async def test_one(station): ...

class TestGroup:
    @case.verifies("SC-04.2")
    def test_two(self): ...

def test_without_a_mark(): ...
"""


def suite(folder: Path, text: str = CASES) -> Path:
    (folder / "cases").mkdir()
    (folder / "cases" / "test_sc04.py").write_text(text, encoding="utf-8")
    return folder / "cases"


def test_cases_are_found_without_running_them(tmp_path: Path) -> None:
    """The decorators are read from the text; the file's import of nothing that exists proves that it never ran."""
    assert case_index(suite(tmp_path)) == {
        "SC-04.1": ("test_sc04.py::test_one",),
        "SC-04.2": ("test_sc04.py::test_one", "test_sc04.py::test_two"),
    }


PARAMETERS = """
SESSIONS = [
    pytest.param("DC", "Dynamic", id="DC-Dynamic", marks=[verifies("BI-19.1"), needs(station="dc_bpt")]),
    pytest.param("AC", "Dynamic", id="AC-Dynamic", marks=verifies("BI-19.3")),
]

@pytest.mark.parametrize(("service", "control"), SESSIONS)
@verifies("BI-19.5")
def test_session(service, control): ...

@pytest.mark.parametrize("peer", [pytest.param("expired", marks=[verifies("SC-06.3")]), "good"])
def test_peer(peer): ...
"""


def test_marks_of_single_parameters_are_found_too(tmp_path: Path) -> None:
    """A case with variants verifies another criterion in each; the list may stand under a name."""
    assert case_index(suite(tmp_path, PARAMETERS)) == {
        "BI-19.1": ("test_sc04.py::test_session[DC-Dynamic]",),
        "BI-19.3": ("test_sc04.py::test_session[AC-Dynamic]",),
        "BI-19.5": ("test_sc04.py::test_session",),
        "SC-06.3": ("test_sc04.py::test_peer",),
    }


def test_coverage_says_why_a_criterion_is_not_tested(tmp_path: Path) -> None:
    """A case, the catalogue's reason, "no case yet", or nothing where a paper proves it."""
    rows = {row["criterion"]: row for row in coverage_rows(load_catalogue(), case_index(suite(tmp_path)))}
    assert rows["SC-04.1"]["cases"] == "test_sc04.py::test_one"
    assert rows["SC-05.1"]["not_tested_because"] == "no case yet"
    assert rows["BI-21.1"]["not_tested_because"].startswith("It needs a grid simulator")
    assert rows["SC-07.1"]["not_tested_because"] == ""


def test_coverage_check_goes_red_when_the_file_is_stale(tmp_path: Path) -> None:
    """Written: exit 0. A case more: exit 1 with the changed line. Written anew: exit 0 again."""
    cases, committed = suite(tmp_path), tmp_path / "coverage.csv"
    where = ("--cases", str(cases), "--file", str(committed))
    assert run("coverage", "--check", *where).exit_code == 1
    assert run("coverage", "--write", *where).exit_code == 0
    assert run("coverage", "--check", *where).exit_code == 0
    (cases / "test_more.py").write_text('@verifies("SC-05.1")\ndef test_more(): ...\n', encoding="utf-8")
    result = run("coverage", "--check", *where)
    assert result.exit_code == 1
    assert "+ SC-05.1,mandatory,acceptance,test,,test_more.py::test_more," in result.output
    assert run("coverage", "--write", *where).exit_code == 0
    assert committed.read_text(encoding="utf-8") == coverage_csv(load_catalogue(), case_index(cases))


def test_a_case_for_an_unknown_criterion_is_exit_2(tmp_path: Path) -> None:
    """A typing mistake in a case would otherwise leave a criterion without its case, in silence."""
    cases = suite(tmp_path, '@verifies("SC-04.11")\ndef test_x(): ...\n')
    assert unknown_criteria(load_catalogue(), case_index(cases))
    result = run("coverage", "--cases", str(cases))
    assert result.exit_code == 2
    assert (
        "test_sc04.py::test_x verifies 'SC-04.11', which is not in the catalogue; did you mean 'SC-04.1'?"
        in result.output
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("NAME = 'SC-04.1'\n@verifies(NAME)\ndef test_x(): ...\n", "test_sc04.py:2: "),
        ("def broken(:\n", "test_sc04.py:1: (the whole file): is not Python"),
    ],
)
def test_a_suite_that_cannot_be_read_says_where(tmp_path: Path, text: str, says: str) -> None:
    """A computed id could not be counted, so it is refused with its line."""
    with pytest.raises(CatalogueError) as caught:
        case_index(suite(tmp_path, text))
    assert str(caught.value).startswith(says)
