"""Puts a document review into the trace: the evaluation date, each paper as it was read, register and claims."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from typing import Any

import msgspec

from harness.documents._needs import DocumentClaim, standards_that_apply
from harness.documents._record import Documents, ReviewedPaper
from harness.trace import Recorder
from requirement_catalog import Catalogue, VerifiedBy

CASE = "document review"  # the case under which a review's claims stand in the trace


def record_evaluation_date(recorder: Recorder, day: datetime.date) -> None:
    """Say in the trace as of which day papers and duties are judged: judges have no clock."""
    recorder.record("evaluation.date", "harness", {"date": day.isoformat()})


def review_all(
    recorder: Recorder,
    documents: Documents,
    catalogue: Catalogue,
    applicable: Collection[str] | None = None,
) -> None:
    """Record one `document.reviewed` event for each paper and each criterion it may prove, and the register of duties.

    `applicable` holds the criteria (ids) that apply; None means all. A paper that fits no criterion is recorded once,
    with criterion None, so that nothing that was handed in is lost.
    """
    ids = {c.id for c in catalogue.criteria} if applicable is None else set(applicable)
    for paper in documents.papers:
        data = _plain(paper)
        for criterion in _may_prove(paper, catalogue, ids) or [None]:
            recorder.record("document.reviewed", "operator", {**data, "criterion": criterion})
    if documents.register is not None:
        named = {name.casefold() for name in documents.register.implemented}
        wanted = set(standards_that_apply(catalogue, ids))
        standards = [
            s
            for s in catalogue.standards
            if s.name in wanted and (not s.national or named & {n.casefold() for n in (s.name, *s.also_called)})
        ]
        register = msgspec.to_builtins(documents.register)
        recorder.record("duties.register", "operator", {**register, "standards": msgspec.to_builtins(standards)})


def record_claims(recorder: Recorder, claims: Iterable[DocumentClaim]) -> None:
    """Record the review's claims under the case "document review"."""
    before = recorder.case
    recorder.case = CASE
    try:
        for each in claims:
            data = {"criterion": each.criterion, "judge": each.judge, "params": each.params, "control": False}
            recorder.record("claim", "harness", {**data, "group": f"{CASE} {each.criterion}"})
    finally:
        recorder.case = before


def _plain(paper: ReviewedPaper) -> dict[str, Any]:
    record: dict[str, Any] = msgspec.to_builtins(paper.record)
    return {
        **record,
        "record_file": paper.source,
        "file_sha256": paper.file_sha256,
        "file_problem": paper.file_problem,
    }


def _may_prove(paper: ReviewedPaper, catalogue: Catalogue, ids: Collection[str]) -> list[str | None]:
    """Criteria proven by document review whose needed standards the paper names, or which the paper names itself."""
    named = {each.standard.casefold() for each in paper.record.standards}
    found: list[str | None] = []
    for criterion in catalogue.criteria:
        if criterion.id not in ids or criterion.verified_by is not VerifiedBy.DOCUMENT_REVIEW:
            continue
        if criterion.id in paper.record.proves:
            found.append(criterion.id)
            continue
        for needed in catalogue.documents_for(criterion.id):
            known = [catalogue.standard(each.standard) for each in needed.standards]
            names = {n.casefold() for s in known if s for n in (s.name, *s.also_called)}
            if names & named:
                found.append(criterion.id)
                break
    return found
