"""`chargeproof report`: from a bundle or an evidence folder to what people and their tools read."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from harness.cli._say import Door, refuse
from reports import EvidenceError, load, render_allure, render_html, render_junit, render_verdicts_csv

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

    It shows the verdicts that the bundle holds; `chargeproof verify --rejudge` checks that they follow from it.
    """
    try:
        view = load(_evidence_in(evidence))
        _write(out, render_html(view).encode("utf-8"))
        if junit is not None:
            _write(junit, render_junit(view))
        if table is not None:
            _write(table, render_verdicts_csv(view).encode("utf-8"))
        if allure is not None:
            render_allure(view, allure)
            Door().line("written  {}", allure, whole=True)
    except (EvidenceError, OSError) as error:
        refuse(error)
    partial = " for a selection only" if view.result.partial and view.result.decision == "GO" else ""
    Door().line("{}{}{}", view.result.decision, partial, ", EMULATED" if view.emulated else "")
    if show:
        webbrowser.open(out.resolve().as_uri())


def _evidence_in(path: Path) -> Path:
    """A campaign's own folder stands for the bundle in it, or for its evidence when it was never sealed."""
    if path.is_dir() and not (path / "verdicts.json").exists():
        for inside in (path / "bundle.zip", path / "evidence"):
            if inside.exists():
                return inside
    return path


def _write(path: Path, raw: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    Door().line("written  {}", path, whole=True)
