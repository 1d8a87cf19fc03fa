"""OCPP N06: clearing monitors."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._read import items

_TELL = (
    *("result:ClearVariableMonitoring", "result:SetVariableMonitoring"),
    *("asked:SetVariableMonitoring", "asked:SetMonitoringBase", "call:BootNotification"),
)


@rule("OCPP-N06.R005", "result:ClearVariableMonitoring")
def one_result_for_each_id(s: Station, m: Message) -> bool | str | None:
    """N06.FR.05: there is a result for every id that was to be cleared, and for no other."""
    if m.call is None or not isinstance(m.asked.get("id"), list):
        return None
    asked, told = set(m.asked["id"]), {r.get("id") for r in items(m.payload.get("clearMonitoringResult"))}
    return True if asked == told else f"monitors {sorted(asked)} were to be cleared, and the results are of {told}"


@rule("OCPP-N06.R002", *_TELL)
def only_monitors_that_exist_are_cleared(s: Station, m: Message) -> list[bool | str]:
    """N06.FR.02: a monitor that was cleared, and not set since, is not cleared once more."""
    kept, said = _monitors(s, m), list[bool | str]()
    told = items(m.payload.get("clearMonitoringResult")) if m.call is not None else []
    for r in told if len({r.get("id") for r in told}) == len(told) else ():
        identity, done = r.get("id"), r.get("status") == "Accepted"
        if kept.get(identity) is False or (done and kept.get(identity)):
            fits = kept[identity] or not done
            said.append(True if fits else f"monitor {identity} was cleared before, and is cleared again")
        if done:
            kept[identity] = False
    return said


def _monitors(s: Station, m: Message) -> OrderedDict[Any, Any]:
    """Whether a monitor is set, by id; of what may have come back by itself nothing is known."""
    kept = s.note("N06.R002")
    if m.is_call:  # which number a new one is given, the station alone knows, until it says so
        kept.clear()
    for r in items(m.payload.get("setMonitoringResult")):
        kept[r.get("id")] = True
    return kept
