"""Composite schedules: what the charger says it follows, against our own calculation from the same profiles."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import msgspec

from harness.judge._core import Claim, Finding, Limits, Measurement, ResolvedLimit, Verdict, held_against, judge
from harness.judge._say import found, holds, unseen
from harness.judge._series import series
from harness.judge.ocpp._clock import moment, skew
from harness.judge.power._asked import STATION_WIDE, asked_by
from harness.judge.power._profiles import Standing, profiles_at
from harness.judge.power._schedule import DEFAULT_PHASES, Conditions, allowed_a, left_open, limit_of
from harness.trace import Exchange, Scope, Trace
from requirement_catalog import own_count, own_number

_CLAUSE = "OCPP 2.0.1 K08.FR.02, K08.FR.04, K08.FR.06; K01.FR.17, K02.FR.04"
_MOST_STEPS = own_count("composite.most_steps")


@dataclass(frozen=True)
class _Step:
    """One moment compared: what the charger says, and what is right around it (None: nothing limits)."""

    at_s: int
    said_a: float | None
    right_a: tuple[float | None, ...]

    @property
    def apart_a(self) -> float:
        """How far what it says is from the nearest right value; what no profile limits may be anything."""
        known = [r for r in self.right_a if r is not None]
        if len(known) < len(self.right_a) or not known:
            return 0.0
        return min(abs((self.said_a if self.said_a is not None else float("inf")) - r) for r in known)

    @property
    def too_high(self) -> bool:
        """Whether it says more than every right value."""
        return self.said_a is None or all(r is not None and self.said_a > r for r in self.right_a)

    def fits_under(self, cap_a: float, tolerance_a: float) -> bool:
        """Whether it is right if the charger itself cannot do more than `cap_a`."""
        if self.said_a is None:
            return False
        right = [cap_a if r is None else min(r, cap_a) for r in self.right_a]
        return any(abs(self.said_a - r) <= tolerance_a for r in right) or self.apart_a <= tolerance_a


@judge("composite.equals_own_calculation")
def equals_own_calculation(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """GetCompositeSchedule `call` equals our calculation at every moment that was asked for.

    `phases`, `nominal_v` convert W to A. Within `schedule_time` of a step either value is right. What the
    station itself cannot exceed (`rated_a`) may stand in its schedule too: K08.FR.04 asks for at most the lowest limit.
    """
    slack_s = limits["schedule_time"].value
    expected = "the composite schedule is what all profiles together allow, at every moment"
    pair = asked_by(trace, claim.params["call"])
    schedule = pair.answer.payload.get("schedule") if pair.answer is not None else None
    if pair.answer is None or pair.answer.payload.get("status") != "Accepted" or not isinstance(schedule, dict):
        status = (pair.answer.payload.get("status") or pair.answer.error_code) if pair.answer else "no answer"
        return holds(False, expected, f"it answered {status}", *_evidence(pair), clause=_CLAUSE)
    evse, begin = int(pair.call.payload.get("evseId", 0)), moment(schedule.get("scheduleStart"))
    standing = profiles_at(trace, pair.call.event.seq, evse=evse or None)
    if not standing.profiles and standing.unknown is None:
        return unseen(expected, "no profile was in force, so there was nothing to combine", clause=_CLAUSE)
    if begin is None:
        return holds(False, expected, "its schedule starts at no moment", *_evidence(pair), clause=_CLAUSE)
    why = left_open(standing) or _elsewhere(trace, pair, begin, slack_s)
    if evse == 0 and any(p.purpose not in STATION_WIDE for p in standing.profiles):
        why = why or "what all EVSEs together draw depends on more than the profiles (K08.FR.03)"
    volts, phases = (
        float(claim.params.get("nominal_v", own_number("composite.nominal_voltage"))),
        int(claim.params.get("phases", DEFAULT_PHASES)),
    )
    why = why or _another_voltage(trace, volts, limits["voltage"].value)
    if why is not None:
        return found(Verdict.INCONCLUSIVE, expected, f"left open: {why}", *_evidence(pair), clause=_CLAUSE)
    asked_s, told_s = int(pair.call.payload["duration"]), int(schedule.get("duration", 0))
    if told_s < asked_s - slack_s:
        seen = f"the schedule covers {told_s} s of the {asked_s} s that were asked for"
        return holds(False, expected, seen, *_evidence(pair), clause=_CLAUSE)
    tolerance = _per_phase(limits, str(schedule.get("chargingRateUnit", "A")), phases * volts)
    # what W mean per phase at a station with fewer than three OCPP says in two ways (K01.FR.45, .49): both are right
    hows = [Conditions(p, volts, begin) for p in dict.fromkeys((phases, DEFAULT_PHASES))]
    rated_a = claim.params.get("rated_a")
    steps = []
    for at_s in range(0, min(asked_s, told_s), max(1, asked_s // _MOST_STEPS)):
        moments = [begin + datetime.timedelta(seconds=at_s + d) for d in range(-int(slack_s), int(slack_s) + 1)]
        right = tuple(dict.fromkeys(allowed_a(standing, t, how) for t in moments for how in hows))
        if rated_a is not None:
            right += tuple(min(r, float(rated_a)) for r in right if r is not None)
        steps.append(_Step(at_s, limit_of(schedule, at_s, hows[0]), right))
    if all(r is None for step in steps for r in step.right_a):
        return unseen(expected, "none of the profiles limited anything in that time", clause=_CLAUSE)
    verdict, seen, measured = _compared(steps, tolerance)
    if verdict is Verdict.FAIL and not any(s.apart_a > tolerance.value and s.too_high for s in steps):
        cap_a = max(s.said_a for s in steps if s.said_a is not None)
        least_a = limits["least_current"].value
        if others := _sharing(trace, pair, standing):
            verdict, seen = Verdict.INCONCLUSIVE, f"{seen}; {others}"
        elif cap_a >= least_a and all(s.fits_under(cap_a, tolerance.value) for s in steps):
            verdict, seen = Verdict.INCONCLUSIVE, f"{seen}; {cap_a:g} A may be a limit of its own that nobody named"
        elif not standing.is_all_known(evse):
            verdict = Verdict.INCONCLUSIVE
            seen += "; it may follow limits from before, or from outside, that are not known here"
    own = [s for s in steps if all(r is None for r in s.right_a) and not _is_rated(s.said_a, rated_a, tolerance)]
    if verdict is Verdict.PASS and own:
        verdict = Verdict.INCONCLUSIVE
        seen += f"; at {own[0].at_s} s it says {own[0].said_a:g} A, which neither a profile nor its rating explains"
    return found(verdict, expected, seen, *_evidence(pair), clause=_CLAUSE, measurements=measured)


def _per_phase(limits: Limits, unit: str, volts: float) -> ResolvedLimit:
    """How far a schedule may be off, in A per phase; `volts` of all phases together turn W into that."""
    if unit != "W":
        return limits["schedule_current"]
    power = limits["schedule_power"]
    return msgspec.structs.replace(power, value=power.value / volts, tolerance=power.tolerance / volts, unit="A")


def _is_rated(said_a: float | None, rated_a: float | None, tolerance: ResolvedLimit) -> bool:
    """Whether what it says where nothing limits is nothing or its own rating; without a rating anything may be."""
    return said_a is None or rated_a is None or abs(said_a - rated_a) <= tolerance.value


def _compared(steps: list[_Step], tolerance: ResolvedLimit) -> tuple[Verdict, str, list[Measurement]]:
    furthest = max(steps, key=lambda s: s.apart_a)
    ours = " or ".join(f"{r:.1f} A" if r is not None else "no limit" for r in dict.fromkeys(furthest.right_a))
    if furthest.said_a is None and furthest.apart_a > 0:
        return Verdict.FAIL, f"at {furthest.at_s} s it states no limit, we calculate {ours}", []
    verdict, measured = held_against("largest difference", furthest.apart_a, tolerance)
    said = "no limit" if furthest.said_a is None else f"{furthest.said_a:.1f} A"
    seen = f"{len(steps)} moments compared; furthest apart at {furthest.at_s} s: it says {said}, we calculate {ours}"
    return verdict, seen, [measured]


def _another_voltage(trace: Trace, nominal_v: float, most_pct: float) -> str | None:
    """Why A and W cannot be converted: the meter shows another voltage than the profile. None also without a meter."""
    shown = series(trace, "u_l1_v")
    apart_pct = abs(shown[-1].value - nominal_v) / nominal_v * 100 if len(shown) else 0.0
    if apart_pct <= most_pct:
        return None
    return f"the meter shows {shown[-1].value:.0f} V, and the profile says nominal_v {nominal_v:g}"


def _elsewhere(trace: Trace, pair: Exchange, begin: datetime.datetime, slack_s: float) -> str | None:
    """Why the schedule does not begin when it was asked for (K08.FR.02), by the charger's own clock."""
    clocks, asked = skew(trace, pair.call.event.seq), moment(pair.call.event.utc)
    if clocks is None or asked is None:
        return None
    off_s = (begin - asked).total_seconds() - clocks.ahead_s
    if abs(off_s) <= slack_s + clocks.within_s + (pair.took_s or 0.0):
        return None
    return f"its schedule begins {abs(off_s):.0f} s {'after' if off_s > 0 else 'before'} the request"


