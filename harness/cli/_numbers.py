"""Numbers that a person types: finite, in a range, and in a unit that stands in the option's help."""

from __future__ import annotations

import math
from typing import Any

import click

WEEK_S = 7 * 24 * 3600.0


class Seconds(click.FloatRange):
    """A time in s. What is no number passes every comparison, and would be waited for without end."""

    def __init__(self, least: float, most: float = WEEK_S) -> None:
        super().__init__(least, most)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Refuses what click's own range lets through: nan."""
        made = super().convert(value, param, ctx)
        if not math.isfinite(made):
            self.fail(f"{value!r} is no number of seconds", param, ctx)
        return float(made)
