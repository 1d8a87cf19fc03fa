"""OCPP K08: the composite schedule."""

from __future__ import annotations

from itertools import pairwise

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._read import items, number


@rule("OCPP-K08.R002", "result:GetCompositeSchedule")
def schedule_is_what_was_asked_for(s: Station, m: Message) -> bool | str | None:
    """K08.FR.02: a composite schedule is of the EVSE, the unit and at most the time that were asked for."""
    told = m.payload.get("schedule")
    if m.status != "Accepted" or m.call is None or not isinstance(told, dict):
        return None
    if told.get("evseId") != m.asked.get("evseId"):
        return f"asked for EVSE {m.asked.get('evseId')}, it told the schedule of EVSE {told.get('evseId')}"
    unit = m.asked.get("chargingRateUnit")
    if unit is not None and told.get("chargingRateUnit") != unit:
        return f"asked for {unit}, it told the schedule in {told.get('chargingRateUnit')}"
    longer = (number(told.get("duration")) or 0) > (number(m.asked.get("duration")) or 0)
    return f"asked for {m.asked.get('duration')} s, it told {told.get('duration')} s" if longer else True


@rule("OCPP-K08.R003", "result:GetCompositeSchedule")
def periods_are_in_order(s: Station, m: Message) -> bool | str | None:
    """ChargingSchedulePeriodType, startPeriod: the periods of a schedule follow each other."""
    told = m.payload.get("schedule")
    if m.status != "Accepted" or not isinstance(told, dict):
        return None
    starts = [number(p.get("startPeriod")) for p in items(told.get("chargingSchedulePeriod"))]
    rising = all(a is not None and b is not None and a <= b for a, b in pairwise(starts))
    return True if starts and (starts[0] or 0) >= 0 and rising else f"its periods start at {starts[:6]}"
