"""Where a bundle's documents say what its trace, or another of them, does not: then the evidence does not hold.

Each check is a function of the same facts; what the trace binds by digest is in `_bound.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import msgspec
import yaml

from harness.evidence._facts import dut_record, harness_version
from harness.evidence.bundle import _model
from harness.evidence.bundle._older import is_older
from harness.evidence.bundle._problem import Problem
from harness.evidence.verification._asked import known_catalogue, limits, nothing_left_out
from harness.evidence.verification._bound import unbound
from harness.evidence.verification._cut import untold
from harness.evidence.verification._facts import MOST, Facts, named, short, wrong
from harness.evidence.verification._stated import JUMP_S, started
from harness.judge import Tested
from harness.trace import OLD_SCHEMA, Trace, picture_size

_MOST_OVERLAY = 2_000_000  # octets: what is longer was never read as one
MADE_AGAIN: dict[str, Callable[[Trace], bytes]] = {}  # by name in the folder; filled by those who can make it
_TESTED = ("manufacturer", "model", "serial", "firmware", "firmware_after", "emulated", "began", "ended", "kind")


def contradictions(facts: Facts) -> list[Problem]:
    """Every contradiction, by the document that should say something else."""
    return [problem for check in (*_EDITED, *_UNTRUE) for problem in check(facts)]


def edited(facts: Facts) -> list[Problem]:
    """Those of them that no campaign leaves behind, whatever its charger does: somebody edited the folder."""
    return [problem for check in _EDITED for problem in check(facts)]


def _as_bound(facts: Facts) -> Iterator[Problem]:
    """Plan, profile, overlay, catalogue, suites and environment are those of the trace's first event."""
    if not is_older(facts.plan):
        yield from unbound(facts.plan, facts.trace, facts.files)
    elif len(facts.trace) and facts.trace[0].schema not in (None, OLD_SCHEMA):
        yield wrong(_model.PLAN, f"is of shape {facts.plan.schema}, and its trace is of a later campaign")


def _as_recorded(facts: Facts) -> Iterator[Problem]:
    """The plan is about the charger, in a trace of 0.1, and the day that the trace's first events name."""
    if not len(facts.trace) or facts.trace[0].kind != "campaign.started":
        yield Problem(where=_model.TRACE, what="does not begin with a campaign's start", line=1)
    recorded = started(facts.trace).get("dut")
    planned = msgspec.json.decode(msgspec.json.encode(facts.plan.dut))
    for name, value in recorded.items() if isinstance(recorded, dict) else ():
        if name in planned and planned[name] != value:
            yield wrong(_model.PLAN, f"says {name} {short(planned[name])}, but the trace began with {short(value)}")
    for event in facts.trace.of("evaluation.date"):
        if event.data.get("date") != facts.plan.evaluation_date:
            what = (
                f"is judged as of {facts.plan.evaluation_date}, but event {event.seq} says {event.data.get('date')!r}"
            )
            yield wrong(_model.PLAN, what)


def _dut_record(facts: Facts) -> Iterator[Problem]:
    """dut.json is what the charger said, and can be made again."""
    again = msgspec.json.decode(msgspec.json.encode(dut_record(facts.plan, facts.trace)))
    held = facts.documents.get(_model.DUT)
    if isinstance(held, dict):
        for name in again:
            if name in held and held[name] != again[name]:
                yield wrong(_model.DUT, f"says {name} {short(held[name])}, but by the trace it is {short(again[name])}")


def _tested(facts: Facts) -> Iterator[Problem]:
    """Who was tested, and when, is what the trace tells; a GO is for the charger that was there."""
    who, said = facts.stated.tested, facts.verdicts.tested
    if is_older(facts.plan):
        if who.emulated and not facts.verdicts.emulated:
            yield wrong(_model.VERDICTS, "says that the charger is real, but the trace shows an emulated one")
    elif facts.verdicts.decision != "HOLD" or said != Tested():
        for name in _TESTED:
            if getattr(said, name) != getattr(who, name) and (name != "kind" or said.kind):  # older ones say none
                told = f"says {name} {short(getattr(said, name))}, but by the trace it is {short(getattr(who, name))}"
                yield wrong(_model.VERDICTS, told)
        if facts.verdicts.emulated != who.emulated:
            yield wrong(
                _model.VERDICTS, f"says emulated {facts.verdicts.emulated}, but by the trace it is {who.emulated}"
            )
    if facts.verdicts.decision == "GO":
        for sentence in who.differs[:MOST]:
            yield wrong(_model.VERDICTS, f"is GO, but {short(sentence)}")


def _judged_when(facts: Facts) -> Iterator[Problem]:
    """The day of judgement lies before the test only where the client's overlay says so."""
    if not is_older(facts.plan) and facts.stated.early and _overlay_day(facts.files) != facts.stated.judged_as_of:
        what = f"is judged as of {facts.stated.judged_as_of}, before the day of the test"
        yield wrong(_model.PLAN, f"{what} ({facts.stated.tested.began[:10]}), and no overlay of the client says so")


