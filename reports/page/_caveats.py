"""What a decision does not prove, derived from the evidence itself and printed beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harness.judge import ResolvedLimit, Verdict
from reports._results import criteria_of, spans
from reports._text import counted, number, shortened
from reports._view import EvidenceView
from reports._words import DEPTHS
from reports.page._rests import Caveat, instead, papers, program, script
from reports.page._surroundings import went_beyond
from requirement_catalog import Confidence

_CUTS = 4  # named on the first page; all stand in the list below it
_TOLD = (Verdict.PASS, Verdict.FAIL)  # verdicts that only a proven check may speak


def caveats(view: EvidenceView) -> list[Caveat]:
    """All that apply, the weightiest first."""
    found: list[Caveat | None] = [
        _emulated(view),
        program(view),
        _partial(view),
        _cut(view),
        went_beyond(view),
        _unproven(view),
        _advisory(view),
        _depth(view),
        _declared_only(view),
        _samples(view),
        _defaults(view),
        _waivers(view),
        instead(view),
        papers(view),
        script(view),
        _phases(view),
        _car(view),
        _firmware(view),
        _unit(view),
    ]
    return [c for c in found if c is not None]


def uses_sample_documents(view: EvidenceView) -> bool:
    """Whether papers were the samples that ship with the software."""
    reviewed = view.trace.of("document.reviewed")
    return view.profile.get("documents") == "samples" or any(e.data.get("emulated") for e in reviewed)


def default_limits(view: EvidenceView) -> list[ResolvedLimit]:
    """The contract numbers that no client has agreed to and that this plan uses, each once."""
    plan = view.plan
    used = {r.purpose for r in plan.runs if r.run} | {c.id for c in plan.criteria if c.applies}
    found: dict[str, ResolvedLimit] = {}
    for about, by_role in plan.limits.items():
        for limit in by_role.values() if about in used else ():
            if limit.confidence is Confidence.CONTRACT_DEFAULT:
                found.setdefault(limit.name, limit)
    return [found[name] for name in sorted(found)]


def meanings(view: EvidenceView) -> dict[str, str]:
    """What each contract parameter means, in the catalogue's words; empty when the evidence holds no catalogue."""
    return {str(p.get("name")): str(p.get("meaning", "")) for p in _parameters(view)}


def _parameters(view: EvidenceView) -> list[dict[str, Any]]:
    listed = view.catalogue.get("parameters")
    return [p for p in listed if isinstance(p, dict)] if isinstance(listed, list) else []


def _emulated(view: EvidenceView) -> Caveat | None:
    if not view.emulated:
        return None
    return Caveat(
        "No real charger was tested",
        "The device was an emulation: a program that behaves like a charger. The result shows what the test system can "
        "do. It says nothing about any product that can be bought.",
    )


def _partial(view: EvidenceView) -> Caveat | None:
    if view.result.interrupted:
        return Caveat("Interrupted", "The campaign was interrupted before its end, so it cannot decide for the tender.")
    if not view.result.narrowed:
        return None
    return Caveat(
        "Only a part of the tender",
        f"A person narrowed the run ({', '.join(view.result.narrowed)}). "
        "A decision for the tender needs a whole campaign.",
    )


def _cut(view: EvidenceView) -> Caveat | None:
    cuts = view.result.cut_runs
    if not cuts:
        return None
    stands = sum(cut.stands for cut in cuts)
    told = (
        f"{counted(stands, 'stands', 'stand')} against a GO until somebody explains it" if stands else "all explained"
    )
    shown = sorted(cuts, key=lambda c: (not c.stands, not c.failed))[:_CUTS]
    named = "; ".join(
        f"{c.id}{' (a fail had been seen)' if c.failed else ''}: {c.explained or 'not explained'}" for c in shown
    )
    more = f" and {len(cuts) - _CUTS} more" if len(cuts) > _CUTS else ""
    return Caveat(
        "Runs that were cut",
        f"{counted(len(cuts), 'run', 'runs')} of a case came to no verdict, {told}. {shortened(named, 900)}{more}.",
    )


def _depth(view: EvidenceView) -> Caveat | None:
    if not view.result.beyond:
        return None
    word, meaning = DEPTHS[view.result.depth]
    return Caveat(
        "Not everything that could be tested",
        f"The tender asks for the depth “{word}”: {meaning}. "
        f"{counted(view.result.beyond, 'more test purpose lies', 'more test purposes lie')} beyond it.",
    )


