"""Timelines: one run of a test case as a drawing of what was commanded, measured, shown and judged."""

from reports.timeline._plot import draw, panels
from reports.timeline._series import Samples
from reports.timeline._timeline import Timeline, timelines

__all__ = ["Samples", "Timeline", "draw", "panels", "timelines"]
