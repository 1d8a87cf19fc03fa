"""OCPP B07: base reports."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import parts_are_numbered, report_owed, was_requested


@rule("OCPP-B07.R003", "result:GetBaseReport", "call:NotifyReport")
def accepted_reports_are_sent(s: Station, m: Message) -> Debt | None:
    """B07.FR.03: a base report that was accepted is sent, to its end."""
    return report_owed(s, m, "NotifyReport", "GetBaseReport")


@rule("OCPP-B07.R004", "call:NotifyReport")
def reports_name_their_request(s: Station, m: Message) -> bool | str | None:
    """B07.FR.04, .05, B08.FR.04: a report has the requestId of a request that was accepted."""
    return was_requested(s, m, "GetBaseReport", "GetReport")


@rule("OCPP-B07.R010", "call:NotifyReport")
def parts_are_in_order(s: Station, m: Message) -> bool | str | None:
    """B07.FR.10, B08.FR.14: the parts of a report are numbered from 0 by ones."""
    return parts_are_numbered(s, m)
