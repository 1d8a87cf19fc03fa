"""chargeproof catalog: read what the tender asks, see what is covered, hand it to others."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import click

from requirement_catalog import (
    Catalogue,
    CatalogueError,
    Criterion,
    Requirement,
    ResolvedLimit,
    Tender,
    load_catalogue,
    load_tender,
    resolve_limits,
)
from requirement_catalog.coverage import case_index, coverage_csv, coverage_rows, unknown_criteria
from requirement_catalog.export import (
    applies_in_words,
    document_in_words,
    export_csv,
    export_html,
    export_json,
    limit_in_words,
    role_in_words,
)

_EXPORTS: dict[str, Callable[[Catalogue, Tender], str]] = {
    "json": export_json,
    "csv": export_csv,
    "html": export_html,
}
_tender_option = click.option(
    "--tender", "overlay", type=click.Path(path_type=Path), help="A client's tender file (overlay)."
)


@click.group()
def catalog() -> None:
    """What the tender asks: requirements, criteria, limits and where they come from."""


@catalog.command("list")
@_tender_option
@click.option("--criteria", is_flag=True, help="Show each requirement's criteria too.")
def list_(overlay: Path | None, criteria: bool) -> None:
    """All requirements, in the source's order."""
    catalogue, tender = _load(overlay)
    for requirement in catalogue.requirements:
        number = len(requirement.criteria)
        counted = f"{number} {'criterion' if number == 1 else 'criteria'}"
        click.echo(f"{requirement.id}  {requirement.title}  ({counted}; for: {applies_in_words(requirement)})")
        if criteria:
            for criterion in requirement.criteria:
                click.echo(f"    {criterion.id:9} [{tender.obligation_of(criterion).value}] {criterion.statement}")


@catalog.command()
@click.argument("id")
@_tender_option
def show(id: str, overlay: Path | None) -> None:
    """A requirement (SC-04) or a criterion (SC-04.2), with limits and their sources."""
    catalogue, tender = _load(overlay)
    limits = resolve_limits(catalogue, tender)
    wanted = id.upper()
    criteria: tuple[Criterion, ...]
    try:
        if "." in wanted:
            criteria = (catalogue.criterion(wanted),)
            requirement = catalogue.requirement_of(wanted)
        else:
            requirement = catalogue.requirement(wanted)
            criteria = requirement.criteria
    except KeyError as error:
        _stop(str(error.args[0]))
    _show_requirement(requirement)
    for criterion in criteria:
        _show_criterion(catalogue, tender, requirement, criterion, limits.get(criterion.id, {}))


@catalog.command()
@click.option("--check", is_flag=True, help="Exit 1 when the committed coverage.csv is stale.")
@click.option("--write", is_flag=True, help="Write coverage.csv anew.")
@click.option("--cases", type=click.Path(path_type=Path), help="Folder of the test cases (default: the suite's own).")
@click.option(
    "--file", "committed", type=click.Path(path_type=Path), help="The committed file (default: the catalogue's)."
)
def coverage(check: bool, write: bool, cases: Path | None, committed: Path | None) -> None:
    """Which case verifies which criterion, and why the others are not tested."""
    catalogue, _ = _load(None)
    folder = cases or _suite()
    try:
        index = case_index(folder)
    except CatalogueError as error:
        _stop(str(error))
    if unknown := unknown_criteria(catalogue, index):
        _stop("\n".join(unknown))
    path = committed or _package("requirement_catalog") / "coverage.csv"
    text = coverage_csv(catalogue, index)
    if write:
        path.write_text(text, encoding="utf-8")
        click.echo(f"{path.name} written")
    elif check:
        found = path.read_text(encoding="utf-8") if path.is_file() else ""
        if found == text:
            click.echo(f"{path.name} is up to date")
            return
        for line in _changes(found, text):
            click.echo(line, err=True)
        click.echo(f"{path.name} is stale: run `chargeproof catalog coverage --write` and commit it", err=True)
        raise SystemExit(1)
    else:
        rows = coverage_rows(catalogue, index)
        for row in rows:
            how = row["cases"] or row["not_tested_because"] or f"by {row['verified_by'].replace('_', ' ')}"
            click.echo(f"{row['criterion']:9} {row['obligation']:11} {row['phase']:10} {how}")
        tested = sum(1 for row in rows if row["cases"])
        click.echo(f"{tested} of {len(rows)} criteria have a test case")


@catalog.command()
@click.option("--format", "kind", type=click.Choice(sorted(_EXPORTS)), required=True)
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it (default: the terminal).")
@_tender_option
def export(kind: str, out: Path | None, overlay: Path | None) -> None:
    """The whole catalogue as JSON, CSV or a printable page."""
    text = _EXPORTS[kind](*_load(overlay))
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        _stop(f"{out}: cannot be written ({error.strerror}); give a folder that exists")
    click.echo(f"{out} written")


def _load(overlay: Path | None) -> tuple[Catalogue, Tender]:
    try:
        catalogue = load_catalogue()
        return catalogue, load_tender(catalogue, overlay)
    except CatalogueError as error:
        _stop(str(error))


def _stop(text: str) -> NoReturn:
    """Usage or configuration is wrong: say so and leave with 2."""
    click.echo(text, err=True)
    raise SystemExit(2)


def _package(name: str) -> Path:
    """A package's folder, found without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        _stop(f"{name} is not installed beside chargeproof; install chargeproof anew")
    return Path(next(iter(spec.submodule_search_locations)))


def _suite() -> Path:
    return _package("test_cases")


def _changes(found: str, wanted: str) -> list[str]:
    before, after = set(found.splitlines()), set(wanted.splitlines())
    gone = [f"- {line}" for line in found.splitlines() if line not in after]
    return gone + [f"+ {line}" for line in wanted.splitlines() if line not in before]


def _show_requirement(requirement: Requirement) -> None:
    source = requirement.source
    note = f" ({source.note})" if source.note else ""
    click.echo(f"{requirement.id}  {requirement.title}")
    click.echo(f"  {requirement.obligation_text.strip()}")
    click.echo(f"  source: {source.document}, {source.table}, no. {source.number}{note}")
    click.echo(f"  binds: {', '.join(requirement.binds)}; for: {applies_in_words(requirement)}")


def _show_criterion(
    catalogue: Catalogue,
    tender: Tender,
    requirement: Requirement,
    criterion: Criterion,
    limits: dict[str, ResolvedLimit],
) -> None:
    ways = " or ".join(way.value.replace("_", " ") for way in (criterion.verified_by, *criterion.also_by))
    click.echo(f"\n  {criterion.id}  {criterion.statement}")
    click.echo(f"    shown by {ways}; {tender.obligation_of(criterion).value}; {criterion.phase.value}")
    for role, limit in limits.items():
        click.echo(f"    {role_in_words(role)}: {limit_in_words(limit)} - {limit.confidence.value}: {limit.source}")
    facts = {
        "for": applies_in_words(requirement, criterion) if criterion.applies_when else None,
        "module": criterion.module,
        "clauses": ", ".join(criterion.clauses) or None,
        "feature": criterion.feature and f"{criterion.feature}{' (optional)' if criterion.feature_optional else ''}",
        "due": criterion.due,
        "not tested because": criterion.not_tested_because,
        "in dispute": criterion.dispute,
        "left out": tender.left_out_because(criterion),
    }
    for name, value in facts.items():
        if value:
            click.echo(f"    {name}: {value}")
    for needed in catalogue.documents_for(criterion.id):
        click.echo(f"    paper: {document_in_words(needed)}")
