"""Composite schedules: what the charger says it follows, against our own calculation from the same profiles."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from harness.judge._core import Claim, Finding, Limits, Verdict, held_against, judge
from harness.judge._say import found, holds, unseen
from harness.trace import Exchange, Trace, exchanges, messages

_CLAUSE = "OCPP 2.0.1 K08.FR.02-06, K01 (stacking and combining)"
_STATION_WIDE = "ChargingStationMaxProfile"


@dataclass(frozen=True)
class _Profile:
    evse: int
    body: dict[str, Any]

    @property
    def purpose(self) -> str:
        return str(self.body["chargingProfilePurpose"])

    @property
    def level(self) -> int:
        return int(self.body["stackLevel"])


def profiles_at(trace: Trace, until_seq: int) -> list[_Profile]:
    """The profiles in force at an event, replayed from accepted SetChargingProfile and ClearChargingProfile."""
    standing: dict[int, _Profile] = {}
    for pair in exchanges(trace, direction="out"):
        if pair.answer is None or pair.answer.event.seq > until_seq or pair.answer.payload.get("status") != "Accepted":
            continue
        payload = pair.call.payload
        if pair.call.action == "SetChargingProfile":
            new = _Profile(int(payload["evseId"]), payload["chargingProfile"])
            standing = {k: v for k, v in standing.items() if not _replaces(new, v)}
            standing[int(payload["chargingProfile"]["id"])] = new
        elif pair.call.action == "ClearChargingProfile":
            standing = {k: v for k, v in standing.items() if not _clears(payload, k, v)}
    over = {
        str((m.payload.get("transactionInfo") or {}).get("transactionId"))
        for m in messages(trace, action="TransactionEvent", direction="in")
        if m.payload.get("eventType") == "Ended" and m.event.seq <= until_seq
    }
    # a TxProfile ends with its transaction (K01.FR.14)
    return [p for p in standing.values() if p.purpose != "TxProfile" or p.body.get("transactionId") not in over]


def _replaces(new: _Profile, old: _Profile) -> bool:
    return (new.purpose, new.level, new.evse) == (old.purpose, old.level, old.evse)


def _clears(payload: dict[str, Any], number: int, profile: _Profile) -> bool:
    if "chargingProfileId" in payload:
        return bool(payload["chargingProfileId"] == number)
    criteria = payload.get("chargingProfileCriteria") or {}
    return all(
        wanted == actual
        for wanted, actual in (
            (criteria.get("evseId", profile.evse), profile.evse),
            (criteria.get("chargingProfilePurpose", profile.purpose), profile.purpose),
            (criteria.get("stackLevel", profile.level), profile.level),
        )
    )


def limit_a(profiles: list[_Profile], at: datetime.datetime, phases: int, nominal_v: float) -> float | None:
    """The limit in A per phase at a time: stack level inside a purpose, Tx over TxDefault, minimum across sources."""
    slots: dict[str, tuple[int, int, float]] = {}
    for profile in profiles:
        value = _value_a(profile.body, at, phases, nominal_v)
        if value is None:
            continue
        # inside the transaction slot a TxProfile overrules every TxDefaultProfile (K01.FR.34 and its kin)
        slot = "transaction" if profile.purpose in ("TxProfile", "TxDefaultProfile") else profile.purpose
        rank = (1 if profile.purpose == "TxProfile" else 0, profile.level, value)
        if slot not in slots or rank[:2] > slots[slot][:2]:
            slots[slot] = rank
    return min((value for _, _, value in slots.values()), default=None)


def _value_a(body: dict[str, Any], at: datetime.datetime, phases: int, nominal_v: float) -> float | None:
    schedule = body["chargingSchedule"][0]
    start = schedule.get("startSchedule")
    if body.get("chargingProfileKind") != "Absolute" or start is None:
        return None
    offset_s = (at - _time(start)).total_seconds()
    if offset_s < 0 or ("duration" in schedule and offset_s >= schedule["duration"]):
        return None
    current = [p for p in schedule["chargingSchedulePeriod"] if p["startPeriod"] <= offset_s]
    if not current or "limit" not in current[-1]:
        return None
    period = current[-1]
    value = float(period["limit"])
    if schedule["chargingRateUnit"] == "W":
        return value / (nominal_v * int(period.get("numberPhases", phases)))
    return value


def _time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


@judge("composite.equals_own_calculation")
def equals_own_calculation(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """GetCompositeSchedule `call` equals our calculation at every moment that was asked for.

    `phases`, `nominal_v` convert W to A. Within composite.time_tolerance of a step either value is right. What the
    station itself cannot exceed (`rated_a`) may stand in its schedule too: K08.FR.04 asks for at most the lowest limit.
    """
    tolerance = limits["composite.tolerance"]
    slack = datetime.timedelta(seconds=limits["composite.time_tolerance"].value)
    expected = "the composite schedule is what all profiles together allow, at every moment"
    pair = {e.call.event.seq: e for e in exchanges(trace, direction="out")}[claim.params["call"]]
    if pair.answer is None or pair.answer.payload.get("status") != "Accepted" or "schedule" not in pair.answer.payload:
        status = pair.answer.payload.get("status") if pair.answer else "no answer"
        return holds(False, expected, f"it answered {status}", pair.call.event, clause=_CLAUSE)
    profiles = profiles_at(trace, pair.call.event.seq)
    if not profiles:
        return unseen(expected, "no profile was in force, so there was nothing to combine")
    phases, volts = int(claim.params.get("phases", 3)), float(claim.params.get("nominal_v", 230.0))
    schedule, rated_a = pair.answer.payload["schedule"], claim.params.get("rated_a")
    begin, asked_s = _time(schedule["scheduleStart"]), int(pair.call.payload["duration"])
    if schedule["duration"] < asked_s - slack.total_seconds():
        seen = f"the schedule covers {schedule['duration']} s of the {asked_s} s that were asked for"
        return holds(False, expected, seen, *_evidence(pair), clause=_CLAUSE)
    worst = None
    for step in range(min(asked_s, int(schedule["duration"]))):
        at = begin + datetime.timedelta(seconds=step)
        said = _said_a(schedule, step, phases, volts)
        right = [limit_a(profiles, t, phases, volts) for t in (at - slack, at, at + slack)]
        if rated_a is not None:
            right += [rated_a if r is None else min(r, rated_a) for r in right]
        differences = [abs(said - r) for r in right if said is not None and r is not None]
        if said is None and all(r is None for r in right):
            continue
        difference = min(differences) if differences else abs((said or 0.0) - (right[1] or 0.0))
        if worst is None or difference > worst[0]:
            worst = (difference, step, said, right[1])
    if worst is None:
        return unseen(expected, "the schedule and our calculation both hold no limit")
    difference, step, said, ours = worst
    verdict, measured = held_against("largest difference", difference, tolerance)
    seen = f"{schedule['duration']} s compared; furthest apart at {step} s: it says {said} A, we calculate {ours} A"
    return found(verdict, expected, seen, *_evidence(pair), clause=_CLAUSE, measurements=[measured])


def _said_a(schedule: dict[str, Any], at_s: int, phases: int, volts: float) -> float | None:
    current = [p for p in schedule["chargingSchedulePeriod"] if p["startPeriod"] <= at_s]
    if not current or "limit" not in current[-1]:
        return None
    value = float(current[-1]["limit"])
    if schedule["chargingRateUnit"] == "W":
        return value / (volts * int(current[-1].get("numberPhases", phases)))
    return value


def _evidence(pair: Exchange) -> list[Any]:
    return [pair.call.event, pair.answer.event if pair.answer else None]


@judge("composite.more_than_one_source")
def more_than_one_source(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The control: at least two profiles of different purposes were in force when `call` asked for the schedule."""
    purposes = {p.purpose for p in profiles_at(trace, int(claim.params["call"]))}
    expected = "at least two sources set a limit"
    if len(purposes) < 2:
        return unseen(expected, f"only {', '.join(purposes) or 'none'} did", acted="dut")
    return found(Verdict.PASS, expected, ", ".join(sorted(purposes)), trace.by_seq(int(claim.params["call"])))
