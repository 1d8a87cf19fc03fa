"""OCPP N02: monitoring reports."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import parts_are_numbered, report_owed, was_requested


@rule("OCPP-N02.R003", "result:GetMonitoringReport", "call:NotifyMonitoringReport")
def accepted_reports_are_sent(s: Station, m: Message) -> Debt | None:
    """N02.FR.03: a monitoring report that was accepted is sent, to its end."""
    return report_owed(s, m, "NotifyMonitoringReport", "GetMonitoringReport")


@rule("OCPP-N02.R004", "call:NotifyMonitoringReport")
def reports_name_their_request(s: Station, m: Message) -> bool | str | None:
    """N02.FR.04: a monitoring report has the requestId of a request that was accepted."""
    return was_requested(s, m, "GetMonitoringReport")


@rule("OCPP-N02.R010", "call:NotifyMonitoringReport")
def parts_are_in_order(s: Station, m: Message) -> bool | str | None:
    """N02.FR.09: the parts of a report are numbered from 0 by ones."""
    return parts_are_numbered(s, m)
