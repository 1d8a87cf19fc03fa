"""How fast this machine is just now: CPU time of a fixed piece of work, to print beside every figure.

Two figures compare only as multiples of it. A machine that others use is slow in ways that a short loop does not feel
(its caches are emptied), so figures from such a machine are still too large, only less so.
"""

from __future__ import annotations

import json
import time

_TEXT = json.dumps(
    [
        2,
        "CP-1",
        "TransactionEvent",
        {
            "eventType": "Updated",
            "timestamp": "2026-11-01T00:00:00.000Z",
            "seqNo": 7,
            "meterValue": [{"sampledValue": [{"value": 1.5, "unitOfMeasure": {"unit": "Wh"}}] * 5}],
        },
    ]
)
_TIMES, _ROUNDS = 20_000, 5


def yardstick_us() -> float:
    """CPU microseconds in which the standard library reads one message of 400 characters; the best of some rounds."""
    return min(_round_us() for _ in range(_ROUNDS))


def _round_us() -> float:
    started = time.process_time()
    for _ in range(_TIMES):
        json.loads(_TEXT)
    return (time.process_time() - started) / _TIMES * 1e6


def in_words(before_us: float) -> str:
    """The yardstick before the work and now: what a figure of another machine is compared by."""
    return f"{before_us:.2f} µs before, {yardstick_us():.2f} µs after (a message read by json.loads)"
