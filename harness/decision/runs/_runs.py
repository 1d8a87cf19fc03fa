"""Every run of every case as its marks in the trace tell it: how it ended, when it was cut, and who explained it."""

from __future__ import annotations

import datetime
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from harness.trace import Event, Trace
from requirement_catalog import own_count

_LEAST_REASON, _LEAST_NAME = own_count("explanation.least_reason"), own_count("explanation.least_name")
_MOST = own_count("explanation.most")
_DAY = datetime.timedelta(days=own_count("explanation.beside_the_day"))
_MARKS = (
    "case.started",
    "case.begun",
    "case.broken_off",
    "case.ended",
    "run.explained",
    "campaign.broken",
    "campaign.recovered",
    "campaign.rerun",
    "campaign.ended",
)


@dataclass(frozen=True)
class Explanation:
    """A person's dated reason why a run counts for nothing. `sealed`: SHA-256 of bundles that were sealed before it."""

    reason: str
    signed_by: str
    dated: str
    sealed: tuple[str, ...] = ()

    def __str__(self) -> str:
        late = ", after the evidence had been sealed" if self.sealed else ""
        return f"{self.reason}, signed by {self.signed_by} on {self.dated}{late}"


@dataclass(frozen=True)
class CaseRun:
    """One run of a case, from event `seq` to event `until`.

    `outcome` is empty when it never ended; `begun`: its stimulus was, as far as anybody knows. `lost`: it ended because
    the charger was not there.

    `ended_utc` is when its stimulus stopped, for good or ill; `title` and `purposes` are what the case said of itself.
    """

    case: str
    number: int
    seq: int
    outcome: str = ""
    detail: str = ""
    explained: Explanation | None = None
    begun: bool = True
    lost: bool = False
    broken_off: bool = False
    ended_utc: str = ""
    title: str = ""
    purposes: tuple[str, ...] = ()
    until: int = sys.maxsize

    @property
    def id(self) -> str:
        """How a person names it: "sc04_remote_control::power_follows#2"."""
        return f"{self.case}#{self.number}"

    @property
    def when(self) -> str:
        """When its stimulus stopped, for people: "2026-11-22 10:00:00 UTC"."""
        return f"{self.ended_utc[:10]} {self.ended_utc[11:19]} UTC" if self.ended_utc else "an unknown time"

    @property
    def why(self) -> str:
        """How it ended, in plain words."""
        if self.broken_off:
            return "a person broke the run off"
        if not self.outcome:
            return "chargeproof was ended from outside: killed, or without power"
        words = {
            "error": f"the harness failed: {self.detail}",
            "pending": f"a person was asked and gave no answer: {self.detail}",
            "completed": "it ran to its end and came to no verdict",
        }
        return words.get(self.outcome, f"it ended early: {self.detail}")


def case_runs(trace: Trace) -> dict[str, list[CaseRun]]:
    """Every run of every case, in order, with how it ended and who explained it."""
    runs: dict[str, list[CaseRun]] = defaultdict(list)
    marks = list(trace.of(*_MARKS))
    tells = any(event.kind == "case.begun" for event in marks)  # a recorder that says when a stimulus begins
    running = ""
    for event in marks:
        if running and not event.kind.startswith(("case.begun", "case.broken_off", "case.ended")):
            _killed(trace, runs[running], event)
            running = ""
        case = event.case or ""
        if event.kind == "case.started":
            runs[case].append(_started(event, len(runs[case]) + 1, begun=not tells))
            running = case
        elif event.kind == "run.explained":
            _explain(runs, event)
        elif event.kind.startswith("case.") and runs[case]:
            runs[case][-1] = _marked(runs[case][-1], event)
            running = "" if event.kind == "case.ended" else running
    if running and len(trace):
        _killed(trace, runs[running], None)
    return {case: found for case, found in runs.items() if found}


def _started(event: Event, number: int, *, begun: bool) -> CaseRun:
    named = event.data.get("purposes")
    purposes = tuple(str(each) for each in named) if isinstance(named, list | tuple) else ()
    title = str(event.data.get("title") or event.case or "")
    return CaseRun(event.case or "", number, event.seq, begun=begun, title=title, purposes=purposes)


def _marked(run: CaseRun, event: Event) -> CaseRun:
    if event.kind == "case.begun":
        return replace(run, begun=True)
    if event.kind == "case.broken_off":
        return replace(run, broken_off=True, ended_utc=run.ended_utc or event.utc)
    outcome, detail = str(event.data.get("outcome") or "error"), str(event.data.get("detail") or "")
    begun = run.begun or event.data.get("begun") is True
    ended_utc, lost = run.ended_utc or event.utc, event.data.get("lost") is True
    return replace(run, outcome=outcome, detail=detail, begun=begun, lost=lost, ended_utc=ended_utc, until=event.seq)


def _killed(trace: Trace, runs: list[CaseRun], after: Event | None) -> None:
    """The last event before another process wrote, or before the end, is when it was cut."""
    if runs and not runs[-1].outcome:
        before = trace if after is None else trace.up_to(after.seq - 1)
        last = before[-1] if len(before) else trace[0]
        runs[-1] = replace(runs[-1], ended_utc=runs[-1].ended_utc or last.utc, until=max(last.seq, runs[-1].seq))


def _explain(runs: dict[str, list[CaseRun]], event: Event) -> None:
    """A reason counts for a run that lay before it, once, and with name and date; without them it is none."""
    case, number = event.data.get("case"), event.data.get("run")
    mine = runs.get(case, []) if isinstance(case, str) else []
    if not isinstance(number, int) or not 0 < number <= len(mine):
        return
    reason, by, dated = (event.data.get(k) for k in ("reason", "signed_by", "dated"))
    good = not explanation_fault(reason, by) and _is_the_day(dated, event.utc)
    if good and mine[number - 1].explained is None:
        sealed = event.data.get("sealed_before")
        digests = tuple(str(each) for each in sealed) if isinstance(sealed, list) else ()
        told = Explanation(str(reason).strip(), str(by).strip(), str(dated).strip(), digests)
        mine[number - 1] = replace(mine[number - 1], explained=told)


def explanation_fault(reason: Any, by: Any) -> str:
    """Why this explains nothing, in plain words; empty when it does."""
    if not isinstance(reason, str) or not _LEAST_REASON <= len(reason.strip()) <= _MOST or not _has_letters(reason):
        return f"the reason must say in {_LEAST_REASON} to {_MOST} characters what happened"
    if not isinstance(by, str) or not _LEAST_NAME <= len(by.strip()) <= _MOST or not _has_letters(by):
        return f"the name must be that of a person, of at least {_LEAST_NAME} characters"
    return ""


def _is_the_day(dated: Any, utc: str) -> bool:
    """Whether it is dated as of the day on which it was given (UTC), or the day beside it."""
    try:
        return abs(datetime.date.fromisoformat(str(dated).strip()) - datetime.date.fromisoformat(utc[:10])) <= _DAY
    except ValueError:
        return False


def _has_letters(text: str) -> bool:
    return sum(char.isalpha() for char in text) >= 2