def _sharing(trace: Trace, pair: Exchange, standing: Standing) -> str:
    """Why less than the station's own limit is right here: it is for all EVSEs together, and another one charges."""
    if not any(p.purpose in STATION_WIDE and p.evse == 0 for p in standing.profiles):
        return ""
    whole = profiles_at(Scope(trace.unscoped, station=trace.of_station), pair.call.event.seq)
    elsewhere = len(whole.active - standing.active)
    return f"what the whole station may draw is shared with {elsewhere} other session(s)" if elsewhere else ""


def _evidence(pair: Exchange) -> list[Any]:
    return [pair.call.event, pair.answer.event if pair.answer else None]


@judge("composite.more_than_one_source")
def more_than_one_source(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The control: at least two profiles of different purposes were in force when `call` asked for the schedule."""
    call = trace.by_seq(int(claim.params["call"]))
    pair = asked_by(trace, call.seq)
    evse = int(pair.call.payload.get("evseId", 0))
    purposes = {p.purpose for p in profiles_at(trace, call.seq, evse=evse or None).profiles}
    expected = "at least two sources set a limit"
    if len(purposes) < 2:
        return unseen(expected, f"only {', '.join(purposes) or 'none'} did", acted="dut")
    return found(Verdict.PASS, expected, ", ".join(sorted(purposes)), call)
