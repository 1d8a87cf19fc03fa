"""What became of each run of a case: from its marks in the trace and its findings to one ruling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.decision._table import Row, Ruling, always, ruling
from harness.decision.runs._runs import CaseRun
from harness.judge import Judged, Verdict, worst


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
        """What was claimed, without the controls and without what was cut off before it could be."""
        return [each for each in self.findings if not each.claim.control and not each.claim.cut]

    @property
    def offences(self) -> list[Judged]:
        """What was seen to fail already when it was cut off; anything else that was seen by then counts as nothing."""
        return [j for j in self.findings if j.claim.cut and not j.claim.control and j.finding.verdict is Verdict.FAIL]

    @property
    def unheard(self) -> list[str]:
        """The purpose's judges that nothing was claimed of."""
        heard = {each.claim.judge for each in self.findings if not each.claim.cut}
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

    @property
    def fails(self) -> bool:
        """Whether it failed; a person's reason excuses only what was cut off, never what the case itself had judged."""
        return self.ruling.verdict is Verdict.FAIL and not (self.ruling.row == OFFENCE and self.attempt.run.explained)

    @property
    def marked(self) -> bool:
        """Whether a later run cannot make it good: it failed, or the case had claimed a fail when the harness failed.

        Else the meter's plug, pulled once the red was seen, would make an error of it that a reason excuses.
        """
        return self.fails or Verdict.FAIL in _found(self.attempt)

    @property
    def unsettled(self) -> bool:
        """Whether it was begun, came to no verdict for whatever reason, and nobody has said why."""
        run = self.attempt.run
        decided = self.ruling.verdict in (Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE)
        return run.begun and not decided and run.explained is None

    @property
    def refused(self) -> bool:
        """Whether its control did not hold, and nothing failed beside it: nothing was shown of the charger."""
        bad = [j for j in self.attempt.findings if j.claim.control and j.finding.verdict is not Verdict.PASS]
        return bool(bad) and self.ruling.verdict is Verdict.INCONCLUSIVE and not self.cut

    @property
    def explained(self) -> str:
        """The person's reason why it does not count; empty where none was given, or none can be."""
        return str(self.attempt.run.explained or "") if not self.marked else ""


def _seen(attempt: Attempt, verdict: Verdict) -> str:
    return next(j.finding.seen for j in attempt.claims if j.finding.verdict is verdict)


def _found(attempt: Attempt) -> list[Verdict]:
    return [j.finding.verdict for j in attempt.claims]


def _of_controls(attempt: Attempt) -> str:
    """What became of the first control that did not hold: that is why there was nothing more to claim."""
    bad = [j.finding for j in attempt.findings if not j.claim.cut and j.finding.verdict is not Verdict.PASS]
    return f": {bad[0].expected}; {bad[0].seen}" if bad else ""


def _until_then(attempt: Attempt) -> str:
    """What a run that the harness's own fault ended had shown of the charger; it is told, and blames nobody."""
    bad = [j for j in (*attempt.claims, *attempt.offences) if j.finding.verdict is Verdict.FAIL]
    return f"; until then it had seen a fail: {bad[0].finding.seen}" if bad else ""


ATTEMPT: tuple[Row[Attempt], ...] = (
    Row(
        "the harness failed",
        lambda a: a.run.outcome == "error",
        Verdict.ERROR,
        lambda a: f"the harness failed in {a.run.case}: {a.run.detail}{_until_then(a)}",
    ),
    Row(
        "seen to fail",
        lambda a: Verdict.FAIL in _found(a),
        Verdict.FAIL,
        lambda a: _seen(a, Verdict.FAIL),
    ),
    Row(
        "seen to fail before it was cut",
        lambda a: bool(a.offences),
        Verdict.FAIL,
        lambda a: f"it had failed when {a.run.case} was cut: {a.offences[0].finding.seen}",
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
        lambda a: f"{a.run.case} made its control and nothing beside it, which proves nothing{_of_controls(a)}",
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
OFFENCE = "seen to fail before it was cut"
CUT = (OFFENCE, "interrupted", "ended early", "silent", "a judge unheard")


UNEXPLAINED = "an earlier run came to no verdict"  # a row of HISTORY


@dataclass(frozen=True)
class History:
    """Every attempt at a purpose under the same conditions by one case, oldest first."""

    told: tuple[Told, ...]

    @property
    def failed(self) -> list[Told]:
        """The attempts before the newest that failed, whatever ended them afterwards."""
        return [t for t in self.told[:-1] if t.marked]

    @property
    def last(self) -> Told:
        """The newest attempt."""
        return self.told[-1]

    @property
    def unsettled(self) -> list[Told]:
        """The attempts before the newest that came to no verdict, and of which nobody has said why."""
        return [t for t in self.told[:-1] if t.unsettled]

    @property
    def before(self) -> str:
        """What is to be said of earlier attempts that do not count, or did not come to their end."""
        earlier = [(number, t) for number, t in enumerate(self.told[:-1], 1)]
        said = [f"run {n} does not count: {t.explained}" for n, t in earlier if t.explained]
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
        lambda h: h.last.fails,
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
        lambda h: bool(h.last.explained),
        Verdict.INCONCLUSIVE,
        lambda h: f"its newest run does not count ({h.last.explained}), and it has not been run anew",
    ),
    Row(  # whoever ends a run when it goes badly, and has better luck with the next, must say why with his name
        UNEXPLAINED,
        lambda h: bool(h.unsettled) and h.last.ruling.verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE),
        Verdict.INCONCLUSIVE,
        lambda h: f"{_unexplained(h)}; its newest run alone would be {h.last.ruling.verdict}",
    ),
    Row(
        "the newest run",
        always,
        lambda h: h.last.ruling.verdict,
        lambda h: f"{h.last.ruling.why}{h.before}",
    ),
)


def _unexplained(found: History) -> str:
    first, more = found.unsettled[0], len(found.unsettled) - 1
    others = f", and {more} more" if more else ""
    return (
        f"run {first.attempt.run.number} came to no verdict, and nobody has explained why: {first.ruling.why}{others}"
    )


def history(attempts: Iterable[Attempt]) -> History:
    """The attempts with their rulings."""
    return History(tuple(Told(each, ruling(ATTEMPT, each)) for each in attempts))


def by_purpose(judged: Sequence[Judged]) -> Mapping[tuple[str, str], list[Judged]]:
    """Findings by purpose and case (which has one set of conditions)."""
    found: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for each in judged:
        if each.claim.purpose:
            found[each.claim.purpose, each.claim.case].append(each)
    return found
