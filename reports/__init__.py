"""Reports: what people and their tools read of a campaign's evidence. They read a bundle and know no device."""

from reports._view import EvidenceError, EvidenceView, load
from reports._views import write_views
from reports.page import render_html
from reports.tables import render_allure, render_junit, render_measurements_csv, render_text, render_verdicts_csv

__all__ = [
    "EvidenceError",
    "EvidenceView",
    "load",
    "render_allure",
    "render_html",
    "render_junit",
    "render_measurements_csv",
    "render_text",
    "render_verdicts_csv",
    "write_views",
]
