"""The page that people read: one HTML file, for a screen and for paper."""

from reports.page._html import render_html

__all__ = ["render_html"]
