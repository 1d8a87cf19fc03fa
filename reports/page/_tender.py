"""In what this client's tender differs from the catalogue: what eases it first, then the rest, each in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reports._text import counted
from reports._view import EvidenceView

KINDS = {
    "demo": "Demonstration",
    "extent": "Extent",
    "depth": "Depth",
    "scope": "Scope",
    "left_out": "Left out",
    "obligation": "Asked more or less strongly",
    "limit": "Limit changed",
    "confirmation": "Number confirmed",
    "decision_rule": "Decision rule",
    "papers": "Paper in place of a test",
    "waiver": "Waiver",
    "date": "Date of judgement",
}


@dataclass(frozen=True)
class Change:
    """One difference. `eases`: it asks less of the charger, or lets it off."""

    kind: str
    text: str
    eases: bool


def changes(view: EvidenceView) -> list[Change]:
    """The tender's changes as the evidence's own catalogue holds them, and the plan's waivers where it holds none."""
    told = list(_told(view))
    if not any(each.kind == KINDS["waiver"] for each in told):
        told += _waivers(view)
    return sorted(told, key=lambda each: not each.eases)


def summary(found: list[Change], view: EvidenceView) -> str:
    """The changes in one line for the first screen."""
    if not found:
        told = "tender" in view.catalogue
        return "no changes to the catalogue" if told else "this evidence does not tell what it changed"
    easing = sum(each.eases for each in found)
    many = counted(len(found), "change", "changes")
    return f"{many} to the catalogue, {easing or 'none'} of them in the charger's favour"


def _told(view: EvidenceView) -> Iterator[Change]:
    """catalogue.json's `tender.changes`."""
    tender = view.catalogue.get("tender")
    listed: Any = tender.get("changes") if isinstance(tender, dict) else None
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict):
            kind = str(each.get("kind") or "")
            word = KINDS.get(kind, kind.replace("_", " ").capitalize())
            yield Change(word, str(each.get("text") or each.get("of") or ""), each.get("eases") is True)


def _waivers(view: EvidenceView) -> Iterator[Change]:
    for each in view.plan.waivers:
        revision = f" (revision {each.revision})" if each.revision is not None else ""
        signed = f"signed by {each.signed_by} on {each.dated}, valid until {each.until}: {each.reason}"
        yield Change(KINDS["waiver"], f"{each.of}{revision} is waived, {signed}", True)