def _declared_only(view: EvidenceView) -> Caveat | None:
    only = view.result.tested.declared_only
    if not only:
        return None
    return Caveat("Declared only", f"Nothing on the wire confirms {_listed(only)}: that is the supplier's word.")


def _unproven(view: EvidenceView) -> Caveat | None:
    unproven = sorted({p.purpose for p in view.result.purposes if not p.proven and p.verdict in _TOLD})
    if not unproven:
        return None
    return Caveat(
        "Checks that were never proven",
        f"{counted(len(unproven), 'check was', 'checks were')} never seen to turn red on a charger that is wrong. "
        "Such a pass proves nothing, and such a fail is shown and does not count.",
        (spans(unproven),),
    )


def _advisory(view: EvidenceView) -> Caveat | None:
    violated = sorted({r.rule for r in view.result.rules if r.verdict is Verdict.FAIL and not r.decides})
    if not violated:
        return None
    return Caveat(
        "Advisory rules that were violated",
        f"{counted(len(violated), 'rule', 'rules')} of the standard did not hold and may not decide: each rests on one "
        "reading of the text, or its check was never seen to turn red. Look at them before you rely on the decision.",
        (spans(violated),),
    )


def _samples(view: EvidenceView) -> Caveat | None:
    if not uses_sample_documents(view):
        return None
    return Caveat(
        "Sample documents",
        "Certificates and other papers were samples that ship with the software, not papers of a certification body.",
    )


def _defaults(view: EvidenceView) -> Caveat | None:
    limits = default_limits(view)
    if not limits:
        return None
    meaning = meanings(view)
    items = tuple(
        f"{number(limit.value)} {limit.unit}: {meaning.get(limit.name) or limit.name}"
        + (f" Tolerance {number(limit.tolerance)} {limit.unit}." if limit.tolerance else "")
        for limit in limits
    )
    return Caveat(
        "Numbers not agreed by a client",
        f"The tender leaves some numbers to the parties. Our own default was used for {len(limits)}; "
        "agree on them, or on others, before you rely on the decision.",
        items,
    )


def _waivers(view: EvidenceView) -> Caveat | None:
    criteria = [c for c in criteria_of(view.result) if c.waived]
    purposes = [p for p in view.result.purposes if p.waived]
    rules = [r for r in view.result.rules if r.waived]
    if not (criteria or purposes or rules):
        return None
    many = []
    if criteria:
        many.append(counted(len(criteria), "criterion is", "criteria are"))
    if purposes:
        many.append(counted(len(purposes), "result of a test purpose is", "results of test purposes are"))
    if rules:
        many.append(counted(len(rules), "violated rule is", "violated rules are"))
    told = [(p.label, p.waiver) for p in purposes[:50]] + [(r.label, r.waiver) for r in rules[:50]]
    return Caveat(
        "Waived, not met",
        f"{' and '.join(many)} not met but excused by a signed waiver.",
        (
            *(f"{c.id}: {c.waiver or ''}" for c in criteria),
            *(f"{label}: {waiver or ''}" for label, waiver in told[:50]),
        ),
    )


def _phases(view: EvidenceView) -> Caveat | None:
    if not view.result.continuing:
        return None
    return Caveat(
        "Service after go-live",
        f"{counted(len(view.result.continuing), 'obligation', 'obligations')} can only be proven in service; "
        "the list below has the dates.",
    )


def _car(view: EvidenceView) -> Caveat | None:
    if not any(e.who == "ev" for e in view.trace.of("v2g.message")):
        return None
    return Caveat(
        "The test system's car",
        "The car was simulated by the test system, strictly by the standard. Cars on the road differ from each other.",
    )


def _firmware(view: EvidenceView) -> Caveat:
    said = view.result.tested
    if not said.firmware:
        declared = shortened(said.declared.get("firmware") or view.plan.dut.firmware or "nothing", 80)
        return Caveat("Unknown firmware", f"The charger never reported its firmware; its profile declares {declared}.")
    also = f" After an update case it ran {shortened(said.firmware_after, 80)}." if said.firmware_after else ""
    text = f"It holds for firmware {shortened(said.firmware, 80)}.{also} Another firmware needs another campaign."
    return Caveat("This firmware only", text)


def _unit(view: EvidenceView) -> Caveat:
    said = view.result.tested
    serial = shortened(said.serial, 80) or f"{shortened(view.plan.dut.serial, 80)} by its profile only"
    return Caveat(
        "One unit",
        f"One unit was tested, serial number {serial}. That the rest of the series is built alike "
        "is the supplier's word.",
    )


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
