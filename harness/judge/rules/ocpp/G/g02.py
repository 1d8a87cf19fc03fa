"""OCPP G02: heartbeats."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule


@rule("OCPP-G02.R001", "told:BootNotification", "told:Heartbeat")
def keeps_the_heartbeat_interval(s: Station, m: Message) -> Debt | None:
    """B01.FR.04, G02.FR.01, .02: it is heard again before the heartbeat interval is over."""
    interval = m.payload.get("interval") if m.action == "BootNotification" else s.heartbeat_s
    if not isinstance(interval, int | float) or interval <= 0 or m.payload.get("status", "Accepted") != "Accepted":
        return None
    seen = f"the heartbeat interval is {interval:g} s, and nothing was heard of it for longer"
    # whatever it sends may start the interval anew (G02.FR.05); SetVariables may have changed it
    return Debt(
        seen,
        interval * s.limits["share"] + s.limits["grace"],
        lambda later: True,
        ends_by=lambda later: later.action == "SetVariables",
    )
