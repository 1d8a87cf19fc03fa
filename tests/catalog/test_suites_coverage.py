"""catalog coverage, list --suite and show: criteria, purposes and cases together."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import harness.cli.catalogue._coverage
from harness.cli.catalogue.catalog import catalog
from harness.proofs import proof_digest
from requirement_catalog import CatalogueError, Proof, load_catalogue, load_suites
from requirement_catalog.coverage import coverage_csv, coverage_rows, find_cases, unclear_cases, unknown_purposes

CASES = """
import harness_that_is_never_imported

@serves("OCPP-K01.P001", "OCPP-K01.P002")
async def test_one(stand): ...

class TestGroup:
    @case.serves("OCPP-K01.P003")
    def test_two(self): ...

def helper(): ...
"""

PARAMETERS = """
PEERS = [
    pytest.param("expired", id="expired", marks=[serves("OCPP-A00.P013", "OCPP-A04.P003"), slow]),
    pytest.param("old_tls", id="old_tls", marks=serves("OCPP-A00.P014")),
]

@pytest.mark.parametrize("peer", PEERS)
def test_peer(stand, peer): ...

@pytest.mark.parametrize("peer", ["a", "b"])
@serves("OCPP-A00.P015")
def test_hello(stand, peer): ...
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(catalog, arguments)


def suite(folder: Path, text: str = CASES) -> Path:
    (folder / "cases").mkdir()
    (folder / "cases" / "test_k01.py").write_text(text, encoding="utf-8")
    return folder / "cases"


def test_cases_are_found_without_running_them(tmp_path: Path) -> None:
    """Read from the text; the file's import of nothing that exists proves that it never ran."""
    assert [(c.name, c.line, c.purposes) for c in find_cases(suite(tmp_path))] == [
        ("test_k01.py::test_one", 5, ("OCPP-K01.P001", "OCPP-K01.P002")),
        ("test_k01.py::test_two", 9, ("OCPP-K01.P003",)),
    ]


def test_marks_of_single_parameters_are_found_too(tmp_path: Path) -> None:
    """A case with variants serves other purposes in each; the list may stand under a name."""
    assert [(c.name, c.purposes) for c in find_cases(suite(tmp_path, PARAMETERS))] == [
        ("test_k01.py::test_peer[expired]", ("OCPP-A00.P013", "OCPP-A04.P003")),
        ("test_k01.py::test_peer[old_tls]", ("OCPP-A00.P014",)),
        ("test_k01.py::test_hello", ("OCPP-A00.P015",)),
    ]


def test_a_criterion_has_a_row_for_each_purpose(tmp_path: Path) -> None:
    """With its case, or why there is none; a condition is told; a paper needs no purpose."""
    rows = coverage_rows(load_catalogue(), load_suites(), find_cases(suite(tmp_path)))
    found = {(row["criterion"], row["purpose"]): row for row in rows}
    assert len(found) == len(rows)
    assert found["SC-04.2", "OCPP-K01.P002"]["case"] == "test_k01.py::test_one"
    assert found["SC-04.1", "OCPP-K01.P007"]["not_tested_because"] == "no case yet"
    assert found["BI-20.6", "OCPP-A00.P001"]["when"] == "version=2.1"
    assert found["BI-21.1", ""]["not_tested_because"].startswith("It needs a grid simulator")
    assert {c.id for c in load_catalogue().criteria} == {row["criterion"] for row in rows if row["criterion"]}


def test_check_goes_red_when_the_file_is_stale(tmp_path: Path) -> None:
    """Written: exit 0. A case more: exit 1 with the changed line. Written anew: exit 0 again."""
    cases, committed = suite(tmp_path), tmp_path / "coverage.csv"
    where = ("--cases", str(cases), "--file", str(committed))
    assert run("coverage", "--check", *where).exit_code == 1
    assert run("coverage", "--write", *where).exit_code == 0
    assert run("coverage", "--check", *where).exit_code == 0
    (cases / "test_more.py").write_text('@serves("OCPP-J02.P001")\ndef test_more(): ...\n', encoding="utf-8")
    result = run("coverage", "--check", *where)
    assert result.exit_code == 1
    assert "+ SC-04.7,mandatory,acceptance,test,,OCPP-J02.P001,,short,test_more.py::test_more,," in result.output
    assert run("coverage", "--write", *where).exit_code == 0
    text = committed.read_text(encoding="utf-8")
    assert text == coverage_csv(load_catalogue(), load_suites(), find_cases(cases))
    assert next(csv.reader(io.StringIO(text)))[0] == "criterion"


def test_a_case_for_an_unknown_purpose_is_exit_2(tmp_path: Path) -> None:
    """A typing mistake would otherwise leave a purpose without its case, in silence."""
    cases = suite(tmp_path, '@serves("OCPP-K01.P0011")\ndef test_x(): ...\n')
    assert unknown_purposes(load_suites(), find_cases(cases))
    result = run("coverage", "--cases", str(cases))
    assert result.exit_code == 2
    assert "test_k01.py:2: (the whole file): serves 'OCPP-K01.P0011', which no suite has; did you mean" in result.output


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "def test_x(stand): ...\n",
            "test_k01.py:1: (the whole file): test_k01.py::test_x serves no purpose; write @serves",
        ),
        (
            '@serves("OCPP-K01.P001")\ndef test_x(): ...\n\n@serves("OCPP-K01.P001")\ndef test_y(): ...\n',
            "test_k01.py:5: (the whole file): test_k01.py::test_y serves OCPP-K01.P001, as test_k01.py::test_x does",
        ),
    ],
)
def test_check_refuses_cases_that_serve_nothing_or_the_same(tmp_path: Path, text: str, says: str) -> None:
    """A case without a purpose judges nothing; a purpose of two cases would have two verdicts for one question."""
    cases, committed = suite(tmp_path, text), tmp_path / "coverage.csv"
    assert [str(problem).startswith(says) for problem in unclear_cases(find_cases(cases))] == [True]
    where = ("--cases", str(cases), "--file", str(committed))
    run("coverage", "--write", *where)
    result = run("coverage", "--check", *where)
    assert result.exit_code == 1 and says in result.output


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("NAME = 'OCPP-K01.P001'\n@serves(NAME)\ndef test_x(): ...\n", "test_k01.py:2: "),
        ("def broken(:\n", "test_k01.py:1: (the whole file): is not Python"),
    ],
)
def test_cases_that_cannot_be_read_say_where(tmp_path: Path, text: str, says: str) -> None:
    """A computed id could not be counted, so it is refused with its line."""
    with pytest.raises(CatalogueError) as caught:
        find_cases(suite(tmp_path, text))
    assert str(caught.value).startswith(says)


