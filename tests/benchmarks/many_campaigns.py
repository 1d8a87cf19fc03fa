"""A long trace in a campaign's own mix: one recorded campaign laid end to end with itself, again and again.

python -m tests.benchmarks.many_campaigns JOURNAL TIMES OUT writes it without holding it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
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
_S = 1_000_000_000
_TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d")  # to the second; what follows stays


def laid_end_to_end(journal: bytes, times: int) -> bytes:
    """The journal of so many campaigns, one after the other: numbers, times, chain and claims go on."""
    return b"".join(_lines(journal, times))


def _lines(journal: bytes, times: int) -> Iterator[bytes]:
    events = [msgspec.json.decode(line) for line in journal.splitlines()]
    length_s, prev = max(event["t_ns"] for event in events) // _S + 2, GENESIS
    for turn in range(times):
        for event in events:
            line = msgspec.json.encode(_shifted(event, turn * len(events), turn * length_s, prev))
            prev = line_hash(line)
            yield line + b"\n"


def _shifted(event: dict[str, Any], by: int, by_s: int, prev: str) -> dict[str, Any]:
    data = event["data"]
    if event["kind"] in ("claim", "claim.intended"):
        data = {**data, "params": {k: _moved(v, by) if k in _EVENTS else v for k, v in data["params"].items()}}
        if "intended" in data:
            data["intended"] = _moved(data["intended"], by)
    elif isinstance(data.get(_OWN.get(event["kind"], "")), int):
        data = {**data, _OWN[event["kind"]]: data[_OWN[event["kind"]]] + by}
    if "raw" in data and by_s:
        data = {**data, "raw": _later(data["raw"], by_s)}
    when = {"t_ns": event["t_ns"] + by_s * _S, "utc": _later(event["utc"], by_s) if by_s else event["utc"]}
    moved = {**event, "seq": event["seq"] + by, **when, "data": data, "prev": prev}
    return {k: v for k, v in moved.items() if not (k == "schema" and by)}


def _later(text: str, by_s: int) -> str:
    """The text with every time in it moved on."""
    return _TIME.sub(lambda time: (datetime.fromisoformat(time[0]) + timedelta(seconds=by_s)).isoformat(), text)


def _moved(value: Any, by: int) -> Any:
    if isinstance(value, list):
        return [_moved(each, by) for each in value]
    return value + by if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else value


if __name__ == "__main__":
    with Path(sys.argv[3]).open("wb") as file:
        file.writelines(_lines(Path(sys.argv[1]).read_bytes(), int(sys.argv[2])))
