"""Reports: what people and their tools read of a campaign's evidence. They read a bundle and know no device."""

from reports._html import render_html
from reports._view import EvidenceError, EvidenceView, load

__all__ = ["EvidenceError", "EvidenceView", "load", "render_html"]
