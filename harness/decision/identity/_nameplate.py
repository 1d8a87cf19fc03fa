"""What the charger says of itself: at each boot, and in its device model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.decision.identity._declared import reported
from harness.trace import Event, Trace, messages

KINDS = {"manufacturer": "vendorName", "model": "model", "serial": "serialNumber", "firmware": "firmwareVersion"}
PARTS = ("campaign.started", "campaign.rerun")
_VARIABLES = {f"chargingstation.{key.lower()}": kind for kind, key in KINDS.items()}


@dataclass(frozen=True)
class Boot:
    """A BootNotification: what it said, in which case and part of the campaign (0: the first, then each rerun)."""

    seq: int
    case: str
    part: int
    said: dict[str, str]


def part_of(seq: int, parts: list[int]) -> int:
    """In which part of the campaign an event is; `parts` are the events with which each begins."""
    return sum(begin <= seq for begin in parts[1:])


def parts_of(trace: Trace) -> list[int]:
    """The events with which the campaign and each rerun begin."""
    return [e.seq for e in trace if e.kind in PARTS]


def boots_in(trace: Trace) -> Iterator[Boot]:
    """Every BootNotification, with what it said in texts; what is no text is another judge's business."""
    parts = parts_of(trace)
    for message in messages(trace, action="BootNotification", direction="in"):
        if message.type == 2 and message.event.who != "stranger":
            station = message.payload.get("chargingStation")
            station = station if isinstance(station, dict) else {}
            said = {kind: v for kind, key in KINDS.items() if isinstance(v := station.get(key), str) and v.strip()}
            seq = message.event.seq
            yield Boot(seq, message.event.case or "", part_of(seq, parts), said)


def modelled(trace: Trace) -> Iterator[tuple[Event, str, str]]:
    """The nameplate as the device model tells it: event, kind and value."""
    for event, name, value, _ in reported(trace):
        if (kind := _VARIABLES.get(name.lower())) is not None and value.strip():
            yield event, kind, value


def nameplate(trace: Trace) -> dict[str, str]:
    """The first value of each kind that the device model tells."""
    found: dict[str, str] = {}
    for _, kind, value in modelled(trace):
        found.setdefault(kind, value)
    return found
