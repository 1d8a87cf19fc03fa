"""Reports: what people and their tools read of a campaign's evidence. They read a bundle and know no device."""

from reports._allure import render_allure
from reports._html import render_html
from reports._junit import render_junit
from reports._verdicts_csv import render_verdicts_csv
from reports._view import EvidenceError, EvidenceView, load
from reports._views import write_views

__all__ = [
    "EvidenceError",
    "EvidenceView",
    "load",
    "render_allure",
    "render_html",
    "render_junit",
    "render_verdicts_csv",
    "write_views",
]
