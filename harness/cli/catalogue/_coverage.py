"""chargeproof catalog coverage and lock: what must be committed and may not go stale."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from harness.cli._codes import Exit
from harness.cli._outputs import Outputs
from harness.cli._say import Door, refuse, tell
from harness.cli.catalogue._suites import load_checked, proven_in_words
from harness.cli.catalogue._words import counted
from harness.proofs import states
from requirement_catalog import CatalogueError, Obligation, Proof, Suites, load_catalogue
from requirement_catalog.coverage import (
    FoundCase,
    coverage_csv,
    coverage_rows,
    find_cases,
    unclear_cases,
    unknown_purposes,
    without_case,
)
from requirement_catalog.suites_lock import lock_is_current, write_lock

_MOST_NAMED = 8


@click.command()
@click.option("--check", is_flag=True, help="Exit 1 when coverage.csv or a proof is stale, or a case serves nothing.")
@click.option("--write", is_flag=True, help="Write coverage.csv anew.")
@click.option("--cases", type=click.Path(path_type=Path), help="Folder of the test cases (default: chargeproof's own).")
@click.option(
    "--file", "committed", type=click.Path(path_type=Path), help="The committed file (default: the catalogue's)."
)
def coverage(check: bool, write: bool, cases: Path | None, committed: Path | None) -> None:
    """Which purposes serve each criterion, which cases serve those, and what their checks are worth."""
    loaded, proofs = load_checked()
    try:
        found = find_cases(cases or _package("test_cases"))
    except CatalogueError as error:
        refuse(str(error))
    if unknown := unknown_purposes(loaded, found):
        refuse("\n".join(str(problem) for problem in unknown))
    path = committed or _package("requirement_catalog") / "coverage.csv"
    text = coverage_csv(load_catalogue(), loaded, found)
    if write:
        Outputs().write(path, text.encode("utf-8"))
        Door().line("{}", f"{path.name} written")
    elif check:
        _check(path, text, loaded, found, proofs)
    else:
        _print(loaded, found)
        _counts(loaded, found, proofs)


def _check(path: Path, text: str, loaded: Suites, found: tuple[FoundCase, ...], proofs: Mapping[str, Proof]) -> None:
    wrong = [str(problem) for problem in unclear_cases(found)]
    committed = path.read_text(encoding="utf-8") if path.is_file() else ""
    if committed != text:
        wrong += _changes(committed, text)
        wrong.append(f"{path.name} is stale: run `chargeproof catalog coverage --write` and commit it")
    wrong += _unproven(loaded, proofs)
    for line in wrong:
        tell("{}", line)
    _counts(loaded, found, proofs)
    if wrong:
        sys.exit(Exit.HOLD)
    Door().line("{}", f"{path.name} is up to date")


def _unproven(loaded: Suites, proofs: Mapping[str, Proof]) -> list[str]:
    """What has no proof that holds; nothing as long as no proof at all was written."""
    if not proofs:
        return []
    known = {item.id for item in loaded.items}
    mandatory = {c.id for c in load_catalogue().criteria if c.obligation is Obligation.MANDATORY}
    gating = {p.id for p in loaded.purposes if any(s.criterion in mandatory for s in p.serves)}
    found = [f"proofs.csv holds {id}, which no suite has; take the row out" for id in proofs if id not in known]
    for id, state in states(loaded.purposes, proofs).items():
        if state == "stale":
            found.append(f"{id}: its proof is stale (a judge, a helper or the revision changed); run `make defects`")
        elif state == "unproven" and id in gating:
            found.append(f"{id}: nothing proves it (no red, or no green, was seen); run `make defects`")
    stale = [id for id, state in states(loaded.rules, proofs).items() if state == "stale"]
    if stale:
        named = ", ".join(stale[:_MOST_NAMED]) + (
            f" and {len(stale) - _MOST_NAMED} more" if stale[_MOST_NAMED:] else ""
        )
        found.append(
            f"{named}: proofs of rules are stale; run `chargeproof catalog prove --edits` and commit proofs.csv"
        )
    return found


def _print(loaded: Suites, found: tuple[FoundCase, ...]) -> None:
    for row in coverage_rows(load_catalogue(), loaded, found):
        how = row["case"] or row["not_tested_because"] or f"by {row['verified_by'].replace('_', ' ')}"
        purpose = f"{row['purpose']}{' when ' + row['when'] if row['when'] else ''}"
        Door().line("{}", f"{row['criterion']:9} {row['obligation']:11} {row['phase']:10} {purpose:15} {how}")


def _counts(loaded: Suites, found: tuple[FoundCase, ...], proofs: Mapping[str, Proof]) -> None:
    idle = {p.id for p in without_case(loaded, found)}
    served = {s.criterion for p in loaded.purposes if p.id not in idle for s in p.serves}
    Door().line("{}", f"{len(served)} of {len(load_catalogue().criteria)} criteria have a test case")
    purposes = f"{counted(len(loaded.purposes), 'purpose')} ({len(idle)} without a case)"
    Door().line("{}", f"{purposes} in {counted(len(found), 'case')}; {proven_in_words(loaded.purposes, proofs)}")
    named = {rule for purpose in loaded.purposes for rule in purpose.exercises}
    never = [rule for rule in loaded.rules if not rule.exercised_by and rule.id not in named]
    rules = f"{counted(len(loaded.rules), 'rule')} ({len(never)} that no purpose exercises)"
    read = sum(1 for rule in loaded.rules if rule.readings > 1)
    Door().line("{}", f"{rules}; {read} read twice; {proven_in_words(loaded.rules, proofs)}")


@click.command()
@click.option("--write", is_flag=True, help="Give new ids and raised revisions their lines.")
def lock(write: bool) -> None:
    """Whether ids.lock knows every purpose and rule; an id is given once, for ever."""
    try:
        if write:
            Door().line("{}", f"ids.lock written, {len(write_lock())} new or changed")
        elif lock_is_current():
            Door().line("{}", "ids.lock is up to date")
        else:
            tell("{}", "ids.lock is stale: run `chargeproof catalog lock --write` and commit it")
            sys.exit(Exit.HOLD)
    except CatalogueError as error:
        refuse(str(error))


def _package(name: str) -> Path:
    """A package's folder, found without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        refuse(f"{name} is not installed beside chargeproof; install chargeproof anew")
    return Path(next(iter(spec.submodule_search_locations)))


def _changes(found: str, wanted: str) -> list[str]:
    before, after = set(found.splitlines()), set(wanted.splitlines())
    gone = [f"- {line}" for line in found.splitlines() if line not in after]
    return gone + [f"+ {line}" for line in wanted.splitlines() if line not in before]
