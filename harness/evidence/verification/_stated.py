"""What a bundle states, recomputed from its trace: who was tested, when, how much, with which waivers.

Who was tested is found by `harness.decision` alone, for verdicts, pages and commands alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import msgspec

from harness.decision import Basis, basis_of, who_was_tested
from harness.evidence.bundle._older import is_older
from harness.evidence.verification._cut import cut_in
from harness.judge import CampaignResult, Tested
from harness.plan import Plan, Waiver
from harness.trace import Event, Trace
from requirement_catalog import Obligation, catalogue_digest, load_catalogue, own_number

JUMP_S = own_number("evidence.clock_step")
_STARTS = ("campaign.started", "campaign.rerun", "campaign.recovered")  # another process, another monotonic clock
_MARKS = ("campaign.started", "campaign.rerun", "campaign.ended")

SCRIPT = "script"  # in an operator's answer: no person gave it
LEFT_OUT = "this tender leaves it out"  # so begins the reason of a criterion that a tender does not ask for


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """`tested` holds who, and the trace's first and last wall time. `judged_as_of` is the day of judgement.

    `depth` is empty where the plan is older than depths. `doubts` say what of this cannot be relied upon.
    """

    campaign: str = ""
    tested: Tested = Tested()
    judged_as_of: str = ""
    depth: str = ""
    narrowed: tuple[str, ...] = ()
    criteria: int = 0
    left_out: tuple[str, ...] = ()  # criteria that the tender does not ask for
    made_wishes: tuple[str, ...] = ()  # criteria that our own catalogue demands, and that decide nothing here
    other_catalogue: bool = False  # its requirements are not those that this chargeproof ships with
    purposes: int = 0
    ran: int = 0  # purposes whose cases were begun
    interrupted: bool = False
    rerun: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()  # a sentence for each run that never came to its end, with who explained it
    waivers: tuple[Waiver, ...] = ()
    basis: Basis = Basis()  # on what the criteria that gate and hold rest
    answers: int = 0  # of the person at the charger
    by_script: int = 0  # of them by a script
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the whole tender was run, to its end."""
        return not self.narrowed and not self.interrupted

    @property
    def early(self) -> bool:
        """Whether papers were judged as of a day before the test, by more than the clocks of the world differ."""
        return judged_early(self.judged_as_of, self.tested.began)


def stated(plan: Plan, trace: Trace, verdicts: CampaignResult) -> Stated:
    """Everything that a page or a command may say about a bundle whose chain was found whole."""
    as_of, tested = evaluation_date(trace), who_was_tested(plan, trace)
    return Stated(
        campaign=str(started(trace).get("id", "")),
        tested=tested,
        judged_as_of=as_of or plan.evaluation_date,
        depth="" if is_older(plan) else str(plan.depth),
        narrowed=plan.narrowed,
        criteria=len(plan.criteria),
        left_out=tuple(c.id for c in plan.criteria if c.reason.startswith(LEFT_OUT)),
        made_wishes=made_wishes(plan),
        other_catalogue=not is_older(plan) and plan.catalogue_digest != _own_digest(),
        purposes=len(plan.purposes),
        ran=len({p for e in trace.of("case.started") for p in e.data.get("purposes") or ()}),
        interrupted=interrupted(trace),
        rerun=tuple(reruns(trace)),
        cut=() if is_older(plan) else cut_in(trace, verdicts),
        waivers=plan.waivers,
        basis=Basis() if is_older(plan) else basis_of(plan, trace, verdicts),
        answers=len(trace.of("operator.answer")),
        by_script=sum(map(by_script, trace.of("operator.answer"))),
        doubts=tuple(clock_jumps(trace)),
        notes=tuple(_notes(plan, as_of, tested.began)),
    )


def made_wishes(plan: Plan) -> tuple[str, ...]:
    """The criteria that the catalogue of this chargeproof demands and this plan's tender does not."""
    return tuple(c.id for c in plan.criteria if c.id in _demanded() and c.obligation is not Obligation.MANDATORY)


@cache
def _demanded() -> frozenset[str]:
    """The criteria that are mandatory in the catalogue that this chargeproof ships with, before any client's word."""
    return frozenset(
        c.id for r in load_catalogue().requirements for c in r.criteria if c.obligation is Obligation.MANDATORY
    )


@cache
def _own_digest() -> str:
    return catalogue_digest(load_catalogue())


def started(trace: Trace) -> dict[str, Any]:
    """What the campaign recorded of itself in its first event; empty for a trace that is no campaign's."""
    return next((e.data for e in trace.of("campaign.started")), {})


def interrupted(trace: Trace) -> bool:
    """Whether the campaign, or its last rerun, never reached its end."""
    marks = [e.kind for e in trace.of(*_MARKS)]
    return not marks or marks[-1] != "campaign.ended"


def evaluation_date(trace: Trace) -> str | None:
    """The day as of which papers and duties were judged, as the trace holds it."""
    found = [e.data.get("date") for e in trace.of("evaluation.date")]
    return str(found[-1]) if found else None


def by_script(answer: Event) -> bool:
    """Whether a script gave an answer of the operator; of older traces only its name tells."""
    by = answer.data.get("by")
    return by == SCRIPT if by is not None else "script" in str(answer.data.get("observer", "")).casefold()


def reruns(trace: Trace) -> Iterator[str]:
    """The cases that were run again, each once."""
    named = (case for e in trace.of("campaign.rerun") for case in _list(e.data.get("cases")))
    yield from dict.fromkeys(str(case) for case in named)


def clock_jumps(trace: Trace) -> Iterator[str]:
    """Where the bench's wall clock left the clock that cannot be set, or ran backwards between two runs."""
    last: tuple[Event, float] | None = None
    for event in trace:
        wall = _seconds(event.utc)
        if wall is None:
            yield f"when it was tested: event {event.seq} holds no time that can be read"
            return
        if last is not None:
            before, before_wall = last
            passed = 0.0 if event.kind in _STARTS else (event.t_ns - before.t_ns) / 1e9
            jump = wall - before_wall - passed
            sealed = event.kind == "campaign.recovered"  # perhaps on another computer, whose clock is no witness
            if (jump < -JUMP_S and not sealed) or (jump > JUMP_S and event.kind not in _STARTS):
                yield (
                    f"when it was tested: the bench's clock jumped by {jump:.0f} s between events {before.seq} and "
                    f"{event.seq}"
                )
                return
        last = event, wall


def judged_early(as_of: str, began: str) -> bool:
    """Whether a day lies before a moment's (UTC) by more than one: the bench's own day may be another one there."""
    try:
        return date.fromisoformat(as_of) + timedelta(days=1) < date.fromisoformat(began[:10])
    except (ValueError, OverflowError):
        return False


def _notes(plan: Plan, as_of: str | None, began: str) -> Iterator[str]:
    if as_of is None:
        yield f"the day of judgement, {plan.evaluation_date}, is declared only: the trace does not hold it"
    if judged_early(as_of or plan.evaluation_date, began):
        yield (
            f"papers and duties were judged as of {as_of or plan.evaluation_date}, before the day of the test "
            f"({began[:10]})"
        )


def _list(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else ()


def _seconds(utc: str) -> float | None:
    try:
        return datetime.fromisoformat(utc.replace("Z", "+00:00")).timestamp()
    except (ValueError, OverflowError):
        return None
