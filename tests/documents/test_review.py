"""From a folder of papers to claims in a trace, and the sample papers as the demonstration uses them."""

from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest

from harness.documents import (
    CASE,
    document_claims,
    load_documents,
    record_claims,
    record_evaluation_date,
    review_all,
)
from harness.documents._schema import SCHEMAS, schema_folder, schema_text
from harness.judge import ResolvedLimit, Verdict, evaluate
from harness.trace import Recorder, Trace, read_trace
from requirement_catalog import (
    Catalogue,
    CatalogueError,
    Phase,
    VerifiedBy,
    load_catalogue,
    load_tender,
    resolve_limits,
    sample_documents,
)
from requirement_catalog.reading._yaml import read_yaml
from tests.documents._traces import boot

RECORD = """\
title: Certificate
kind: certificate
standards: [{standard: IEC 61851-1, edition: "2017"}]
body: {name: A body, accredited_for: ISO/IEC 17065}
issued: 2025-01-01
valid_until: 2028-01-01
model: M
firmware: ["1"]
file: paper.pdf
sha256: SHA
"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def folder_with(folder: Path, record: str = RECORD, content: bytes | None = b"the paper") -> Path:
    if content is not None:
        (folder / "paper.pdf").write_bytes(content)
    sha = hashlib.sha256(b"the paper").hexdigest()
    (folder / "c.yaml").write_text(record.replace("SHA", sha), encoding="utf-8")
    return folder


def test_a_record_is_read_with_its_file(tmp_path: Path) -> None:
    """The file's own digest is computed; it equals the one the reviewer wrote down."""
    papers = load_documents(folder_with(tmp_path)).papers
    assert papers[0].file_sha256 == papers[0].record.sha256
    assert papers[0].file_problem is None


def test_a_changed_or_absent_file_is_noted_not_refused(tmp_path: Path) -> None:
    """The review goes on; the judge will say what is wrong with that paper."""
    changed = load_documents(folder_with(tmp_path, content=b"another paper")).papers[0]
    assert "is not the one that was reviewed" in (changed.file_problem or "") and changed.file_sha256
    (tmp_path / "paper.pdf").unlink()
    absent = load_documents(tmp_path).papers[0]
    assert absent.file_problem == "the file paper.pdf is not in the folder" and absent.file_sha256 is None


WRONG = {
    ("valid_until: 2028-01-01", "valid_until: 2024-01-01"): "valid_until: lies before the day of issue (2025-01-01)",
    ("valid_until: 2028-01-01", "valid_until: 1 Jan 2028"): "valid_until: '1 Jan 2028' is not a date;"
    " write it as year-month-day, 2026-11-22",
    ("sha256: SHA", "sha256: abc"): "sha256: is not 64 hexadecimal digits; write what `sha256sum` prints",
    (
        "accredited_for: ISO/IEC 17065",
        "accredited_for: not ISO/IEC 17065",
    ): "body.accredited_for: 'not ISO/IEC 17065' is not the name of an accreditation standard alone;"
    " write ISO/IEC 17065",
    ("model: M", "reviewed_by: '-'"): "reviewed_by: '-' says nothing; write what stands on the paper",
    ("title: Certificate", "title: '…'"): "title: '…' says nothing",
    ("model: M", "number: '.'"): "number: '.' says nothing; write what stands on the paper, or leave the key out",
    ("file: paper.pdf", "file: ../paper.pdf"): "file: lies outside the folder; put the file beside its record",
    ("model: M", "proves: [SC-99.9]"): "proves[0]: no criterion is called 'SC-99.9'",
    ("kind: certificate", "kind: certifcate"): "kind: 'certifcate' is not allowed; allowed are: certificate,",
    ("title: Certificate", "titel: Certificate"): "titel: 'titel' is not a known key here; did you mean 'title'?",
    (
        'edition: "2017"',
        "edition: 2017",
    ): "standards[0].edition: is the value '2017'; text is wanted: write \"2017\" in",
}


@pytest.mark.parametrize("change", WRONG)
def test_a_wrong_record_is_refused_with_its_line(tmp_path: Path, change: tuple[str, str], catalogue: Catalogue) -> None:
    """Records are typed by people: file, line, place, what is wrong."""
    old, new = change
    line = RECORD[: RECORD.index(old)].count("\n") + 1
    with pytest.raises(CatalogueError) as caught:
        load_documents(folder_with(tmp_path, RECORD.replace(old, new)), [c.id for c in catalogue.criteria])
    assert str(caught.value).splitlines()[0].startswith(f"{tmp_path / 'c.yaml'}:{line}: {WRONG[change]}")


