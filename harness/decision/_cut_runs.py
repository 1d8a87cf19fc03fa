"""The runs that were broken off or came to no verdict: which purposes, when, why, what was seen until then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from harness.decision._purposes import Due
from harness.decision.runs._attempts import Told
from harness.decision.runs._runs import CaseRun
from harness.judge import CutRun, Finding, Verdict
from harness.trace import Trace

_MOST_TOLD, _MOST_SEEN = 300, 12  # characters of a finding; findings of a run


def cut_runs(dues: Sequence[Due], trace: Trace) -> tuple[CutRun, ...]:
    """Every such run in the order in which they ran, explained or not; one that never began its stimulus is none."""
    found: dict[CaseRun, list[tuple[Due, Told]]] = defaultdict(list)
    for due in dues:
        for told in due.history.told:
            if _is_told(told, newest=told is due.history.last):
                found[told.attempt.run].append((due, told))
    return tuple(_described(run, found[run], trace) for run in sorted(found, key=lambda run: run.seq))


def _is_told(told: Told, *, newest: bool) -> bool:
    if not told.attempt.run.begun:
        return False
    failed_in_us = told.ruling.row == "the harness failed"
    return told.cut or failed_in_us or bool(told.explained) or (told.unsettled and not newest)


def _described(run: CaseRun, mine: Sequence[tuple[Due, Told]], trace: Trace) -> CutRun:
    first = mine[0][0].run
    reason = run.explained
    return CutRun(
        id=run.id,
        case=run.case,
        run=run.number,
        title=run.title,
        conditions=first.conditions,
        purposes=tuple(dict.fromkeys(due.run.purpose for due, _ in mine)),
        at=run.ended_utc,
        why=run.why,
        seen=(*_step(run, trace), *_seen(mine)),
        failed=any(each.verdict is Verdict.FAIL for _, told in mine for each in _findings(told)),
        stands=any(told.marked or told.unsettled for _, told in mine),
        reason=reason.reason if reason else "",
        signed_by=reason.signed_by if reason else "",
        dated=reason.dated if reason else "",
        sealed_before=reason.sealed if reason else (),
    )


def _step(run: CaseRun, trace: Trace) -> Iterator[str]:
    """The last step that it had begun."""
    later = [e.seq for e in trace.of("case.started", case=run.case).after(run.seq)]
    steps = trace.of("step.started", case=run.case).after(run.seq)
    steps = steps.up_to(later[0]) if later else steps
    if len(steps):
        yield f"it had come to the step: {steps[-1].data.get('text', '')}"


def _seen(mine: Iterable[tuple[Due, Told]]) -> list[str]:
    """What its claims had shown, the worst first, each with its purpose."""
    said = [
        (finding.verdict is not Verdict.FAIL, f"{due.run.purpose} {finding.verdict}: {finding.seen[:_MOST_TOLD]}")
        for due, told in mine
        for finding in _findings(told)
    ]
    return [text for _, text in sorted(said, key=lambda each: each[0])][:_MOST_SEEN]


def _findings(told: Told) -> Iterator[Finding]:
    yield from (each.finding for each in told.attempt.findings if not each.claim.control)
