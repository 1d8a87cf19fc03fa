"""The page about a log of others: what was exercised, held, violated, by station, and the faults of each."""

from reports.log._html import render_log_html

__all__ = ["render_log_html"]
