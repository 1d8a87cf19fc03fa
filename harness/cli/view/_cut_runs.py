"""How a cut run reads on a screen: which, when, why, what was seen until then, and who explained it."""

from __future__ import annotations

from collections.abc import Sequence

from harness.cli._say import Text, styled
from harness.judge import CutRun

_SEEN = 4  # shown of what a run had shown until it was cut; the report has all
_RUNS = 6


def cut_lines(cut: CutRun) -> list[Text]:
    """One cut run in a few lines."""
    by_whom = styled("explained: {}", cut.explained)
    if not cut.reason:
        by_whom = styled("[bold]not explained: it stands against a GO[/] (chargeproof explain)")
    return [
        styled("[bold]{}[/] was cut at {}: {}", cut.id, cut.when, cut.why),
        styled("  for {}", ", ".join(cut.purposes)),
        *(styled("  until then: {}", seen) for seen in cut.seen[:_SEEN]),
        styled("  {}", by_whom),
    ]


def all_cut(cuts: Sequence[CutRun]) -> list[Text]:
    """Those of a campaign, the ones that stand first."""
    shown = sorted(cuts, key=lambda cut: not cut.stands)[:_RUNS]
    lines = [line for cut in shown for line in cut_lines(cut)]
    return [*lines, *([styled("… and {} more cut runs in the report", len(cuts) - _RUNS)] if len(cuts) > _RUNS else [])]
