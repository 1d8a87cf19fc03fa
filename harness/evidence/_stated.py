"""What a bundle states, recomputed from its trace wherever the trace has it: who, when, how much, with which waivers.

A value that only a document holds is marked "declared only". Whoever binds more into the trace adds it here, and its
contradictions in `_contradictions.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Literal

import msgspec

from harness.evidence._model import REPORTED_AS, DutIdentity
from harness.plan import Plan, Waiver
from harness.trace import Event, Trace, messages

EMULATION = "chargeproof emulation"  # how the emulated charger calls its manufacturer
JUMP_S = 60.0  # a wall clock that steps further than this makes a trace's dates worthless
_STARTS = ("campaign.started", "campaign.rerun", "campaign.recovered")  # another process, another monotonic clock

State = Literal["confirmed", "declared only", "reported only", "differs"]


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """An identity as the charger told it in `boots` BootNotifications, first in event `event` at `utc`."""

    identity: DutIdentity
    event: int
    utc: str
    boots: int = 1


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the identity: what the profile declared, what the first boot reported, and what that comes to."""

    what: str
    declared: str
    reported: str
    state: State


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """`began` and `ended` are the wall times of the campaign's first and last event.

    `doubts` say what of this cannot be relied upon.
    """

    campaign: str = ""
    began: str = ""
    ended: str = ""
    judged_as_of: str = ""
    identity: tuple[Compared, ...] = ()
    reported: tuple[Reported, ...] = ()
    emulated: bool = False
    selection: tuple[str, ...] = ()
    criteria: int = 0
    interrupted: bool = False
    rerun: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the whole tender was run, to its end."""
        return not self.selection and not self.interrupted

    @property
    def differs(self) -> tuple[Compared, ...]:
        """Where the charger told of itself something else than was declared."""
        return tuple(each for each in self.identity if each.state == "differs")


def stated(plan: Plan, trace: Trace, interrupted: bool = False) -> Stated:
    """Everything that a page or a command may say about a bundle whose chain was found whole."""
    reported = tuple(boots(trace))
    as_of = evaluation_date(trace)
    tested = [e.utc for e in trace if e.kind != "campaign.recovered"] or [""]  # that one tells of the sealing
    return Stated(
        campaign=str(started(trace).get("id", "")),
        began=tested[0],
        ended=tested[-1],
        judged_as_of=as_of or plan.evaluation_date,
        identity=tuple(compared(plan, reported)),
        reported=reported,
        emulated=emulated(plan, trace, reported),
        selection=narrowed(plan),
        criteria=len(plan.criteria),
        interrupted=interrupted,
        rerun=tuple(reruns(trace)),
        waivers=plan.waivers,
        doubts=tuple(clock_jumps(trace)),
        notes=tuple(_notes(plan, as_of, tested[0])),
    )


def narrowed(plan: Plan) -> tuple[str, ...]:
    """By what a person made the run smaller than the tender; empty for a whole one. Plans of either shape tell it."""
    for name in ("narrowed", "selection"):
        if found := getattr(plan, name, ()):
            return tuple(str(each) for each in found)
    return ()


def started(trace: Trace) -> dict[str, Any]:
    """What the campaign recorded of itself in its first event; empty for a trace that is no campaign's."""
    return next((e.data for e in trace if e.kind == "campaign.started"), {})


def evaluation_date(trace: Trace) -> str | None:
    """The day as of which papers and duties were judged, as the trace holds it."""
    found = [e.data.get("date") for e in trace if e.kind == "evaluation.date"]
    return str(found[-1]) if found else None


def boots(trace: Trace) -> Iterator[Reported]:
    """Each identity the charger told, in the order in which it first did."""
    found: dict[DutIdentity, Reported] = {}
    for boot in messages(trace, action="BootNotification", direction="in"):
        said = boot.payload.get("chargingStation")
        if boot.event.who != "dut" or not isinstance(said, dict):
            continue
        identity = DutIdentity(**{name: _text(said.get(key)) for name, key in REPORTED_AS.items()})
        first = found.get(identity)
        found[identity] = (
            msgspec.structs.replace(first, boots=first.boots + 1)
            if first
            else Reported(identity=identity, event=boot.event.seq, utc=boot.event.utc)
        )
    yield from found.values()


def compared(plan: Plan, reported: tuple[Reported, ...]) -> Iterator[Compared]:
    """The declared identity against that of the first boot; a later firmware is the affair of an update."""
    first = reported[0].identity if reported else DutIdentity()
    for name in REPORTED_AS:
        declared, said = str(getattr(plan.dut, name)), str(getattr(first, name))
        state: State = "confirmed" if declared == said else "differs"
        if not said:
            state = "declared only"
        elif not declared:
            state = "reported only"
        yield Compared(what=name, declared=declared, reported=said, state=state)


def emulated(plan: Plan, trace: Trace, reported: tuple[Reported, ...]) -> bool:
    """Whether the charger was a program: one witness that says so is enough."""
    dut = started(trace).get("dut")
    recorded = isinstance(dut, dict) and dut.get("emulated") is True
    return plan.dut.emulated or recorded or any(each.identity.manufacturer == EMULATION for each in reported)


def reruns(trace: Trace) -> Iterator[str]:
    """The cases that were run again, each once."""
    named = (case for e in trace if e.kind == "campaign.rerun" for case in _list(e.data.get("cases")))
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


def _notes(plan: Plan, as_of: str | None, began: str) -> Iterator[str]:
    if as_of is None:
        yield f"the day of judgement, {plan.evaluation_date}, is declared only: the trace does not hold it"
    if began and (as_of or plan.evaluation_date) < began[:10]:
        yield (
            f"papers and duties were judged as of {as_of or plan.evaluation_date}, before the day of the test "
            f"({began[:10]})"
        )


def _text(value: object) -> str:
    """A text of a BootNotification; anything else in its place was not said."""
    return value if isinstance(value, str) else ""


def _list(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else ()


def _seconds(utc: str) -> float | None:
    try:
        return datetime.fromisoformat(utc.replace("Z", "+00:00")).timestamp()
    except (ValueError, OverflowError):
        return None
