"""ISO 15118 messages out of a trace: sessions, contents and numbers."""

from __future__ import annotations

from typing import Any

from harness.judge._core import Claim
from harness.trace import Event, Trace


def sessions(trace: Trace, claim: Claim) -> list[list[Event]]:
    """The V2G messages between event `since` and the claim, session by session, in order."""
    since = int(claim.params.get("since", -1))
    by_number: dict[Any, list[Event]] = {}
    for event in trace.of("v2g.message").after(since).up_to(claim.seq):
        by_number.setdefault(event.data.get("session"), []).append(event)
    return list(by_number.values())


def session_messages(trace: Trace, claim: Claim) -> list[Event]:
    """Those of the newest session; empty when there was none."""
    return next(reversed(sessions(trace, claim)), [])


def named(events: list[Event], name: str) -> list[Event]:
    """The messages whose name ends so ("ChargeLoopRes" for both AC and DC)."""
    return [e for e in events if str(e.data.get("name")).endswith(name)]


def body(event: Event) -> dict[str, Any]:
    """A message's content, with or without its outer name."""
    payload = event.data.get("payload") or {}
    inner = payload.get(event.data.get("name"))
    return inner if isinstance(inner, dict) else payload


def number(value: Any) -> float | None:
    """A RationalNumber, or a plain number, as float."""
    if isinstance(value, dict) and "Value" in value:
        return float(value["Value"]) * 10.0 ** int(value.get("Exponent", 0))
    return float(value) if isinstance(value, int | float) else None
