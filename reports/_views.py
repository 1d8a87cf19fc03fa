"""All views of one bundle, side by side in a folder: for people, for build servers, for spreadsheets, for Allure."""

from __future__ import annotations

from pathlib import Path

from reports._view import load
from reports.page import render_html
from reports.tables import render_allure, render_junit, render_measurements_csv, render_text, render_verdicts_csv


def write_views(evidence: Path, folder: Path) -> list[Path]:
    """Write report.html, report.txt, junit.xml, verdicts.csv, measurements.csv and allure-results/ into `folder`.

    `evidence` is a sealed bundle or an evidence folder. Returns what was written. Raises EvidenceError when it cannot
    be read.
    """
    view = load(evidence)
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "report.html": render_html(view).encode("utf-8"),
        "report.txt": render_text(view).encode("utf-8"),
        "junit.xml": render_junit(view),
        "verdicts.csv": render_verdicts_csv(view).encode("utf-8"),
        "measurements.csv": render_measurements_csv(view).encode("utf-8"),
    }
    for name, raw in files.items():
        (folder / name).write_bytes(raw)
    render_allure(view, folder / "allure-results")
    return [*(folder / name for name in files), folder / "allure-results"]
