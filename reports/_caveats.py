"""What a decision does not prove, derived from the evidence itself and printed beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from harness.judge import ResolvedLimit, Verdict
from reports._text import counted, number, shortened
from reports._view import EvidenceView
from requirement_catalog import Confidence

_CRITERION = re.compile(r"[A-Z]+-\d+\.\d+")


@dataclass(frozen=True)
class Caveat:
    """A short heading and the sentence that explains it; `items` when there is a list to read."""

    heading: str
    text: str
    items: tuple[str, ...] = ()


def caveats(view: EvidenceView) -> list[Caveat]:
    """All that apply, the weightiest first."""
    found: list[Caveat | None] = [
        _emulated(view),
        _partial(view),
        _samples(view),
        _defaults(view),
        _waivers(view),
        _papers(view),
        _phases(view),
        _car(view),
        _firmware(view),
        _unit(view),
    ]
    return [c for c in found if c is not None]


def reported(view: EvidenceView) -> dict[str, str]:
    """Manufacturer, model, serial and firmware as the charger itself reported them; empty where it did not.

    `also` lists further firmware versions that it reported during the campaign.
    """
    said = view.dut.get("reported")
    told = said if isinstance(said, dict) else {}
    names = {"manufacturer": "vendorName", "model": "model", "serial": "serialNumber", "firmware": "firmwareVersion"}
    found = {name: str(told.get(key) or "") for name, key in names.items()}
    seen = view.dut.get("firmware_versions_seen")
    others = [str(v) for v in seen if str(v) != found["firmware"]] if isinstance(seen, list) else []
    return {**found, "also": ", ".join(others[:5])}


def uses_sample_documents(view: EvidenceView) -> bool:
    """Whether papers were the samples that ship with the software."""
    reviewed = view.trace.of("document.reviewed")
    return view.profile.get("documents") == "samples" or any(e.data.get("emulated") for e in reviewed)


def default_limits(view: EvidenceView) -> list[ResolvedLimit]:
    """The contract numbers that no client has agreed to and that this plan uses, each once.

    A criterion's own limit is left out where it only repeats a contract parameter.
    """
    found = [limit for limit in view.plan.limits.values() if limit.confidence is Confidence.CONTRACT_DEFAULT]
    criteria = {c.id for c in view.plan.criteria if c.applies}
    parameters = [limit for limit in found if not _CRITERION.fullmatch(limit.name)]
    names = {limit.name for limit in parameters}
    uses = {str(p.get("name")): p.get("used_by") for p in _parameters(view)}
    kept = [p for p in parameters if not isinstance(used := uses.get(p.name), list) or not used or criteria & set(used)]
    own = [limit for limit in found if limit.name in criteria and not any(name in limit.source for name in names)]
    return [*kept, *own]


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
    if not view.result.partial:
        return None
    if view.result.interrupted:
        return Caveat("Interrupted", "The campaign was interrupted before its end, so it cannot decide for the tender.")
    asked = ", ".join(view.plan.selection) or "a selection"
    return Caveat(
        "Only a part of the tender",
        f"Only these requirements were asked for: {asked}. A decision for the whole tender needs a whole campaign.",
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
    waived = [c for r in view.result.requirements for c in r.criteria if c.waived]
    if not waived:
        return None
    return Caveat(
        "Waived, not met",
        f"{counted(len(waived), 'criterion is', 'criteria are')} not met but excused by a signed waiver.",
        tuple(f"{c.id}: {c.waiver or ''}" for c in waived),
    )


def _papers(view: EvidenceView) -> Caveat | None:
    on_paper = [
        c.id
        for r in view.result.requirements
        for c in r.criteria
        if c.proven_by == "document_review" and c.verdict is Verdict.PASS
    ]
    if not on_paper:
        return None
    return Caveat(
        "Proven on paper",
        f"{counted(len(on_paper), 'criterion rests', 'criteria rest')} on a document, not on a test of this unit.",
        (", ".join(on_paper),),
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
    said = reported(view)
    if not said["firmware"]:
        declared = shortened(view.plan.dut.firmware, 80)
        return Caveat("Unknown firmware", f"The charger never reported its firmware; its profile declares {declared}.")
    also = f" During the tests it also ran {shortened(said['also'], 120)}." if said["also"] else ""
    text = f"It holds for firmware {shortened(said['firmware'], 80)}.{also} Another firmware needs another campaign."
    return Caveat("This firmware only", text)


def _unit(view: EvidenceView) -> Caveat:
    serial = shortened(reported(view)["serial"] or view.plan.dut.serial, 80)
    return Caveat(
        "One unit",
        f"One unit was tested, serial number {serial}. That the rest of the series is built alike "
        "is the supplier's word.",
    )