def test_a_paper_that_proves_nothing_is_refused(tmp_path: Path) -> None:
    """Neither a standard nor a criterion: it could never be found again."""
    record = RECORD.replace('standards: [{standard: IEC 61851-1, edition: "2017"}]\n', "")
    with pytest.raises(CatalogueError, match="names neither `standards` nor `proves`; say what the paper proves"):
        load_documents(folder_with(tmp_path, record))


def test_two_registers_are_refused(tmp_path: Path) -> None:
    """Two registers could contradict each other."""
    text = "duty_register:\n  title: r\n  purchased: 2024-01-01\n  implemented: {OCPP: ['2.1']}\n"
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"b\.yaml:1: duty_register: is a second register of duties"):
        load_documents(tmp_path)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    """A typing mistake in the profile may not look like missing papers."""
    with pytest.raises(CatalogueError, match="is not a folder; give the folder that holds the records"):
        load_documents(tmp_path / "papers")


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    """Every paper is then pending."""
    documents = load_documents(tmp_path)
    assert (documents.papers, documents.register) == ((), None)


def applicable(catalogue: Catalogue) -> set[str]:
    """Everything for a bidirectional AC and DC station at a private site."""
    return {c.id for c in catalogue.criteria if "backend" not in catalogue.requirement_of(c.id).applies_when.product}


def review(catalogue: Catalogue, folder: Path, path: Path, day: str = "2026-11-22", **boots: str) -> Trace:
    recorder = Recorder(path / "trace.jsonl")
    record_evaluation_date(recorder, datetime.date.fromisoformat(day))
    kind, data = boot(**boots)
    recorder.record(kind, "dut", data)
    ids = applicable(catalogue)
    as_of = datetime.date.fromisoformat(day)
    review_all(recorder, load_documents(folder, [c.id for c in catalogue.criteria], as_of=as_of), catalogue, ids)
    record_claims(recorder, document_claims(catalogue, ids))
    recorder.close()
    return read_trace(path / "trace.jsonl")


def verdicts(catalogue: Catalogue, trace: Trace) -> dict[str, Verdict]:
    limits = {
        criterion: {role: msgspec.convert(limit, ResolvedLimit, from_attributes=True) for role, limit in roles.items()}
        for criterion, roles in resolve_limits(catalogue, load_tender(catalogue)).items()
    }
    return {each.claim.criterion: each.finding.verdict for each in evaluate(trace, limits)}


def test_the_sample_papers_prove_every_document_criterion(catalogue: Catalogue, tmp_path: Path) -> None:
    """The conformant emulated charger gets a true pass on paper, for everything a paper must prove at acceptance."""
    found = verdicts(catalogue, review(catalogue, sample_documents(), tmp_path))
    wanted = {
        c.id
        for c in catalogue.criteria
        if c.id in applicable(catalogue)
        and c.phase is Phase.ACCEPTANCE
        and (c.verified_by is VerifiedBy.DOCUMENT_REVIEW or c.documents_of == "all")
    }
    assert found == dict.fromkeys(wanted, Verdict.PASS)
    assert {"GEN-01.1", "GEN-02.2", "GEN-03.1", "SC-06.7", "PR-14.1", "BI-22.1"} <= wanted


@pytest.mark.parametrize("day", ["2026-11-22", "2028-02-29", "2034-01-01", "2061-07-31"])
def test_the_sample_papers_move_with_the_day_of_the_review(catalogue: Catalogue, tmp_path: Path, day: str) -> None:
    """The demonstration is judged as of the day on which it runs, and stays green in later years."""
    found = verdicts(catalogue, review(catalogue, sample_documents(), tmp_path, day=day))
    assert {id for id, verdict in found.items() if verdict is not Verdict.PASS} == set()


def test_the_trace_holds_days_also_of_moving_papers(catalogue: Catalogue, tmp_path: Path) -> None:
    """Evidence can be judged again later: what went into it are dates, counted from the day of the review."""
    trace = review(catalogue, sample_documents(), tmp_path, day="2031-05-31")
    paper = trace.of("document.reviewed")[0].data
    assert (paper["issued"], paper["valid_until"]) == ("2030-08-04", "2040-05-31")
    assert trace.of("duties.register")[0].data["purchased"] == "2031-05-10"


def test_only_a_sample_may_be_dated_by_the_review(tmp_path: Path) -> None:
    """A real paper carries a day; one that is always fresh would never run out."""
    relative = RECORD.replace("valid_until: 2028-01-01", "valid_until: 9 years after the review")
    with pytest.raises(CatalogueError) as caught:
        load_documents(folder_with(tmp_path, relative), as_of=datetime.date(2026, 11, 22))
    says = "valid_until: '9 years after the review' is no date of a real paper; write the day that stands on the paper"
    assert says in str(caught.value)
    with pytest.raises(CatalogueError, match="'9 years after the review' needs a day of review; write a date"):
        load_documents(folder_with(tmp_path, f"{relative}emulated: true\n"))


