"""Where a bundle's documents say what its trace, or another of them, does not: then the evidence does not hold.

Each check is a function of the same facts. Whoever binds more into the trace's first events adds a check to `_EDITED`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
import yaml

from harness.evidence import _model
from harness.evidence._facts import dut_record
from harness.evidence._problem import Problem
from harness.evidence._stated import EMULATION, JUMP_S, Stated, narrowed, started
from harness.judge import CampaignResult
from harness.plan import Plan
from harness.trace import Trace
from requirement_catalog import catalogue_digest, load_catalogue

_MOST = 8  # named of one kind
_IDENTITY = ("manufacturer", "model", "serial", "emulated")
_YES = ("yes", "true", "on", "y")


@dataclass(frozen=True)
class Facts:
    """A bundle that could be read: `documents` holds each JSON file's value by name, `files` the names of all."""

    plan: Plan
    verdicts: CampaignResult
    trace: Trace
    stated: Stated
    documents: Mapping[str, Any]
    files: Mapping[str, bytes | memoryview]


def contradictions(facts: Facts) -> list[Problem]:
    """Every contradiction, by the document that should say something else."""
    return [problem for check in (*_EDITED, *_UNTRUE) for problem in check(facts)]


def edited(facts: Facts) -> list[Problem]:
    """Those of them that no campaign leaves behind, whatever its charger does: somebody edited the folder."""
    return [problem for check in _EDITED for problem in check(facts)]


def _as_recorded(facts: Facts) -> Iterator[Problem]:
    """The plan is about the charger, and the day, that the trace's first events name."""
    if not len(facts.trace) or facts.trace[0].kind != "campaign.started":
        yield Problem(where=_model.TRACE, what="does not begin with a campaign's start", line=1)
    recorded = started(facts.trace).get("dut")
    planned = msgspec.json.decode(msgspec.json.encode(facts.plan.dut))
    for name, value in recorded.items() if isinstance(recorded, dict) else ():
        if name in planned and planned[name] != value:
            yield _in(_model.PLAN, f"says {name} {_short(planned[name])}, but the trace began with {_short(value)}")
    for event in facts.trace.of("evaluation.date"):
        if event.data.get("date") != facts.plan.evaluation_date:
            what = (
                f"is judged as of {facts.plan.evaluation_date}, but event {event.seq} says {event.data.get('date')!r}"
            )
            yield _in(_model.PLAN, what)


def _dut_record(facts: Facts) -> Iterator[Problem]:
    """dut.json is what the charger said, and can be made again."""
    again = msgspec.json.decode(msgspec.json.encode(dut_record(facts.plan, facts.trace)))
    held = facts.documents.get(_model.DUT)
    if isinstance(held, dict):
        for name in again:
            if name in held and held[name] != again[name]:
                yield _in(_model.DUT, f"says {name} {_short(held[name])}, but by the trace it is {_short(again[name])}")


def _emulated(facts: Facts) -> Iterator[Problem]:
    """A charger that calls itself our emulation is no real one, whatever the plan says."""
    if facts.stated.emulated and not facts.plan.dut.emulated:
        yield _in(_model.PLAN, f"says that the charger is real, but the trace shows an emulated one ({EMULATION})")


def _identity(facts: Facts) -> Iterator[Problem]:
    """A GO is for the charger that was there."""
    if facts.verdicts.decision != "GO":
        return
    for each in facts.stated.differs:
        yield _in(
            _model.VERDICTS, f"is GO for {each.what} {each.declared!r}, but the charger reported {each.reported!r}"
        )
    for name in ("serial", "model", "manufacturer"):
        told = sorted({str(getattr(r.identity, name)) for r in facts.stated.reported} - {""})
        if len(told) > 1:
            named = " and ".join(_short(each) for each in told[:_MOST])
            yield _in(_model.VERDICTS, f"is GO for one charger, but those that booted report {name} {named}")


def _clock(facts: Facts) -> Iterator[Problem]:
    """The monotonic clock does what its name says."""
    latest = 0
    for event in facts.trace:
        if latest - event.t_ns > JUMP_S * 1e9:
            what = f"event {event.seq} runs backwards by {(latest - event.t_ns) // 10**9} s on a clock that cannot"
            yield Problem(where=_model.TRACE, what=what, line=event.seq + 1)
            return
        latest = max(latest, event.t_ns)


def _whole(facts: Facts) -> Iterator[Problem]:
    """A campaign leaves its catalogue and its profile; without them nobody sees what was asked of whom."""
    if started(facts.trace):
        for name in (_model.CATALOGUE, "profile.yaml"):
            if name not in facts.files:
                yield _in(name, "is missing: the campaign wrote it, and somebody took it out")


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
        yield from _named(where, f"{what} {{}} stands twice", (n for n, times in Counter(ids).items() if times > 1))
    planned = {c.id for c in plan.criteria}
    yield from _named(_model.VERDICTS, "has no criterion {}, which the plan holds", planned - set(judged))
    yield from _named(_model.VERDICTS, "judges criterion {}, which the plan does not hold", set(judged) - planned)


