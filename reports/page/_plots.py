"""Which timelines the page draws, and with which requirement each stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from markupsafe import Markup

from harness.judge import RequirementResult, Verdict
from reports._view import EvidenceView
from reports.timeline import Samples, Timeline, draw, panels, timelines

PLOT_BYTES = 1_200_000  # of all drawings together
MOST_PLOTS = 60  # more than that nobody looks at


@dataclass(frozen=True)
class PlotShown:
    """A timeline with its drawing."""

    line: Timeline
    svg: Markup
    anchor: str
    first: bool = False  # the first one on the page explains how to read them all

    @property
    def measured(self) -> list[Samples]:
        """The measured series that are drawn."""
        return [panel.measured for panel in panels(self.line)]


class Home(Protocol):
    """A requirement that plots can stand with."""

    @property
    def result(self) -> RequirementResult: ...
    @property
    def plots(self) -> list[PlotShown]: ...
    @property
    def see_also(self) -> list[PlotShown]: ...


def place_plots(view: EvidenceView, homes: Sequence[Home]) -> int:
    """A run's plot stands with the first requirement that it judges; the others point to it.

    What went wrong is drawn first, then one run of each case, then the rest while there is room. Returns how many had
    no room.
    """
    lines = timelines(view)
    left = PLOT_BYTES
    drawn: dict[int, Markup] = {}
    for n in _in_order(lines):
        if left <= 0 or len(drawn) >= MOST_PLOTS:
            break
        drawn[n] = draw(lines[n])
        left -= len(drawn[n])
    serves = _serves(view)
    for n in sorted(drawn):
        shown = PlotShown(lines[n], drawn[n], f"plot-{n}")
        judged = {c for about in lines[n].about for c in serves.get(about, (about,))}
        near = [h for h in homes if any(c.id in judged for c in h.result.criteria)]
        for home in near[:1]:
            home.plots.append(shown)
        for other in near[1:]:
            other.see_also.append(shown)
    for home in homes:
        if home.plots:
            home.plots[0] = replace(home.plots[0], first=True)
            break
    return len(lines) - len(drawn)


def _in_order(lines: Sequence[Timeline]) -> list[int]:
    """The numbers of the lines, those to draw first in front."""
    known: set[str] = set()
    weighed = []
    for n, line in enumerate(lines):
        bad = any(check.finding.verdict is not Verdict.PASS for check in line.checks)
        weighed.append((not bad, line.function in known, n))
        known.add(line.function)
    return [n for *_, n in sorted(weighed)]


def _serves(view: EvidenceView) -> dict[str, tuple[str, ...]]:
    """The criteria that each purpose serves, under whatever conditions."""
    found: dict[str, dict[str, None]] = {}
    told = [(run.purpose, run.serves) for run in view.plan.runs] + [(p.purpose, p.serves) for p in view.result.purposes]
    for purpose, serves in told:
        found.setdefault(purpose, {}).update(dict.fromkeys(serves))
    return {purpose: tuple(criteria) for purpose, criteria in found.items()}