def test_the_sample_papers_prove_nothing_for_a_real_charger(catalogue: Catalogue, tmp_path: Path) -> None:
    """They name the emulated model: another product fails on every one of them."""
    found = verdicts(catalogue, review(catalogue, sample_documents(), tmp_path, model="Real-22"))
    assert {id for id, verdict in found.items() if verdict is Verdict.PASS} == {"GEN-03.1", "GEN-03.2", "GEN-04.1"}
    assert found["GEN-02.2"] is Verdict.FAIL


def test_other_firmware_fails_gen_02_2_alone(catalogue: Catalogue, tmp_path: Path) -> None:
    """The named criterion notices, and no unrelated one."""
    found = verdicts(catalogue, review(catalogue, sample_documents(), tmp_path, firmware="1.4.1"))
    assert {id for id, verdict in found.items() if verdict is not Verdict.PASS} == {"GEN-02.2"}


def test_no_papers_leave_everything_pending(catalogue: Catalogue, tmp_path: Path) -> None:
    """Nothing handed in is never a fail of the charger, and never a pass."""
    (tmp_path / "papers").mkdir()
    found = verdicts(catalogue, review(catalogue, tmp_path / "papers", tmp_path))
    assert set(found.values()) == {Verdict.PENDING}


def test_the_trace_holds_what_was_reviewed(catalogue: Catalogue, tmp_path: Path) -> None:
    """Every paper stands there with its digest and criterion; claims stand under the review's own case."""
    trace = review(catalogue, sample_documents(), tmp_path)
    events = trace.of("document.reviewed", who="operator")
    assert len({e.data["record_file"] for e in events}) == 16
    assert all(e.data["sha256"] == e.data["file_sha256"] and e.data["emulated"] for e in events)
    assert {e.data["criterion"] for e in events if e.data["number"] == "SAMPLE-61851-1"} == {"SC-07.1", "SC-07.7"}
    claims = trace.of("claim")
    assert {e.case for e in claims} == {CASE} == {"document review"}
    assert len({e.data["group"] for e in claims}) == len(claims)
    assert json.loads(json.dumps([e.data for e in claims])) == [e.data for e in claims]


def test_national_standards_count_only_where_the_register_names_them(catalogue: Catalogue, tmp_path: Path) -> None:
    """A charger for the Netherlands owes nothing to the German grid code's new edition."""
    event = review(catalogue, sample_documents(), tmp_path).of("duties.register")[0]
    names = {standard["name"] for standard in event.data["standards"]}
    assert "NTA 8043" in names
    assert not names & {"VDE-AR-N 4105", "EREC G98", "EREC G99"}


def test_a_criterion_that_could_not_be_tested_may_be_proven_by_paper(catalogue: Catalogue) -> None:
    """Only those that D5.4 lets a certificate prove, and only when asked for."""
    ids = applicable(catalogue)
    plain = {claim.criterion for claim in document_claims(catalogue, ids)}
    more = {c.criterion for c in document_claims(catalogue, ids, instead_of_tests={"SC-07.2", "SC-04.2"})}
    assert more - plain == {"SC-07.2"}


def test_gen_02_knows_every_certificate_though_only_it_was_chosen(catalogue: Catalogue) -> None:
    """`run --requirement GEN-02` still asks for the certificates of everything that applies."""
    claims = document_claims(catalogue, applicable(catalogue), chosen={"GEN-02.1"})
    assert [claim.criterion for claim in claims] == ["GEN-02.1"]
    assert len(claims[0].params["needs"]) > 10


def test_what_does_not_apply_needs_no_paper(catalogue: Catalogue) -> None:
    """An AC station is not asked for DC certificates."""
    ids = {id for id in applicable(catalogue) if not id.startswith("SC-08") and id != "SC-07.7"}
    claims = {claim.criterion: claim for claim in document_claims(catalogue, ids)}
    assert "SC-08.1" not in claims
    asked = [need["criterion"] for need in claims["GEN-02.1"].params["needs"]]
    assert "SC-08.1" not in asked and "SC-07.1" in asked


@pytest.mark.parametrize("name", SCHEMAS)
def test_committed_schemas_are_the_structs_and_accept_the_samples(name: str) -> None:
    """`python -m harness.documents._schema` was run after the structs changed; editors accept the sample records."""
    assert (schema_folder() / f"{name}.json").read_text(encoding="utf-8") == schema_text(name)
    validator = jsonschema_rs.validator_for(json.loads(schema_text(name)))
    samples = [read_yaml(path).data for path in sample_documents().glob("*.yaml")]
    fitting = [data for data in samples if ("duty_register" in data) == (name == "duty_register")]
    assert fitting and all(validator.is_valid(data) for data in fitting)
