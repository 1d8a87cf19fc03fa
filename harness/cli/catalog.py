"""chargeproof catalog: read what the tender asks, see what is covered, hand it to others."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import click

from harness.cli._codes import Exit
from harness.cli._outputs import Outputs
from harness.cli._say import Door, refuse, tell
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
    door = Door()
    for requirement in catalogue.requirements:
        number = len(requirement.criteria)
        counted = f"{number} {'criterion' if number == 1 else 'criteria'}"
        door.line("{}", f"{requirement.id}  {requirement.title}  ({counted}; for: {applies_in_words(requirement)})")
        if criteria:
            for criterion in requirement.criteria:
                door.line("{}", f"    {criterion.id:9} [{tender.obligation_of(criterion).value}] {criterion.statement}")


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
        refuse(str(error.args[0]))
    door = Door()
    _show_requirement(door, requirement)
    for criterion in criteria:
        _show_criterion(door, catalogue, tender, requirement, criterion, limits.get(criterion.id))


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
        refuse(str(error))
    if unknown := unknown_criteria(catalogue, index):
        refuse("\n".join(unknown))
    path = committed or _package("requirement_catalog") / "coverage.csv"
    text = coverage_csv(catalogue, index)
    if write:
        _write(path, text)
        Door().line("{} written", path.name)
    elif check:
        found = path.read_text(encoding="utf-8") if path.is_file() else ""
        if found == text:
            Door().line("{} is up to date", path.name)
            return
        for line in _changes(found, text):
            tell("{}", line)
        tell("{} is stale: run `chargeproof catalog coverage --write` and commit it", path.name)
        raise SystemExit(Exit.HOLD)
    else:
        rows = coverage_rows(catalogue, index)
        door = Door()
        for row in rows:
            how = row["cases"] or row["not_tested_because"] or f"by {row['verified_by'].replace('_', ' ')}"
            door.line("{}", f"{row['criterion']:9} {row['obligation']:11} {row['phase']:10} {how}")
        tested = sum(1 for row in rows if row["cases"])
        door.line("{}", f"{tested} of {len(rows)} criteria have a test case")


@catalog.command()
@click.option("--format", "kind", type=click.Choice(sorted(_EXPORTS)), required=True)
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it (default: the terminal).")
@_tender_option
def export(kind: str, out: Path | None, overlay: Path | None) -> None:
    """The whole catalogue as JSON, CSV or a printable page."""
    text = _EXPORTS[kind](*_load(overlay))
    if out is None:
        Door().document(text)
        return
    outputs = Outputs(overlay)
    outputs.check("--out", out)
    _write(out, text)
    Door().line("{} written", out)


def _write(path: Path, text: str) -> None:
    """Written whole, over an earlier export of the same kind only."""
    try:
        if not path.parent.is_dir():
            refuse(f"{path}: cannot be written (No such file or directory); give a folder that exists")
        Outputs().write(path, text.encode("utf-8"))
    except OSError as error:
        refuse(f"{path}: cannot be written ({error.strerror}); give a folder that exists")


def _load(overlay: Path | None) -> tuple[Catalogue, Tender]:
    try:
        catalogue = load_catalogue()
        return catalogue, load_tender(catalogue, overlay)
    except CatalogueError as error:
        refuse(str(error))


def _package(name: str) -> Path:
    """A package's folder, found without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        refuse(f"{name} is not installed beside chargeproof; install chargeproof anew")
    return Path(next(iter(spec.submodule_search_locations)))


def _suite() -> Path:
    return _package("test_cases")


def _changes(found: str, wanted: str) -> list[str]:
    before, after = set(found.splitlines()), set(wanted.splitlines())
    gone = [f"- {line}" for line in found.splitlines() if line not in after]
    return gone + [f"+ {line}" for line in wanted.splitlines() if line not in before]


def _show_requirement(door: Door, requirement: Requirement) -> None:
    source = requirement.source
    note = f" ({source.note})" if source.note else ""
    door.line("{}", f"{requirement.id}  {requirement.title}")
    door.line("{}", f"  {' '.join(requirement.obligation_text.split())}")
    door.line("{}", f"  source: {source.document}, {source.table}, no. {source.number}{note}")
    door.line("{}", f"  binds: {', '.join(requirement.binds)}; for: {applies_in_words(requirement)}")


def _show_criterion(
    door: Door,
    catalogue: Catalogue,
    tender: Tender,
    requirement: Requirement,
    criterion: Criterion,
    limit: ResolvedLimit | None,
) -> None:
    ways = " or ".join(way.value.replace("_", " ") for way in (criterion.verified_by, *criterion.also_by))
    door.line()
    door.line("{}", f"  {criterion.id}  {criterion.statement}")
    door.line("{}", f"    shown by {ways}; {tender.obligation_of(criterion).value}; {criterion.phase.value}")
    if limit is not None:
        door.line("{}", f"    limit: {limit_in_words(limit)} - {limit.confidence.value}: {limit.source}")
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
            door.line("{}", f"    {name}: {value}")
    for needed in catalogue.documents_for(criterion.id):
        door.line("{}", f"    paper: {document_in_words(needed)}")
