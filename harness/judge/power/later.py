"""Limits whose time comes by itself: from a moment on, or once what stood above them is valid no longer."""

from __future__ import annotations

from dataclasses import replace

from harness.judge._core import Claim, Finding, Limits, Verdict, judge
from harness.judge._say import found, unseen
from harness.judge._say import holds as said
from harness.judge._series import series, within
from harness.judge.power._asked import Asked, asked, asked_by, begins_ns, clock_unsure_s
from harness.judge.power._follow import evidence_missing, followed
from harness.trace import Trace
from requirement_catalog import own_number

_LOOK_S = own_number("later.look")
_UNIT, _RELATIVE = "chargingRateUnit", "OCPP 2.0.1 Part 2, K 3.3 (Relative), K01.FR.07"


@judge("later.holds", reads=("meter",))
def holds(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """What the CALL `limit` asks holds at the meter from when its time comes, within the response time, for the dwell.

    Its time is `after_s` seconds after event `since`; without `since` the moment that it names itself, by the
    charger's clock. A `field` of "setpoint" is reached from both sides, a limit only not exceeded.
    """
    field, response = str(claim.params.get("field", "limit")), limits["response"]
    ask = _from_its_time(trace, claim, field)
    tolerance = limits["current_tolerance" if ask.unit == "A" else "power_tolerance"].value
    low = ask.value - tolerance if field == "setpoint" else float("-inf")
    most = f"{ask.value:g} {ask.unit}" if field == "setpoint" else f"at most {ask.value:g} {ask.unit}"
    expected = f"{most} at the meter within {response.value:g} {response.unit} of its time, and held"
    return followed(trace, claim, limits, ask, low, ask.value + tolerance, response, expected)


@judge("later.not_yet", reads=("meter",))
def not_yet(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Before the moment that the CALL `limit` names (K01.FR.30, .36) the car draws at least `value` A, as it did."""
    seq, value = int(claim.params["limit"]), float(claim.params["value"])
    expected, clause = f"still {value:g} A at the meter: the limit's time has not come", "OCPP K01.FR.30, K01.FR.36"
    now_ns, begins = trace.by_seq(claim.seq).t_ns, begins_ns(trace, seq)
    if begins is None or now_ns >= begins - int(clock_unsure_s(trace, seq) * 1e9):
        return unseen(expected, "the limit's time may have come already", clause=clause)
    start_ns = now_ns - int(_LOOK_S * 1e9)
    points = within(series(trace, "i_max_a"), start_ns, now_ns)
    if missing := evidence_missing(points, start_ns, now_ns, expected):
        return missing
    least = min(points, key=lambda p: p.value)
    early_s = (begins - now_ns) / 1e9
    verdict = Verdict.PASS if least.value - least.uncertainty >= value else Verdict.INCONCLUSIVE
    if least.value + least.uncertainty < value:
        verdict = Verdict.FAIL
    seen = f"{least.value:.2f} A {early_s:.1f} s before its time"
    return found(verdict, expected, seen, asked_by(trace, seq).call.event, trace.by_seq(least.seq), clause=clause)


@judge("later.stays_under", reads=("meter",))
def stays_under(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """From event `since` to the claim no reading is above period `period` of the schedule that the CALL `limit` set.

    Something must have flowed meanwhile, or nothing was limited.
    """
    call = asked_by(trace, int(claim.params["limit"])).call
    schedule = call.payload["chargingProfile"]["chargingSchedule"][0]
    most, unit = float(schedule["chargingSchedulePeriod"][int(claim.params["period"])]["limit"]), schedule[_UNIT]
    expected, since = f"at most {most:g} {unit} at the meter, as its schedule says", trace.by_seq(claim.params["since"])
    border = most + limits["current_tolerance" if unit == "A" else "power_tolerance"].value
    end_ns = trace.by_seq(claim.seq).t_ns
    points = within(series(trace, "i_max_a" if unit == "A" else "p_w"), since.t_ns, end_ns)
    if missing := evidence_missing(points, since.t_ns, end_ns, expected):
        return missing
    highest = max(points, key=lambda p: p.value)
    seen = f"at most {highest.value:.2f} {unit} over {(end_ns - since.t_ns) / 1e9:.1f} s"
    if highest.value < most / 2:
        return unseen(expected, f"{seen}: the car hardly drew anything", acted="ev", clause=_RELATIVE)
    if highest.value - highest.uncertainty <= border < highest.value + highest.uncertainty:
        return unseen(expected, f"{seen}: too near to say", acted="bench.meter", clause=_RELATIVE)
    return said(highest.value <= border, expected, seen, call.event, trace.by_seq(highest.seq), clause=_RELATIVE)


def _from_its_time(trace: Trace, claim: Claim, field: str) -> Asked:
    """What was asked for, counted from when its time comes."""
    seq, since = int(claim.params["limit"]), claim.params.get("since")
    ask = asked(trace, seq, field=field)
    if since is not None:
        return replace(ask, t_ns=trace.by_seq(since).t_ns + int(float(claim.params["after_s"]) * 1e9))
    begins = begins_ns(trace, seq)
    if begins is None:
        raise ValueError(f"event {seq} names no moment, and the claim no event that its time comes after")
    return replace(ask, t_ns=begins, unsure_s=clock_unsure_s(trace, seq))
