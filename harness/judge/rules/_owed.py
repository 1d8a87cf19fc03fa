"""Duties that several use cases share: a report that was promised, its numbers and its request."""

from __future__ import annotations

from typing import Any

from harness.judge.rules._message import Message
from harness.judge.rules._registry import Debt
from harness.judge.rules._station import Station


def report_owed(m: Message, action: str, within_s: float = 300.0) -> Debt | None:
    """After an accepted request: the last part of a report (`tbc` false or absent) with its requestId."""
    if m.status != "Accepted" or m.call is None:
        return None
    identity = m.asked.get("requestId")

    def is_last(later: Message) -> bool:
        mine = later.action == action and later.is_call and later.payload.get("requestId") == identity
        return mine and not later.payload.get("tbc")

    seen = f"it accepted {m.action} (request {identity}) and did not send all of {action} within {within_s:g} s"
    return Debt(seen, within_s, is_last)


def was_requested(s: Station, m: Message, *requests: str) -> bool | str | None:
    """Whether a report's requestId is one that was asked for; unknown where the log begins in the middle."""
    identity: Any = m.payload.get("requestId")
    answered = [s.requests.get((request, identity)) for request in requests]
    if any(status == "Accepted" for status in answered):
        return True
    if any(status is not None for status in answered):
        return f"{m.action} for request {identity}, which it had answered {next(a for a in answered if a)}"
    pending = any(
        c.action in requests and c.payload.get("requestId") == identity for c in s.open_calls["csms"].values()
    )
    if not s.from_start or pending:
        return None
    return f"{m.action} for request {identity}, which nobody made"


def parts_are_numbered(s: Station, m: Message, key: Any) -> bool | str | None:
    """Whether the parts of a report are numbered from 0 by ones; unknown where its beginning was not seen."""
    number, kept = m.payload.get("seqNo"), s.note(f"parts of {m.action}")
    if not isinstance(number, int) or m.remark is not None:
        return None
    wanted = kept.pop(key, 0)
    if m.payload.get("tbc"):
        kept[key] = number + 1
    if wanted == 0 and number > 0 and not s.from_start:
        return None
    return True if number == wanted else f"{m.action}: part {number} came where part {wanted} was due"
