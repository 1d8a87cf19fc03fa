"""All views of one bundle, side by side in a folder: for people, for build servers, for spreadsheets, for Allure."""

from __future__ import annotations

from pathlib import Path

from reports._allure import render_allure
from reports._html import render_html
from reports._junit import render_junit
from reports._verdicts_csv import render_verdicts_csv
from reports._view import load


def write_views(evidence: Path, folder: Path) -> list[Path]:
    """Write report.html, junit.xml, verdicts.csv and allure-results/ into `folder`; returns what was written.

    `evidence` is a sealed bundle or an evidence folder. Raises EvidenceError when it cannot be read.
    """
    view = load(evidence)
    folder.mkdir(parents=True, exist_ok=True)
    page, junit, table, allure = (
        folder / name for name in ("report.html", "junit.xml", "verdicts.csv", "allure-results")
    )
    page.write_text(render_html(view), "utf-8")
    junit.write_bytes(render_junit(view))
    table.write_bytes(render_verdicts_csv(view).encode("utf-8"))
    render_allure(view, allure)
    return [page, junit, table, allure]