def proven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proofs: dict[str, Proof]) -> Result:
    """`coverage --check` beside an up-to-date file, with these proofs."""
    where = ("--cases", str(suite(tmp_path)), "--file", str(tmp_path / "coverage.csv"))
    run("coverage", "--write", *where)
    monkeypatch.setattr(harness.cli.catalogue._coverage, "load_checked", lambda: (load_suites(), proofs))
    return run("coverage", "--check", *where)


def test_check_counts_what_is_unproven_before_the_first_proof(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as nothing was ever proven, it is told and does not fail."""
    result = proven(tmp_path, monkeypatch, {})
    assert result.exit_code == 0
    assert f"{len(load_suites().purposes)} unproven" in result.output


def test_check_fails_for_stale_and_missing_proofs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once there are proofs, each purpose needs one that is of its own judges."""
    proofs = {p.id: Proof(p.id, "d", "g", proof_digest(p.judges, p.revision)) for p in load_suites().purposes}
    stale, gone = "OCPP-K01.P002", "OCPP-K01.P003"
    proofs[stale] = proofs[stale]._replace(digest="0" * 16)
    del proofs[gone]
    proofs["OCPP-K99.P001"] = Proof("OCPP-K99.P001", "d", "g", "0" * 16)
    result = proven(tmp_path, monkeypatch, proofs)
    assert result.exit_code == 1
    assert result.output.splitlines()[:3] == [
        "proofs.csv holds OCPP-K99.P001, which no suite has; take the row out",
        f"{stale}: its proof is stale (a judge, a helper or the revision changed); run `make defects`",
        f"{gone}: nothing proves it (no red, or no green, was seen); run `make defects`",
    ]
    assert "1 stale, 1 unproven" in result.output


def test_check_passes_when_everything_is_proven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 0, and the count says so."""
    proofs = {p.id: Proof(p.id, "d", "g", proof_digest(p.judges, p.revision)) for p in load_suites().purposes}
    result = proven(tmp_path, monkeypatch, proofs)
    assert result.exit_code == 0
    assert f"; {len(proofs)} proven\n" in result.output


def test_show_a_purpose_with_all_that_hangs_on_it() -> None:
    """What it serves, whom it needs, what it waits for, its limits with their sources, and what its check is worth."""
    result = run("show", "ocpp-k01.p002")
    assert result.exit_code == 0
    lines = [line.strip() for line in result.output.splitlines()]
    assert lines[0] == "OCPP-K01.P002  " + load_suites().purpose("OCPP-K01.P002").statement
    assert "serves: SC-04.2" in lines
    assert "takes: 1 s and 1 × dwell" in lines
    assert "needs: the backend, a car on the control pilot, bench: pilot, bench: meter" in lines
    assert any(line.startswith("response: at most 10 s - contract_default: ") for line in lines)
    assert any(line.startswith("worth: ") for line in lines)


def test_a_criterion_names_the_purposes_that_test_it() -> None:
    """From the tender to the test, in one step; a criterion that only papers prove names none."""
    assert "    tested by: OCPP-K01.P001, OCPP-K01.P007\n" in run("show", "SC-04.1").output
    assert "tested by" not in run("show", "SC-07.1").output


def test_an_unknown_purpose_is_exit_2_with_the_nearest() -> None:
    """As for requirements and criteria."""
    result = run("show", "OCPP-K01.P0022")
    assert result.exit_code == 2
    assert "no purpose or rule is called 'OCPP-K01.P0022'; did you mean 'OCPP-K01.P022'?" in result.output


def test_list_a_suite_and_refuse_an_unknown_one() -> None:
    """A line a purpose; the nearest suite for a misspelt one."""
    lines = run("list", "--suite", "light").output.splitlines()
    assert [line.split()[0] for line in lines] == [
        f"LIGHT-V2X.P{n}" for n in ("001", "002", "003", "101", "103", "102", "104")
    ]
    assert lines[0].endswith("(BI-18.1)")
    result = run("list", "--suite", "ocp")
    assert result.exit_code == 2 and "no suite is called 'ocp'; did you mean 'ocpp'?" in result.output


def test_suites_are_counted_by_depth() -> None:
    """A line a suite, and the sum."""
    lines = run("suites").output.splitlines()
    loaded = load_suites()
    assert lines[-1] == f"{len(loaded.purposes)} purposes and {len(loaded.rules)} rules in 6 suites"
    depths = [p.depth.value for p in loaded.purposes if p.id.startswith("CP-A.")]
    by_depth = ", ".join(f"{depths.count(each)} {each}" for each in ("short", "acceptance", "thorough"))
    assert lines[0].startswith(f"iec61851     {len(depths)} purposes ({by_depth}); ")
