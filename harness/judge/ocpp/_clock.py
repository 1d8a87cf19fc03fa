"""The charger's clock against ours: its time stamps as moments, and how far they are apart."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from statistics import median

from harness.trace import Trace, messages
from requirement_catalog import own_count, own_number

_SIGNED = ("TransactionEvent", "NotifyEvent", "StatusNotification", "SecurityEventNotification")
_TIMES = ("timestamp", "generatedAt")


def moment(text: object) -> datetime.datetime | None:
    """A time stamp as a moment; None for what is none, or names no offset from UTC (RFC 3339 asks for one)."""
    try:
        when = datetime.datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
    return when if when.tzinfo is not None else None


@dataclass(frozen=True)
class Skew:
    """How far the charger's clock was ahead of ours, in s (negative: behind), and how well that is known."""

    ahead_s: float
    within_s: float
    messages: int


def skew(trace: Trace, until_seq: int, *, newest: int = own_count("clock.newest")) -> Skew | None:
    """From what the charger stamped and sent at once, up to an event; None when it stamped nothing.

    A message is stamped before it is sent, so that the network's delay makes the clock look behind: the median of the
    newest ones is taken, and their spread (at least a whole second, which some clocks count in) as its uncertainty.
    """
    found: list[float] = []
    for message in reversed(messages(trace.up_to(until_seq), direction="in")):
        if message.type != 2 or message.action not in _SIGNED:
            continue
        if message.payload.get("offline"):
            continue
        stamped = next((m for k in _TIMES if (m := moment(message.payload.get(k))) is not None), None)
        received = moment(message.event.utc)
        if stamped is not None and received is not None:
            found.append((stamped - received).total_seconds())
        if len(found) == newest:
            break
    if not found:
        return None
    middle = median(found)
    return Skew(
        middle,
        max(own_number("clock.least_spread"), median(abs(f - middle) for f in found) * own_count("clock.spreads")),
        len(found),
    )
