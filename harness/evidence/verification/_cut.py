"""The runs that never came to their end, as a trace alone tells them; and verdicts that tell of them otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from harness.decision import CaseRun, case_runs
from harness.judge import CampaignResult
from harness.trace import Trace


def cut_in(trace: Trace, verdicts: CampaignResult) -> tuple[str, ...]:
    """A sentence for each run that was begun and never came to its end, and for each that a person explained.

    That by the trace; the verdicts add those that came to their end without a verdict, and where a fail had been seen.
    """
    judged = {cut.id: cut for cut in verdicts.cut_runs}
    every = sorted((run for runs in case_runs(trace).values() for run in runs), key=lambda run: run.seq)
    told = [
        run
        for run in every
        if run.explained is not None or (run.begun and run.outcome != "completed") or run.id in judged
    ]
    return tuple(_sentence(run, failed=run.id in judged and judged[run.id].failed) for run in told)


def untold(verdicts: CampaignResult, trace: Trace) -> Iterator[str]:
    """Where verdicts explain a run by a reason that no person gave, or leave one out that somebody explained."""
    runs = {run.id: run for found in case_runs(trace).values() for run in found}
    named = {cut.id: cut for cut in verdicts.cut_runs}
    for cut in verdicts.cut_runs:
        run = runs.get(cut.id)
        given = run.explained if run is not None else None
        if cut.reason and (given is None or (given.reason, given.signed_by) != (cut.reason, cut.signed_by)):
            yield f"explains run {cut.id} by a reason that its trace does not hold"
    if verdicts.decision == "GO":
        for run in runs.values():
            if run.explained is not None and run.begun and run.outcome != "completed" and run.id not in named:
                yield f"is GO and does not tell that run {run.id} was cut, and who explained it"


def _sentence(run: CaseRun, *, failed: bool) -> str:
    seen = ", and A FAIL HAD BEEN SEEN by then" if failed else ""
    how = f"run {run.id} was cut at {run.when} ({run.why}){seen}"
    return f"{how}; explained: {run.explained}" if run.explained else f"{how}; NOT EXPLAINED"
