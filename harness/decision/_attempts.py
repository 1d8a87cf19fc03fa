"""What became of each run of a case: from its marks in the trace and its findings to one ruling."""

from __future__ import annotations

import datetime
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.decision._table import Row, Ruling, always, ruling
from harness.judge import Judged, Verdict, worst
from harness.trace import Event, Trace


@dataclass(frozen=True)
class CaseRun:
    """One run of a case, from event `seq` to event `until`.

    `outcome` is empty when it never ended; `explained` is a person's dated reason, if any.
    """

    case: str
    number: int
    seq: int
    outcome: str = ""
    detail: str = ""
    explained: str = ""
    until: int = sys.maxsize


@dataclass(frozen=True)
class Attempt:
    """A run of a case, seen from one purpose: its findings there.

    `foreign` says how it ran on something else than was meant: another firmware, another version of OCPP. `judges` are
    those that the purpose is to be judged by.
    """

    run: CaseRun
    findings: tuple[Judged, ...] = ()
    foreign: str = ""
    judges: tuple[str, ...] = ()

    @property
    def claims(self) -> list[Judged]:
        """What was claimed, without the controls."""
        return [each for each in self.findings if not each.claim.control]

    @property
    def unheard(self) -> list[str]:
        """The purpose's judges that nothing was claimed of."""
        heard = {each.claim.judge for each in self.findings}
        return [judge for judge in self.judges if judge not in heard]


@dataclass(frozen=True)
class Told:
    """An attempt with its ruling."""

    attempt: Attempt
    ruling: Ruling

    @property
    def cut(self) -> bool:
        """Whether its stimulus was begun and not brought to its claims."""
        return self.ruling.row in CUT


def _seen(attempt: Attempt, verdict: Verdict) -> str:
    return next(j.finding.seen for j in attempt.claims if j.finding.verdict is verdict)


def _found(attempt: Attempt) -> list[Verdict]:
    return [j.finding.verdict for j in attempt.claims]


ATTEMPT: tuple[Row[Attempt], ...] = (
    Row(
        "the harness failed",
        lambda a: a.run.outcome == "error",
        Verdict.ERROR,
        lambda a: f"the harness failed in {a.run.case}: {a.run.detail}",
    ),
    Row(
        "seen to fail",
        lambda a: Verdict.FAIL in _found(a),
        Verdict.FAIL,
        lambda a: _seen(a, Verdict.FAIL),
    ),
    Row(
        "on something else",
        lambda a: bool(a.foreign),
        Verdict.INCONCLUSIVE,
        lambda a: a.foreign,
    ),
    Row(
        "interrupted",
        lambda a: not a.run.outcome,
        Verdict.INCONCLUSIVE,
        lambda a: f"cut: {a.run.case} was interrupted before it could judge all of this",
    ),
    Row(
        "ended early",
        lambda a: a.run.outcome != "completed",
        Verdict.INCONCLUSIVE,
        lambda a: f"cut: {a.run.case} ended before it could judge all of this ({a.run.detail or a.run.outcome})",
    ),
    Row(
        "silent",
        lambda a: not a.findings,
        Verdict.INCONCLUSIVE,
        lambda a: f"cut: {a.run.case} ran to its end and never judged this",
    ),
    Row(
        "a control alone",
        lambda a: not a.claims,
        Verdict.INCONCLUSIVE,
        lambda a: f"{a.run.case} made its control and nothing beside it, which proves nothing",
    ),
    Row(
        "a judge unheard",
        lambda a: bool(a.unheard) and worst(_found(a)) is Verdict.PASS,
        Verdict.INCONCLUSIVE,
        lambda a: f"cut: {a.run.case} ran to its end and never asked {' and '.join(a.unheard)}",
    ),
    Row(
        "the worst of its claims",
        always,
        lambda a: worst(_found(a)),
        lambda a: _seen(a, worst(_found(a))),
    ),
)
CUT = ("interrupted", "ended early", "silent", "a judge unheard")


