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
    What waited for its connection says nothing, marked as `offline` or not.
    """
    found: list[_Stamp] = []
    for message in reversed(messages(trace.up_to(until_seq), direction="in")):
        if message.type != 2 or message.action not in _SIGNED or message.payload.get("offline"):
            continue
        stamped = next((m for k in _TIMES if (m := moment(message.payload.get(k))) is not None), None)
        received = moment(message.event.utc)
        if stamped is not None and received is not None:
            found.append(_Stamp(message.event.data.get("conn"), received, (stamped - received).total_seconds()))
        if len(found) == newest:
            break
    ahead = [stamp.ahead_s for stamp in _sent_at_once(found, _opened(trace))]
    if not ahead:
        return None
    middle = median(ahead)
    return Skew(
        middle,
        max(own_number("clock.least_spread"), median(abs(a - middle) for a in ahead) * own_count("clock.spreads")),
        len(ahead),
    )


@dataclass(frozen=True)
class _Stamp:
    """How far ahead of its arrival a message was stamped, and by which connection it came."""

    connection: object
    received: datetime.datetime
    ahead_s: float


def _opened(trace: Trace) -> dict[object, datetime.datetime]:
    """When each connection opened."""

    def find() -> dict[object, datetime.datetime]:
        opened = trace.whole.of("ocpp.connection").where(lambda e: e.data.get("state") == "open")
        return {e.data.get("conn"): at for e in opened if (at := moment(e.utc)) is not None}

    return trace.once(_opened, find)


def _sent_at_once(stamps: list[_Stamp], opened: dict[object, datetime.datetime]) -> list[_Stamp]:
    """Without those that were stamped before their connection opened, by the clock that its freshest message shows."""
    freshest: dict[object, float] = {}
    for stamp in stamps:
        freshest[stamp.connection] = max(stamp.ahead_s, freshest.get(stamp.connection, stamp.ahead_s))

    def waited(stamp: _Stamp) -> bool:
        began = opened.get(stamp.connection)
        if began is None or stamp.received < began:
            return False
        open_s, late_s = (stamp.received - began).total_seconds(), freshest[stamp.connection] - stamp.ahead_s
        return late_s > open_s + own_number("clock.least_spread")

    return [stamp for stamp in stamps if not waited(stamp)]
