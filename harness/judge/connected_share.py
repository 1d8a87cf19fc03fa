"""How much of the time the charger was connected, with both bounds: what nobody could observe counts once each way."""

from __future__ import annotations

from collections.abc import Mapping

from harness.judge._attribution import Callers
from harness.judge._core import Claim, Finding, Limits, Measurement, Verdict, judge
from harness.judge._say import found, unseen
from harness.trace import Event, Trace
from requirement_catalog import Sense

_GRACE_S = 35.0  # our heartbeat interval plus a margin: silence longer than this is not proof of life
_DAY_S = 86400.0
_CUTS, _RETURNS = ("cut", "NET OFF"), ("restore", "NET ON")


def spans_up(trace: Trace, until_ns: int) -> list[tuple[int, int]]:
    """When the charger was connected and alive: from each opening to its last sign of life plus the grace."""
    spans: list[tuple[int, int]] = []
    opened: dict[int, int] = {}
    alive: dict[int, int] = {}
    grace_ns = int(_GRACE_S * 1e9)
    mine = _openings(trace)
    for event in trace:
        conn = int(event.data.get("conn") or 0)
        if event.seq in mine:
            opened[conn] = alive[conn] = event.t_ns
        elif conn in opened and event.kind == "ocpp.frame" and event.data.get("dir") == "in":
            alive[conn] = event.t_ns
        elif conn in opened and event.kind == "ocpp.connection" and event.data.get("state") == "closed":
            spans.append((opened.pop(conn), min(event.t_ns, alive[conn] + grace_ns)))  # it may have been dead for long
    for conn, start in opened.items():
        spans.append((start, min(until_ns, alive[conn] + grace_ns)))
    return merged(spans)


def spans_unknown(trace: Trace, until_ns: int, patience_s: Mapping[str, float] = {}) -> list[tuple[int, int]]:
    """When we ourselves kept the charger away (cuts, hostile servers, requested reconnects and resets): unknown.

    Until it is back, but for no longer than `patience_s` (by cause: "update", else "other") after we let it return.
    """
    spans: list[tuple[int, int]] = []
    mine = _openings(trace)
    since_ns: int | None = None
    let_go_ns: int | None = None  # None while we still keep it away
    for event in trace:
        cause = _we_send_it_away(event)
        if cause or (since_ns is not None and _we_let_it_back(event)):
            since_ns = event.t_ns if since_ns is None else since_ns
            let_go_ns = None if cause == "cut" else event.t_ns + int(patience_s.get(cause or "other", 1e9) * 1e9)
        elif event.seq in mine and since_ns is not None:
            spans.append((since_ns, min(event.t_ns, let_go_ns or event.t_ns)))
            since_ns = let_go_ns = None
    if since_ns is not None:
        spans.append((since_ns, min(until_ns, let_go_ns or until_ns)))
    return merged(spans)


def _openings(trace: Trace) -> frozenset[int]:
    """The numbers of the events in which the charger was let in."""
    opened = [e for e in trace if e.kind == "ocpp.connection" and e.data.get("state") == "open"]
    return frozenset(e.seq for e in Callers(trace).charger(opened))


def _we_let_it_back(event: Event) -> bool:
    return _is_network(event) and str(event.data.get("command", "")).startswith(_RETURNS)


def _is_network(event: Event) -> bool:
    return event.kind == "bench.action" and event.data.get("role") in ("csms.network", "network_switch")


def _we_send_it_away(event: Event) -> str | None:
    """By what we sent it away: "cut", "update" or "other"; None when we did not."""
    if _is_network(event):
        command = str(event.data.get("command", ""))
        return "cut" if command.startswith(_CUTS) else None
    if event.kind == "ocpp.frame" and event.data.get("dir") == "out" and event.data.get("type") == 2:
        return {"Reset": "other", "UpdateFirmware": "update"}.get(str(event.data.get("action")))
    return "other" if event.kind == "ocpp.connection" and event.data.get("closed_by") == "harness" else None


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
    first = next((e for e in trace if e.seq in mine), None)
    if first is None:
        return unseen(expected, "it never connected", acted="dut", clause="D5.4 no. 5")
    end_ns = trace.by_seq(claim.seq).t_ns
    total_ns = max(end_ns - first.t_ns, 1)
    up = spans_up(trace, end_ns)
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
    return sum(max(0, min(b, d) - max(a, c)) for a, b in one for c, d in other)
