"""Whose time a campaign's wall time was: the charger's, a person's, the contract's, or the harness's own.

A moment belongs to whom a wait that covers it is on: the waits that have a name (`wait.started` to `wait.ended`), and
two that have none in the trace: an OCPP CALL of ours until its answer, and a V2G request until its response, both on
the charger. Waits overlap, so lengths of unions count, never sums. What no such wait covers is the harness's share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harness.trace import Event

Span = tuple[int, int]
ON = ("dut", "person", "contract")
CALL, CALLRESULT, CALLERROR = 2, 3, 4


@dataclass(frozen=True)
class Shares:
    """Seconds of one stretch of wall time. `on` may overlap each other; `harness_s` is what none of them covers."""

    wall_s: float
    on_s: dict[str, float]
    harness_s: float

    @property
    def harness_share(self) -> float:
        """0 to 1; 0 for a stretch without length."""
        return self.harness_s / self.wall_s if self.wall_s else 0.0


def waits(events: Iterable[Event], end_ns: int) -> dict[str, list[Span]]:
    """All waits by whom they are on, in nanoseconds; one that never ended lasts until `end_ns`."""
    found: dict[str, list[Span]] = {on: [] for on in ON}
    named: dict[int, Event] = {}
    calls: dict[int, int] = {}
    requests: dict[int, int] = {}
    for event in events:
        data = event.data
        if event.kind == "wait.started":
            named[event.seq] = event
        elif event.kind == "wait.ended":
            started = named.pop(data["started"])
            found.setdefault(started.data["on"], []).append((started.t_ns, event.t_ns))
        elif event.kind == "ocpp.frame":
            if data["dir"] == "out" and data["type"] == CALL:
                calls[event.seq] = event.t_ns
            elif data["dir"] == "in" and data["type"] in (CALLRESULT, CALLERROR) and data["reply_to"] in calls:
                found["dut"].append((calls.pop(data["reply_to"]), event.t_ns))
        elif event.kind == "v2g.message":
            if data["dir"] == "out":
                requests[data["session"]] = event.t_ns
            elif data["session"] in requests:
                found["dut"].append((requests.pop(data["session"]), event.t_ns))
    for event in named.values():
        found.setdefault(event.data["on"], []).append((event.t_ns, end_ns))
    return found


def union(spans: Iterable[Span], within: Span) -> list[Span]:
    """The spans cut to `within` and merged, in order."""
    merged: list[Span] = []
    for start, end in sorted((max(a, within[0]), min(b, within[1])) for a, b in spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def gaps(covered: Sequence[Span], within: Span) -> list[Span]:
    """What `covered` (merged, in order) leaves free of `within`."""
    edges = [within[0], *(edge for span in covered for edge in span), within[1]]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]


def shares(found: dict[str, list[Span]], within: Span) -> Shares:
    """Whose time `within` was."""
    on_s = {on: _length_s(union(found[on], within)) for on in ON}
    covered = union((span for on in ON for span in found[on]), within)
    return Shares((within[1] - within[0]) / 1e9, on_s, _length_s(gaps(covered, within)))


def cases(events: Iterable[Event]) -> list[tuple[str, Span]]:
    """Every case that ran, with its time from start to end, restoring included."""
    started: dict[str, int] = {}
    found = []
    for event in events:
        if event.kind == "case.started":
            started[str(event.case)] = event.t_ns
        elif event.kind == "case.ended":
            found.append((str(event.case), (started.pop(str(event.case)), event.t_ns)))
    return found


def _length_s(spans: Iterable[Span]) -> float:
    return sum(end - start for start, end in spans) / 1e9
