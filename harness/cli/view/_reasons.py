"""How the reasons of a decision read on a screen: one cause is told once, with all the criteria that it leaves open."""

from __future__ import annotations

from collections.abc import Sequence

from harness.cli._say import Text, styled
from harness.judge import Reason, Verdict

_SHOWN = 12  # on the terminal; no fail is cut off


def reason_lines(reasons: Sequence[Reason]) -> list[Text]:
    """The reasons in their order, each cause where it is first told."""
    causes: dict[tuple[str, ...], list[Reason]] = {}
    for reason in reasons:
        causes.setdefault((str(reason.verdict), reason.why, reason.who, reason.what), []).append(reason)
    alike = list(causes.values())
    shown = max(_SHOWN, sum(group[0].verdict is Verdict.FAIL for group in alike))
    lines = []
    for group in alike[:shown]:
        criteria, first = ", ".join(each.criterion for each in group), group[0]
        lines.append(styled("\n[bold]{} {}[/]: {}", criteria, first.verdict, first.why))
        lines.append(styled("  {}: {}", first.who, first.what))
    if left := sum(len(group) for group in alike[shown:]):
        lines.append(styled("\n… and {} more reasons in the report", left))
    return lines
