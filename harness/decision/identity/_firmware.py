"""Which firmware ran when, and whether an update of this campaign explains each change. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from harness.decision.identity._nameplate import boots_in, modelled, part_of, parts_of
from harness.plan import Plan
from harness.trace import Trace


@dataclass
class Firmware:
    """What firmware ran when. `differs`: changes that no update of this campaign explains."""

    delivered: str = ""
    after: str = ""
    changes: list[tuple[int, str]] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)

    def at(self, seq: int) -> str:
        """The firmware that ran at an event, as far as it was told by then."""
        return next((version for changed, version in reversed(self.changes) if changed <= seq), "")


def firmware(plan: Plan, trace: Trace) -> Firmware:
    """The firmware from boot to boot: it may change once a case of this part offers one, to the version offered.

    A later part (a rerun) may begin with either version: the charger was updated, or put back.
    """
    updating = updating_cases(plan)
    offered, parts = _offered(trace, updating), parts_of(trace)
    begun = [e.seq for e in trace if e.kind == "case.started" and e.case in updating]
    ran, current, part = Firmware(), "", 0
    for seq, version in _versions(trace):
        at_part = part_of(seq, parts)
        update = any(each < seq and part_of(each, parts) == at_part for each in begun)
        if not current:
            ran.delivered = version
        elif version != current:
            put_back = at_part != part and version in (ran.delivered, ran.after)
            if put_back or (update and (not offered or version in offered)):
                ran.after = version if version != ran.delivered else ran.after
            else:
                ran.differs.append(_changed(current, version, seq, offered if update else set()))
        if version != current:
            ran.changes.append((seq, version))
        current, part = version, at_part
    return ran


def updating_cases(plan: Plan) -> set[str]:
    """The cases that offer firmware to the charger."""
    return {case.id for case in plan.cases if case.needs.firmware}


def _changed(before: str, now: str, seq: int, offered: set[str]) -> str:
    which = f", and {' or '.join(sorted(offered))} was offered" if offered else " outside an update"
    return f"its firmware changed from {before!r} to {now!r} (event {seq}){which}"


def _versions(trace: Trace) -> Iterator[tuple[int, str]]:
    """Event and firmware of each boot that names it; where none does, of each time that the device model told it."""
    boots = [(boot.seq, boot.said["firmware"].strip()) for boot in boots_in(trace) if "firmware" in boot.said]
    if boots:
        yield from boots
    else:
        yield from ((event.seq, value.strip()) for event, kind, value in modelled(trace) if kind == "firmware")


def _offered(trace: Trace, updating: set[str]) -> set[str]:
    """The versions that the update cases offered, as their claims name them."""
    return {
        str(params["version"])
        for e in trace
        if e.kind == "claim" and e.case in updating
        for params in (e.data.get("params"),)
        if isinstance(params, dict) and params.get("version")
    }
