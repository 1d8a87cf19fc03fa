"""How a cut run reads on a screen: which, when, why, what was seen until then, and who explained it."""

from __future__ import annotations

from collections.abc import Sequence

from harness.cli._say import Text, styled
from harness.judge import CutRun

_SEEN = 4  # shown of what a run had shown until it was cut; the report has all
_RUNS = 6
_NAMED = 4  # of runs that one cause cut


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
    """Those of a campaign, the ones that stand first; those that one cause cut before they showed a thing as one."""
    causes: dict[tuple[str, ...], list[CutRun]] = {}
    for cut in sorted(cuts, key=lambda cut: not cut.stands):
        alone = (cut.id,) if cut.seen else ()
        causes.setdefault((cut.why, cut.reason, *alone), []).append(cut)
    alike = list(causes.values())
    lines = [
        line for group in alike[:_RUNS] for line in (cut_lines(group[0]) if len(group) == 1 else _one_cause(group))
    ]
    left = sum(len(group) for group in alike[_RUNS:])
    return [*lines, *([styled("… and {} more cut runs in the report", left)] if left else [])]


def _one_cause(cuts: Sequence[CutRun]) -> list[Text]:
    *_, by_whom = cut_lines(cuts[0])
    cases = ", ".join(cut.id for cut in cuts[:_NAMED]) + (", …" if len(cuts) > _NAMED else "")
    return [
        styled("[bold]{} runs[/] were cut, all of them: {}", len(cuts), cuts[0].why),
        styled("  {}", cases),
        by_whom,
    ]
