"""A long trace in a campaign's own mix: one recorded campaign laid end to end with itself, again and again."""

from __future__ import annotations

from typing import Any

import msgspec

from harness.trace import GENESIS, line_hash

# parameters of claims that are numbers of events, or lists of them
_EVENTS = frozenset(
    (
        *("after", "at", "call", "calls", "clear", "cut", "every", "get", "gone", "leaving", "limit", "restored"),
        *("set", "since", "stop", "until"),
    )
)
_OWN = {"wait.ended": "started", "bench.reply": "action"}  # data that names an earlier event
_PAUSE_NS = 1_000_000_000


def laid_end_to_end(journal: bytes, times: int) -> bytes:
    """The journal of so many campaigns, one after the other: numbers, times, chain and claims go on."""
    events = [msgspec.json.decode(line) for line in journal.splitlines()]
    length_ns = max(event["t_ns"] for event in events) + _PAUSE_NS
    lines, prev = [], GENESIS
    for turn in range(times):
        for event in events:
            line = msgspec.json.encode(_shifted(event, turn * len(events), turn * length_ns, prev))
            prev = line_hash(line)
            lines.append(line)
    return b"\n".join(lines) + b"\n"


def _shifted(event: dict[str, Any], by: int, by_ns: int, prev: str) -> dict[str, Any]:
    data = event["data"]
    if event["kind"] in ("claim", "claim.intended"):
        data = {**data, "params": {k: _moved(v, by) if k in _EVENTS else v for k, v in data["params"].items()}}
        if "intended" in data:
            data["intended"] = _moved(data["intended"], by)
    elif isinstance(data.get(_OWN.get(event["kind"], "")), int):
        data = {**data, _OWN[event["kind"]]: data[_OWN[event["kind"]]] + by}
    moved = {**event, "seq": event["seq"] + by, "t_ns": event["t_ns"] + by_ns, "data": data, "prev": prev}
    return {k: v for k, v in moved.items() if not (k == "schema" and by)}


def _moved(value: Any, by: int) -> Any:
    if isinstance(value, list):
        return [_moved(each, by) for each in value]
    return value + by if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else value
