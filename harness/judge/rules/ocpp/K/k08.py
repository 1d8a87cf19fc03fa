"""OCPP K08: the composite schedule."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._read import items, moment_s, number, part
from harness.ocppj import V201

_DECIMAL = re.compile(r"\d+(\.\d+)?")


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


@rule("OCPP-K08.R004", "result:GetCompositeSchedule", "call:NotifyChargingLimit", "call:NotifyReport")
def schedule_stays_below_the_stations_limit(s: Station, m: Message) -> bool | str | None:
    """K08.FR.04: a composite schedule is nowhere above the limit of the whole station that is in force."""
    told, share = m.payload.get("schedule"), _unseen_share(s, m)
    if share is None or m.utc_ns is None or not s.knows_station_limits:
        return None
    if m.status != "Accepted" or not isinstance(told, dict):
        return None
    unit = told.get("chargingRateUnit")
    limit = _lasting_limit(s.profiles.values(), unit, m.utc_ns / 1e9)
    most = max((number(p.get("limit")) or 0.0 for p in items(told.get("chargingSchedulePeriod"))), default=None)
    if limit is None or most is None:
        return None
    over = most > limit * (1 + share) + s.limits["digit"]
    return f"the station is limited to {limit:g} {unit}, and it told {most:g} {unit}" if over else True


def _unseen_share(s: Station, m: Message) -> float | None:
    """The share of a limit that local generation may add to it without a word (2.1, K27); None: nobody knows.

    What adds more is told (K27.FR.03). A station that takes none lists no such purpose, or has no list of purposes at
    all, as its whole report shows.
    """
    kept = s.note("K08.R004")
    if m.action == "NotifyChargingLimit" and part(m.payload, "chargingLimit", "isLocalGeneration") is True:
        kept["told"] = True
    if m.action == "NotifyReport" and s.requests.get(("GetBaseReport", m.payload.get("requestId"))) == "Accepted":
        kept["reported"] = True
    if (m.version or s.version) == V201:
        return 0.0
    listed = s.variables.get("smartchargingctrlr.supportedadditionalpurposes", "" if "reported" in kept else None)
    if "told" in kept or listed is None:
        return None
    if "localgeneration" not in listed.lower():
        return 0.0
    percent = s.variables.get("smartchargingctrlr.limitchangesignificance", "")
    return float(percent) / 100 if _DECIMAL.fullmatch(percent) else None


def _lasting_limit(profiles: Iterable[dict[str, Any]], unit: object, now_s: float) -> float | None:
    """What the station's profile of the highest stack level allows, if that holds now and for good; None: unknown."""
    whole = [p for p in profiles if p.get("chargingProfilePurpose") == "ChargingStationMaxProfile"]
    if not whole or any(p.get("chargingProfilePurpose") == "LocalGeneration" for p in profiles):
        return None
    profile = max(whole, key=lambda p: number(p.get("stackLevel")) or 0.0)
    schedules = items(profile.get("chargingSchedule"))
    periods = items(schedules[0].get("chargingSchedulePeriod")) if len(schedules) == 1 else []
    if len(periods) != 1 or profile.get("chargingProfileKind") != "Absolute":
        return None
    began_s = moment_s(schedules[0].get("startSchedule"))
    ends = "duration" in schedules[0] or "validTo" in profile or "validFrom" in profile
    if ends or began_s is None or began_s > now_s or schedules[0].get("chargingRateUnit") != unit:
        return None
    return number(periods[0].get("limit"))
