"""OCPP B08: custom reports."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import report_owed


@rule("OCPP-B08.R003", "result:GetReport", "call:NotifyReport")
def accepted_reports_are_sent(s: Station, m: Message) -> Debt | None:
    """B08.FR.03: a report that was accepted is sent, to its end."""
    return report_owed(s, m, "NotifyReport", "GetReport")
