"""OCPP R04: grid-code settings (2.1)."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import report_owed, was_requested


@rule("OCPP-R04.R031", "call:ReportDERControl")
def reports_name_their_request(s: Station, m: Message) -> bool | str | None:
    """R04.FR.31: a report of settings has the requestId of a request that was accepted."""
    return was_requested(s, m, "GetDERControl")


@rule("OCPP-R04.R032", "result:GetDERControl", "call:ReportDERControl")
def accepted_reports_are_sent(s: Station, m: Message) -> Debt | None:
    """R04.FR.32 to .35: settings that were promised are reported, to the last part."""
    return report_owed(s, m, "ReportDERControl", "GetDERControl")
