"""What this client's tender changed: limits, what it leaves out, how strongly it asks, and its waivers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reports._view import EvidenceView

KINDS = {
    "limit": "Limits changed",
    "confirmed": "Numbers confirmed",
    "obligation": "Asked more or less strongly",
    "left_out": "Left out",
    "scope": "Scope",
    "depth": "Depth",
    "decision_rule": "Decision rule",
    "waiver": "Waivers",
}


@dataclass(frozen=True)
class Change:
    """One change: what it is of, what it was and is now (either may be empty), why, and by whom."""

    kind: str
    of: str
    was: str
    now: str
    reason: str


def changes(view: EvidenceView) -> list[tuple[str, list[Change]]]:
    """The tender's changes by kind, as the evidence's own catalogue and plan hold them."""
    found: dict[str, list[Change]] = {kind: [] for kind in KINDS}
    for each in (*_told(view), *_waivers(view)):
        found.setdefault(each.kind, []).append(each)
    return [(KINDS.get(kind, kind.replace("_", " ").capitalize()), many) for kind, many in found.items() if many]


def _told(view: EvidenceView) -> Iterator[Change]:
    """catalogue.json's `tender.changes`: what the overlay says otherwise than the catalogue."""
    tender = view.catalogue.get("tender")
    listed: Any = tender.get("changes") if isinstance(tender, dict) else None
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and each.get("kind") != "waiver":
            texts = (str(each.get(key) or "") for key in ("kind", "of", "was", "now", "reason"))
            yield Change(*texts)


def _waivers(view: EvidenceView) -> Iterator[Change]:
    for each in view.plan.waivers:
        revision = f" (revision {each.revision})" if each.revision is not None else ""
        signed = f"signed by {each.signed_by} on {each.dated}, valid until {each.until}"
        yield Change("waiver", f"{each.of}{revision}", "", signed, each.reason)