def _nothing_left_out(facts: Facts) -> Iterator[Problem]:
    """What was run and claimed stands in the plan; what the catalogue asks of a whole run does, too."""
    plan = facts.plan
    criteria, cases = {c.id for c in plan.criteria}, {c.id for c in plan.cases}
    ran = {e.case for e in facts.trace.of("case.started") if e.case}
    claimed = {str(e.data.get("criterion")) for e in facts.trace.of("claim") if "criterion" in e.data}
    yield from _named(_model.PLAN, "does not hold case {}, which was run", ran - cases)
    if chosen := narrowed(plan):  # a case that serves a chosen criterion claims for the others that it serves as well
        chosen = tuple(word for each in chosen for word in each.split())
        claimed = {c for c in claimed if any(c == each or c.startswith(f"{each}.") for each in chosen)}
    yield from _named(_model.PLAN, "does not hold criterion {}, of which something was claimed", claimed - criteria)
    asked = _asked(facts.documents.get(_model.CATALOGUE))
    if not asked:
        return
    if not narrowed(plan):
        yield from _named(_model.PLAN, "leaves out criterion {}, which the catalogue has", set(asked) - criteria)
    yield from _named(_model.PLAN, "has a criterion {} that the catalogue has not", criteria - set(asked))
    told = {c.id: c.statement for c in plan.criteria}
    altered = (name for name in told if name in asked and asked[name] != told[name])
    yield from _named(_model.PLAN, "states criterion {} in other words than the catalogue", altered)


def _known_catalogue(facts: Facts) -> Iterator[Problem]:
    """Under the digest of the requirements that this chargeproof knows stand those requirements, and no fewer."""
    digest, known = _installed()
    asked = _asked(facts.documents.get(_model.CATALOGUE))
    if facts.plan.catalogue_digest != digest or not asked:
        return
    yield from _named(_model.CATALOGUE, "leaves out criterion {}", known.keys() - asked.keys())
    yield from _named(_model.CATALOGUE, "has a criterion {} that nobody asks for", asked.keys() - known.keys())
    altered = (name for name in known.keys() & asked.keys() if known[name] != asked[name])
    yield from _named(_model.CATALOGUE, "states criterion {} in other words than the tender", altered)


@cache
def _installed() -> tuple[str, dict[str, str]]:
    """The digest of this chargeproof's own requirements, and each criterion's statement by its id."""
    catalogue = load_catalogue()
    return catalogue_digest(catalogue), {c.id: c.statement for r in catalogue.requirements for c in r.criteria}


def _limits(facts: Facts) -> Iterator[Problem]:
    """The limits of the plan are those of the catalogue that lies beside it."""
    catalogue, plan = facts.documents.get(_model.CATALOGUE), facts.documents.get(_model.PLAN)
    ours = plan.get("limits") if isinstance(plan, dict) else None
    theirs = catalogue.get("limits") if isinstance(catalogue, dict) else None
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return
    for name in ours.keys() & theirs.keys():
        mine, its = ours[name], theirs[name]
        if not isinstance(mine, dict) or not isinstance(its, dict):
            continue
        for part in mine.keys() & its.keys():
            if mine[part] != its[part]:
                what = f"sets {part} of limit {name} to {_short(mine[part])}, the catalogue to {_short(its[part])}"
                yield _in(_model.PLAN, what)


def _profile(facts: Facts) -> Iterator[Problem]:
    """The profile that lies beside the plan names the same charger."""
    raw = facts.files.get("profile.yaml")
    if raw is None or not started(facts.trace):
        return
    try:
        product = yaml.load(bytes(raw), Loader=yaml.BaseLoader)["product"]  # everything as text: nothing is made of it
        told = {name: str(product[name]) for name in _IDENTITY if name in product}
    except (yaml.YAMLError, ValueError, LookupError, TypeError, RecursionError):
        yield _in("profile.yaml", "cannot be read as the profile of a product")
        return
    for name, text in told.items():
        planned = getattr(facts.plan.dut, name)
        if (text.lower() in _YES) != planned if name == "emulated" else text != planned:
            yield _in("profile.yaml", f"says {name} {text!r}, but the plan says {planned!r}")


def _decision(facts: Facts) -> Iterator[Problem]:
    """A GO has no reasons against it, and no interruption."""
    result = facts.verdicts
    if result.decision == "GO" and (result.reasons or result.interrupted):
        yield _in(_model.VERDICTS, f"is GO, but gives {len(result.reasons)} reasons for a HOLD or an interruption")


Check = Callable[[Facts], Iterator[Problem]]
_EDITED: tuple[Check, ...] = (
    _as_recorded,
    _dut_record,
    _emulated,
    _whole,
    _once,
    _nothing_left_out,
    _known_catalogue,
    _limits,
    _profile,
)
_UNTRUE: tuple[Check, ...] = (_identity, _clock, _decision)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}…"


def _asked(catalogue: Any) -> dict[str, str]:
    """Each criterion's statement in catalogue.json, by its id; empty where that file says none."""
    if not isinstance(catalogue, dict) or not isinstance(catalogue.get("requirements"), list):
        return {}
    criteria = [
        c
        for r in catalogue["requirements"]
        if isinstance(r, dict) and isinstance(r.get("criteria"), list)
        for c in r["criteria"]
    ]
    return {str(c["id"]): str(c.get("statement")) for c in criteria if isinstance(c, dict) and "id" in c}


def _named(where: str, what: str, names: Any) -> Iterator[Problem]:
    found = sorted(names)
    for name in found[:_MOST]:
        yield _in(where, what.format(name))
    if len(found) > _MOST:
        yield _in(where, f"and {len(found) - _MOST} more: " + what.format("…"))


def _in(where: str, what: str) -> Problem:
    return Problem(where=where, what=what)