@dataclass(frozen=True)
class History:
    """Every attempt at a purpose under the same conditions by one case, oldest first."""

    told: tuple[Told, ...]

    @property
    def failed(self) -> list[Told]:
        """The attempts that failed and that nobody has explained."""
        return [t for t in self.told if t.ruling.verdict is Verdict.FAIL and not t.attempt.run.explained]

    @property
    def last(self) -> Told:
        """The newest attempt."""
        return self.told[-1]

    @property
    def before(self) -> str:
        """What is to be said of earlier attempts that do not count, or did not come to their end."""
        earlier = [(number, t) for number, t in enumerate(self.told[:-1], 1)]
        said = [f"run {n} does not count: {t.attempt.run.explained}" for n, t in earlier if t.attempt.run.explained]
        said += [f"run {n}: {t.ruling.why}" for n, t in earlier if t.cut or t.ruling.row == "the harness failed"]
        return "".join(f" ({each})" for each in said)


HISTORY: tuple[Row[History], ...] = (
    Row(
        "never ran",
        lambda h: not h.told,
        Verdict.INCONCLUSIVE,
        lambda _: "it was planned and did not run",
    ),
    Row(
        "the newest run failed",
        lambda h: h.last in h.failed,
        Verdict.FAIL,
        lambda h: h.last.ruling.why,
    ),
    Row(  # a retry must not wash a fail away: a corrected charger gets a campaign of its own
        "an earlier run failed",
        lambda h: bool(h.failed),
        Verdict.FAIL,
        lambda h: f"an earlier run of the case failed: {h.failed[-1].ruling.why}",
    ),
    Row(
        "explained, and not run again",
        lambda h: bool(h.last.attempt.run.explained),
        Verdict.INCONCLUSIVE,
        lambda h: f"its newest run does not count ({h.last.attempt.run.explained}), and it has not been run anew",
    ),
    Row(  # what came before it, cut or inconclusive, is made good by a whole run anew
        "the newest run",
        always,
        lambda h: h.last.ruling.verdict,
        lambda h: f"{h.last.ruling.why}{h.before}",
    ),
)


def history(attempts: Iterable[Attempt]) -> History:
    """The attempts with their rulings."""
    return History(tuple(Told(each, ruling(ATTEMPT, each)) for each in attempts))


def case_runs(trace: Trace) -> dict[str, list[CaseRun]]:
    """Every run of every case, in order, with how it ended and who explained it."""
    runs: dict[str, list[CaseRun]] = defaultdict(list)
    reasons = {key: text for event in trace if event.kind == "run.explained" for key, text in _explained(event)}
    for event in trace:
        case = event.case or ""
        if event.kind == "case.started":
            number = len(runs[case]) + 1
            runs[case].append(CaseRun(case, number, event.seq, explained=reasons.get((case, number), "")))
        elif event.kind == "case.ended" and runs[case]:
            last = runs[case][-1]
            outcome, detail = str(event.data.get("outcome") or "error"), str(event.data.get("detail") or "")
            runs[case][-1] = CaseRun(case, last.number, last.seq, outcome, detail, last.explained, event.seq)
    return dict(runs)


def _explained(event: Event) -> list[tuple[tuple[str, int], str]]:
    """A person's reason why a run does not count; without reason, signature and date it is none."""
    case, number, reason, by, dated = (event.data.get(k) for k in ("case", "run", "reason", "signed_by", "dated"))
    texts = [str(each).strip() for each in (case, reason, by, dated) if isinstance(each, str) and each.strip()]
    if len(texts) < 4 or not isinstance(number, int) or not _is_date(texts[3]):
        return []
    return [((texts[0], number), f"{texts[1]}, signed by {texts[2]} on {texts[3]}")]


def _is_date(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def by_purpose(judged: Sequence[Judged]) -> Mapping[tuple[str, str], list[Judged]]:
    """Findings by purpose and case (which has one set of conditions)."""
    found: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for each in judged:
        if each.claim.purpose:
            found[each.claim.purpose, each.claim.case].append(each)
    return found
