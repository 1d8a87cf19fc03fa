"""How much of the time the charger was connected, with both bounds: what nobody could observe counts once each way."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from harness.judge._core import Claim, Finding, Limits, Measurement, Verdict, judge
from harness.judge._say import found, unseen
from harness.judge.line._attribution import Callers, callers_of
from harness.trace import Event, Trace, messages
from requirement_catalog import Sense

_DAY_S = 86400.0
_AWAY = {"Reset": "other", "UpdateFirmware": "update"}  # CALLs after which it may go
_CUTS, _RETURNS = ("cut", "NET OFF"), ("restore", "NET ON")


def spans_up(trace: Trace, until_ns: int, grace_s: float) -> list[tuple[int, int]]:
    """When the charger was connected and alive: from each opening to its last sign of life plus `grace_s`."""
    spans: list[tuple[int, int]] = []
    opened: dict[int, Event] = {}
    grace_ns = int(grace_s * 1e9)
    mine, heard = _openings(trace), trace.once("last heard", lambda: _last_heard(trace.whole))
    for event in trace.of("ocpp.connection"):
        conn = int(event.data.get("conn") or 0)
        if event.seq in mine:
            opened[conn] = event
        elif conn in opened and event.data.get("state") == "closed":
            start = opened.pop(conn)
            spans.append((start.t_ns, min(event.t_ns, heard[start.seq].before(event.seq) + grace_ns)))
    last = trace[-1].seq + 1 if len(trace) else 0
    for start in opened.values():
        spans.append((start.t_ns, min(until_ns, heard[start.seq].before(last) + grace_ns)))
    return merged(spans)


@dataclass
class _Heard:
    """What came over one connection: the numbers of its messages, and when they came."""

    seq: list[int]
    t_ns: list[int]

    def before(self, seq: int) -> int:
        """When something came last before this event; it may have been dead for long."""
        return self.t_ns[bisect_left(self.seq, seq) - 1]


def _last_heard(trace: Trace) -> dict[int, _Heard]:
    """By the opening of each connection, which is a sign of life itself."""
    heard: dict[int, _Heard] = {}
    now: dict[int, _Heard] = {}
    for event in trace.of("ocpp.connection", "ocpp.frame"):
        conn = int(event.data.get("conn") or 0)
        if event.kind == "ocpp.connection" and event.data.get("state") == "open":
            heard[event.seq] = now[conn] = _Heard([event.seq], [event.t_ns])
        elif conn in now and event.kind == "ocpp.frame" and event.data.get("dir") == "in":
            now[conn].seq.append(event.seq)
            now[conn].t_ns.append(event.t_ns)
    return heard


def spans_unknown(trace: Trace, until_ns: int, patience_s: Mapping[str, float] = {}) -> list[tuple[int, int]]:
    """When we ourselves kept the charger away (cuts, hostile servers, requested reconnects and resets): unknown.

    Until it is back, but for no longer than `patience_s` (by cause: "update", else "other") after we let it return.
    """
    spans: list[tuple[int, int]] = []
    callers = callers_of(trace)
    mine = _openings(trace)
    since_ns: int | None = None
    let_go_ns: int | None = None  # None while we still keep it away
    for event, call in _about_being_away(trace):
        cause = _AWAY[call] if call is not None else _we_send_it_away(event, callers)
        if cause or (since_ns is not None and _we_let_it_back(event)):
            since_ns = event.t_ns if since_ns is None else since_ns
            let_go_ns = None if cause == "cut" else event.t_ns + int(patience_s.get(cause or "other", 1e9) * 1e9)
        elif event.seq in mine and since_ns is not None:
            spans.append((since_ns, min(event.t_ns, let_go_ns or event.t_ns)))
            since_ns = let_go_ns = None
    if since_ns is not None:
        spans.append((since_ns, min(until_ns, let_go_ns or until_ns)))
    return merged(spans)


def _about_being_away(trace: Trace) -> list[tuple[Event, str | None]]:
    """Connections and actions of the bench, and the CALLs of ours that send a charger away, with their actions."""
    sent = messages(trace, action=tuple(_AWAY), direction="out")
    calls = [(m.event, m.action) for m in sent if m.type == 2]
    acts = trace.once("network", lambda: [e for e in trace.whole.of("bench.action") if _is_network(e)])
    acts = [e for e in acts if e.seq in trace.numbers]
    others = [(e, None) for e in [*trace.of("ocpp.connection"), *acts]]
    return sorted([*calls, *others], key=lambda pair: pair[0].seq)


def _openings(trace: Trace) -> frozenset[int]:
    """The numbers of the events in which the charger was let in."""
    opened = [e for e in trace.of("ocpp.connection") if e.data.get("state") == "open"]
    return frozenset(e.seq for e in callers_of(trace).charger(opened))


def _we_let_it_back(event: Event) -> bool:
    return _is_network(event) and str(event.data.get("command", "")).startswith(_RETURNS)


def _is_network(event: Event) -> bool:
    return event.kind == "bench.action" and event.data.get("role") in ("csms.network", "network_switch", "supply")


def _we_send_it_away(event: Event, callers: Callers) -> str | None:
    """By what we sent it away: "cut", "update" or "other"; None when we did not."""
    if _is_network(event):
        command = str(event.data.get("command", ""))
        return "cut" if command.startswith(_CUTS) else None
    closed = event.kind == "ocpp.connection" and event.data.get("closed_by") == "harness"
    return "other" if closed and callers.was_connected(event) else None


def merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping spans joined, in order."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def length_ns(spans: list[tuple[int, int]]) -> int:
    """Total length of disjoint spans."""
    return sum(end - start for start, end in spans)


@judge("connected_share.at_least_98_percent")
def at_least_98_percent(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The share of time connected since the first connection, unknown time counted as up and as down.

    A look that is shorter than the `window` proves nothing: then the verdict is inconclusive with both bounds.
    """
    limit = limits["share"]
    window_days = limits["window"].value
    expected = f"connected at least {limit.value:g} % of {window_days:g} days, however unknown time is counted"
    mine = _openings(trace)
    first = next((e for e in trace.of("ocpp.connection") if e.seq in mine), None)
    if first is None:
        return unseen(expected, "it never connected", acted="dut", clause="D5.4 no. 5")
    end_ns = trace.by_seq(claim.seq).t_ns
    total_ns = max(end_ns - first.t_ns, 1)
    up = spans_up(trace, end_ns, limits["alive"].value)
    patience_s = {"other": limits["reconnect"].value, "update": limits["install"].value}
    unknown = [(max(a, first.t_ns), b) for a, b in spans_unknown(trace, end_ns, patience_s) if b > first.t_ns]
    surely_up_ns = length_ns(merged(up)) - _overlap_ns(up, unknown)
    low = 100.0 * surely_up_ns / total_ns
    high = 100.0 * min(total_ns, surely_up_ns + length_ns(unknown)) / total_ns
    measured = [
        Measurement(
            name=f"share connected, unknown time counted as {how}",
            value=round(value, 3),
            unit="%",
            limit=limit.value,
            sense=Sense.AT_LEAST,
            limit_source=limit.source,
            limit_confidence=limit.confidence,
        )
        for how, value in (("down", low), ("up", high))
    ]
    window_s = total_ns / 1e9
    seen = f"between {low:.1f} % and {high:.1f} % of {window_s / 60:.1f} minutes"
    if window_s < window_days * _DAY_S:
        verdict = Verdict.INCONCLUSIVE
        seen += f": a look this short only gives a bound, the contract asks for {window_days:g} days"
    else:
        verdict = Verdict.PASS if low >= limit.value else Verdict.FAIL if high < limit.value else Verdict.INCONCLUSIVE
    return found(verdict, expected, seen, first, clause="D5.4 no. 5", measurements=measured)


def _overlap_ns(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> int:
    """How much two ordered lists of stretches, each without overlaps of its own, have in common."""
    common, n = 0, 0
    for a, b in one:
        while n < len(other) and other[n][1] <= a:
            n += 1
        for c, d in other[n:]:
            if c >= b:
                break
            common += max(0, min(b, d) - max(a, c))
    return common
