"""`chargeproof report`: from a bundle or an evidence folder to what people and their tools read."""

from __future__ import annotations

import sys
import webbrowser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click

import harness.captures  # noqa: F401  so that a capture is made again and held against the trace
from harness import evidence as evidence_room
from harness.cli._codes import Exit
from harness.cli._outputs import Outputs, refuse_another_kind, refuse_foreign_folder
from harness.cli._say import Door, refuse
from harness.evidence import NotABundle, Problem
from reports import EvidenceError, EvidenceView, load, render_allure, render_html, render_junit, render_verdicts_csv

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("evidence", metavar="BUNDLE_OR_DIR", type=click.Path(path_type=Path))
@click.option("--out", type=_FILE, default=Path("report.html"), show_default=True, help="Where the HTML report goes.")
@click.option("--junit", type=_FILE, help="Also write JUnit XML for a build server to this file.")
@click.option("--csv", "table", type=_FILE, help="Also write the verdicts as a table to this file.")
@click.option("--allure", type=click.Path(path_type=Path, file_okay=False), help="Also write Allure results here.")
@click.option("--open", "show", type=click.BOOL, default=False, show_default=True, help="Open it in the browser.")
def report(evidence: Path, out: Path, junit: Path | None, table: Path | None, allure: Path | None, show: bool) -> None:
    """Write the report of a campaign again, from its sealed bundle or its evidence folder.

    It shows the verdicts that the bundle holds; `chargeproof verify --rejudge` checks that they follow from it. Of a
    bundle that does not hold, the report says so on its first line.

    Exit codes: 0 written, 1 written, of a bundle that does not hold, 2 wrong usage, or it cannot be read or checked.
    """
    source = _evidence_in(evidence)
    outputs = Outputs(evidence, source)
    for option, path in (("--out", out), ("--junit", junit), ("--csv", table), ("--allure", allure)):
        outputs.check(option, path)
    refuse_foreign_folder("--allure", allure, ("*-result.json",))
    door = Door()
    code, unsound = _checked(source)
    door.lines(unsound[:1])
    try:
        view = replace(load(source), unsound=unsound)
        files = [(out, render_html(view).encode("utf-8"))]
        if junit is not None:
            files.append((junit, render_junit(view)))
        if table is not None:
            files.append((table, render_verdicts_csv(view).encode("utf-8")))
        for path, raw in files:
            refuse_another_kind(path, raw)
        for path, raw in files:
            outputs.write(path, raw)
            door.line("written  {}", path, whole=True)
        if allure is not None:
            render_allure(view, allure)
            door.line("written  {}", allure, whole=True)
    except EvidenceError as error:
        _cannot_be_shown(door, error, code)
    except OSError as error:
        refuse(f"{error.filename or out}: {error.strerror or error}")
    except click.ClickException:
        raise
    except Exception as error:
        if code is Exit.GO:
            raise
        _cannot_be_shown(door, error, code)
    _tell(door, view, code)
    if show:
        webbrowser.open(out.resolve().as_uri())
    sys.exit(code)


def _checked(source: Path) -> tuple[Exit, tuple[str, ...]]:
    """What speaks against a bundle, or a folder: the exit code, and what the first lines must say."""
    if not source.exists():
        return Exit.GO, ()
    try:
        if source.is_dir():
            return _does_not_hold(evidence_room.unsealed(source))
        found = evidence_room.verify(source)
    except NotABundle as error:
        refuse(error)
    except OSError as error:
        refuse(f"{error.filename or source}: {error.strerror}")
    if not found.holds:
        return _does_not_hold(found.problems)
    if found.cannot:
        return Exit.REFUSED, (f"THIS EVIDENCE COULD NOT BE CHECKED IN FULL: {found.cannot[0]}", *found.cannot[1:])
    return Exit.GO, ()


def _does_not_hold(problems: Sequence[Problem]) -> tuple[Exit, tuple[str, ...]]:
    if not problems:
        return Exit.GO, ()
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return Exit.HOLD, (f"THIS EVIDENCE DOES NOT HOLD: {problems[0]}{more}", *map(str, problems[1:]))


def _cannot_be_shown(door: Door, error: Exception, code: Exit) -> NoReturn:
    """Nothing was written. Of a bundle that does not hold that has been said already, and is what the code tells."""
    if code is not Exit.HOLD:
        refuse(error)
    door.line("no report is written: {}", error)
    sys.exit(code)


def _tell(door: Door, view: EvidenceView, code: Exit) -> None:
    partial = " for a selection only" if view.result.partial and view.result.decision == "GO" else ""
    emulated = ", EMULATED" if view.emulated else ""
    if code is Exit.GO:
        sealed = "" if view.bundle_sha256 else ", not sealed"
        door.line("{}{}{}{}", view.result.decision, partial, emulated, sealed)
    else:
        door.line("what it states, {}{}{}, is worth nothing", view.result.decision, partial, emulated)


def _evidence_in(path: Path) -> Path:
    """A campaign's own folder stands for the bundle in it, or for its evidence when it was never sealed."""
    if path.is_dir() and not (path / "verdicts.json").exists():
        for inside in (path / "bundle.zip", path / "evidence"):
            if inside.exists():
                return inside
    return path
