"""chargeproof catalog: read what the tender asks, see what is covered, hand it to others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from harness.cli._outputs import Outputs
from harness.cli._say import Door, refuse
from harness.cli.catalogue._coverage import coverage, lock
from harness.cli.catalogue._prove import prove
from harness.cli.catalogue._suites import is_suite_id, list_suite, purposes_of, show_item, suites
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
    """What the tender asks, and what is tested for it: criteria, limits, test purposes, coverage."""


catalog.add_command(coverage)
catalog.add_command(lock)
catalog.add_command(prove)
catalog.add_command(suites)


@catalog.command("list")
@_tender_option
@click.option("--criteria", is_flag=True, help="Show each requirement's criteria too.")
@click.option("--suite", help="The test purposes of one suite instead: ocpp, iso15118_20, …")
def list_(overlay: Path | None, criteria: bool, suite: str | None) -> None:
    """All requirements, in the source's order; or a suite's purposes."""
    if suite is not None:
        if criteria or overlay is not None:
            refuse("--suite lists test purposes, the same for every tender: leave out --criteria and --tender")
        list_suite(suite)
        return
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
    """A requirement (SC-04), a criterion (SC-04.2) or a test purpose (OCPP-K01.P002), with limits and their sources."""
    catalogue, tender = _load(overlay)
    limits = resolve_limits(catalogue, tender)
    wanted = id.upper()
    if is_suite_id(wanted):
        show_item(wanted, limits, tender)
        return
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
        _show_criterion(door, catalogue, tender, requirement, criterion, limits.get(criterion.id, {}))


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
    limits: dict[str, ResolvedLimit],
) -> None:
    ways = " or ".join(way.value.replace("_", " ") for way in (criterion.verified_by, *criterion.also_by))
    door.line()
    door.line("{}", f"  {criterion.id}  {criterion.statement}")
    door.line("{}", f"    shown by {ways}; {tender.obligation_of(criterion).value}; {criterion.phase.value}")
    for role, limit in limits.items():
        said = f"{role_in_words(role)}: {limit_in_words(limit)}"
        door.line("{}", f"    {said} - {limit.name}, {limit.confidence.value}: {limit.source}")
    facts = {
        "for": applies_in_words(requirement, criterion) if criterion.applies_when else None,
        "module": criterion.module,
        "clauses": ", ".join(criterion.clauses) or None,
        "feature": criterion.feature and f"{criterion.feature}{' (optional)' if criterion.feature_optional else ''}",
        "due": criterion.due,
        "tested by": purposes_of(criterion.id),
        "not tested because": criterion.not_tested_because,
        "in dispute": criterion.dispute,
        "left out": tender.left_out_because(criterion),
    }
    for name, value in facts.items():
        if value:
            door.line("{}", f"    {name}: {value}")
    for needed in catalogue.documents_for(criterion.id):
        door.line("{}", f"    paper: {document_in_words(needed)}")
