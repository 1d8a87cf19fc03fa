"""OCPP N06: clearing monitors."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._read import items


@rule("OCPP-N06.R005", "result:ClearVariableMonitoring")
def one_result_for_each_id(s: Station, m: Message) -> bool | str | None:
    """N06.FR.05: there is a result for every id that was to be cleared, and for no other."""
    if m.call is None or not isinstance(m.asked.get("id"), list):
        return None
    asked, told = set(m.asked["id"]), {r.get("id") for r in items(m.payload.get("clearMonitoringResult"))}
    return True if asked == told else f"monitors {sorted(asked)} were to be cleared, and the results are of {told}"
