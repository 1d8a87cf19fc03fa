"""Criteria, the purposes that serve them, and the cases that serve those; the committed file may not go stale."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from requirement_catalog._catalogue import Catalogue
from requirement_catalog._model import Criterion, VerifiedBy
from requirement_catalog.purposes._cases import FoundCase, cases_by_purpose, find_cases
from requirement_catalog.purposes._suite_model import Purpose, Rule
from requirement_catalog.purposes._suites import Suites
from requirement_catalog.reading._check import nearest
from requirement_catalog.reading._yaml import Problem

__all__ = [
    "COLUMNS", "FoundCase", "cases_by_purpose", "coverage_csv", "coverage_rows", "find_cases", "unclear_cases",
    "unknown_purposes", "without_case",
]  # fmt: skip

COLUMNS = (
    "criterion", "obligation", "phase", "verified_by", "also_by", "purpose", "when", "depth", "case",
    "not_tested_because", "statement",
)  # fmt: skip


def unknown_purposes(suites: Suites, cases: Sequence[FoundCase]) -> list[Problem]:
    """A problem for each case that serves a purpose which no suite has, or which is retired."""
    problems = []
    known = {p.id: p for p in suites.items if isinstance(p, Purpose)}
    for case in cases:
        for id in case.purposes:
            if id not in known:
                wrong = f"serves {id!r}, which no suite has"
                problems.append(Problem(case.file, case.line, "", wrong, nearest(id, known)))
            elif known[id].retired:
                wrong = f"serves {id!r}, which is retired"
                problems.append(Problem(case.file, case.line, "", wrong, f"write {known[id].successor!r}"))
    return problems


def unclear_cases(cases: Sequence[FoundCase]) -> list[Problem]:
    """A problem for each case that serves no purpose, and for each purpose that a second case serves."""
    problems = [
        Problem(case.file, case.line, "", f"{case.name} serves no purpose", 'write @serves("OCPP-K01.P002") above it')
        for case in cases
        if not case.purposes
    ]
    for id, served_by in cases_by_purpose(tuple(cases)).items():
        for case in served_by[1:]:
            wrong = f"{case.name} serves {id}, as {served_by[0].name} does"
            problems.append(Problem(case.file, case.line, "", wrong, "let one case serve it, so that it runs once"))
    return problems


def without_case(suites: Suites, cases: Sequence[FoundCase]) -> tuple[Purpose, ...]:
    """The purposes that no case serves yet, in reading order."""
    served = cases_by_purpose(tuple(cases))
    return tuple(p for p in suites.purposes if p.id not in served)


def coverage_rows(catalogue: Catalogue, suites: Suites, cases: Sequence[FoundCase]) -> list[dict[str, str]]:
    """A row per criterion and purpose or rule that serves it, in reading order, with the columns of coverage.csv.

    A criterion that nothing serves has a row with the reason; what serves none (beyond the tender) stands at the end.
    """
    served = cases_by_purpose(tuple(cases))
    serving: dict[str, list[tuple[Purpose | Rule, str]]] = {}
    beyond: list[Purpose | Rule] = []
    items: tuple[Purpose | Rule, ...] = (*suites.purposes, *suites.rules)
    for item in items:
        for each in item.serves:
            when = " ".join(f"{key}={value}" for key, value in each.when.items())
            serving.setdefault(each.criterion, []).append((item, when))
        if not item.serves:
            beyond.append(item)
    rows = [row for c in catalogue.criteria for row in _rows_of(c, serving.get(c.id, []), served)]
    return rows + [_empty() | _item_cells(item, "", served) | {"statement": item.statement} for item in beyond]


def coverage_csv(catalogue: Catalogue, suites: Suites, cases: Sequence[FoundCase]) -> str:
    """coverage.csv as it must be committed."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(coverage_rows(catalogue, suites, cases))
    return out.getvalue()


def _rows_of(
    criterion: Criterion,
    serving: Sequence[tuple[Purpose | Rule, str]],
    served: Mapping[str, tuple[FoundCase, ...]],
) -> Iterator[dict[str, str]]:
    cells = _empty() | {
        "criterion": criterion.id,
        "obligation": criterion.obligation.value,
        "phase": criterion.phase.value,
        "verified_by": criterion.verified_by.value,
        "also_by": " ".join(way.value for way in criterion.also_by),
        "statement": criterion.statement,
    }
    for item, when in serving:
        yield cells | _item_cells(item, when, served)
    if not serving:
        why = criterion.not_tested_because or ("no purpose yet" if criterion.verified_by is VerifiedBy.TEST else "")
        yield cells | {"not_tested_because": why}


def _item_cells(item: Purpose | Rule, when: str, served: Mapping[str, tuple[FoundCase, ...]]) -> dict[str, str]:
    """A rule needs no case: it watches every trace."""
    names = " ".join(case.name for case in served.get(item.id, ()))
    why = "" if names or isinstance(item, Rule) else "no case yet"
    return {"purpose": item.id, "when": when, "depth": item.depth.value, "case": names, "not_tested_because": why}


def _empty() -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "")
