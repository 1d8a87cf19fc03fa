"""OCPP K12: limits that others than the backend set."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._read import part


@rule("OCPP-K12.R004", "call:NotifyChargingLimit")
def the_source_is_not_the_backend(s: Station, m: Message) -> bool | str:
    """K12.FR.04, K11.FR.05: a limit that somebody else set is not told as the backend's."""
    source = part(m.payload, "chargingLimit", "chargingLimitSource")
    return "a limit of somebody else is told as the backend's (CSO)" if source == "CSO" else True
