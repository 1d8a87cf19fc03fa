"""What tools read: JUnit for build servers, tables for spreadsheets, Allure, and plain text for a terminal."""

from reports.tables._allure import render_allure
from reports.tables._csv import render_measurements_csv, render_verdicts_csv
from reports.tables._junit import render_junit
from reports.tables._text_view import render_text

__all__ = ["render_allure", "render_junit", "render_measurements_csv", "render_text", "render_verdicts_csv"]