def _overlay_day(files: Mapping[str, bytes | memoryview]) -> str:
    try:
        octets = bytes(files[_model.OVERLAY])[:_MOST_OVERLAY]
        overlay = yaml.load(octets, Loader=yaml.BaseLoader)  # all as text: nothing is made of it
        return str(overlay["evaluation_date"])
    except (yaml.YAMLError, ValueError, LookupError, TypeError, RecursionError):
        return ""


def _clock(facts: Facts) -> Iterator[Problem]:
    """The monotonic clock does what its name says."""
    latest = 0
    for event in facts.trace:
        if latest - event.t_ns > JUMP_S * 1e9:
            what = f"event {event.seq} runs backwards by {(latest - event.t_ns) // 10**9} s on a clock that cannot"
            yield Problem(where=_model.TRACE, what=what, line=event.seq + 1)
            return
        latest = max(latest, event.t_ns)


def _once(facts: Facts) -> Iterator[Problem]:
    """No requirement, criterion or case stands twice in the plan, and no criterion twice in the verdicts."""
    plan = facts.plan
    judged = [c.id for r in facts.verdicts.requirements for c in r.criteria]
    for where, what, ids in (
        (_model.PLAN, "requirement", [r.id for r in plan.requirements]),
        (_model.PLAN, "criterion", [c.id for c in plan.criteria]),
        (_model.PLAN, "case", [c.id for c in plan.cases]),
        (_model.VERDICTS, "criterion", judged),
    ):
        yield from named(where, f"{what} {{}} stands twice", (n for n, times in Counter(ids).items() if times > 1))
    planned = {c.id for c in plan.criteria}
    yield from named(_model.VERDICTS, "has no criterion {}, which the plan holds", planned - set(judged))
    yield from named(_model.VERDICTS, "judges criterion {}, which the plan does not hold", set(judged) - planned)


def _photos(facts: Facts) -> Iterator[Problem]:
    """A photograph is as large as the trace says, and as the tender asks; a drawing is for the emulated charger."""
    asked = [roles["photo"].value for roles in facts.plan.limits.values() if "photo" in roles]
    for event in facts.trace.of("operator.answer"):
        photo = event.data.get("photo")
        raw = facts.files.get(f"attachments/{photo.get('file')}") if isinstance(photo, dict) else None
        if raw is None or not isinstance(photo, dict) or "width_px" not in photo:
            continue
        size, where = picture_size(bytes(raw)), f"attachments/{photo['file']}"
        if size != (photo["width_px"], photo.get("height_px")):
            said = f"{photo['width_px']} x {photo.get('height_px')} px"
            yield wrong(where, f"is not the picture of {said} that event {event.seq} says")
        elif asked and min(size) < min(asked):
            told = f"{size[0]} x {size[1]} px, too small to show anything: the tender asks for {min(asked):g} a side"
            yield wrong(where, f"has {told}")
        if where.lower().endswith(".svg") and not facts.stated.tested.emulated:
            yield wrong(where, "is a drawing, and no photograph of a real charger")


def _made_again(facts: Facts) -> Iterator[Problem]:
    """A file that is made from the trace alone is what is made from it again, by the version that made it."""
    made_by = facts.documents.get(_model.ENVIRONMENT)
    if not isinstance(made_by, dict) or made_by.get("chargeproof") != harness_version():
        return
    for name, make in MADE_AGAIN.items():
        if name in facts.files and bytes(facts.files[name]) != make(facts.trace):
            yield wrong(name, "is not what the trace holds; put back the file that the campaign wrote")


def _decision(facts: Facts) -> Iterator[Problem]:
    """A GO has no reasons against it, no interruption, and is of the whole tender."""
    result, says = facts.verdicts, facts.stated
    if result.decision != "GO":
        return
    if result.reasons or result.interrupted:
        yield wrong(_model.VERDICTS, f"is GO, but gives {len(result.reasons)} reasons for a HOLD or an interruption")
    if not is_older(facts.plan) and not says.whole:
        yield wrong(_model.VERDICTS, "is GO, but the run was narrowed by a person or never reached its end")


def _cut_runs(facts: Facts) -> Iterator[Problem]:
    """A run that was cut is told, with the reason that a person gave and no other."""
    if not is_older(facts.plan):
        yield from (wrong(_model.VERDICTS, what) for what in untold(facts.verdicts, facts.trace))


Check = Callable[[Facts], Iterator[Problem]]
_EDITED: tuple[Check, ...] = (
    _as_bound,
    _as_recorded,
    _dut_record,
    _once,
    nothing_left_out,
    known_catalogue,
    limits,
    _photos,
    _made_again,
)
_UNTRUE: tuple[Check, ...] = (_tested, _judged_when, _clock, _decision, _cut_runs)
