"""Setpoints: does the power follow what the backend asked, in time, and does it stay there?"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from harness.judge._core import Claim, Finding, Limits, ResolvedLimit, Verdict, held_against, judge
from harness.judge._say import unseen
from harness.judge._series import series, stands_still, within
from harness.judge.power._asked import Asked, asked, clock_unsure_s, over_ns
from harness.judge.power._follow import CLAUSE, evidence_missing, followed, just_before, window_end_ns
from harness.judge.power._together import bound_by
from harness.trace import Trace
from requirement_catalog import Confidence, Sense, own_number


def _tolerance(limits: Limits, unit: str, zero: bool = False) -> float:
    if zero and unit == "A":
        return limits["zero_current"].value
    return limits["current_tolerance" if unit == "A" else "power_tolerance"].value


@judge("setpoints.draws_at_least", reads=("meter",))
def draws_at_least(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The meter shows at least `value` (`unit` "A" per phase or "W") through the last `for_s` seconds before `at`.

    The usual positive control: a limit that is to bind is preceded by proof that the car draws more.
    """
    value, unit = float(claim.params["value"]), str(claim.params["unit"])
    end_ns = trace.by_seq(claim.params.get("at", claim.seq)).t_ns
    start_ns = end_ns - int(float(claim.params.get("for_s", own_number("setpoint.look"))) * 1e9)
    expected = f"the car draws at least {value:g} {unit}"
    quantity = "i_max_a" if unit == "A" else "p_w"
    points = within(series(trace, quantity), start_ns, end_ns)
    if missing := evidence_missing(points, start_ns, end_ns, expected):
        return missing
    least = min(points, key=lambda p: p.value)
    limit = ResolvedLimit(name="control", value=value, unit=unit, sense=Sense.AT_LEAST)
    verdict, measured = held_against("lowest reading", least.value, limit, at_ns=least.t_ns)
    return Finding(
        verdict=verdict,
        expected=expected,
        seen=f"at least {least.value:.2f} {unit} over {(end_ns - start_ns) / 1e9:.1f} s",
        acted="ev",
        at_ns=least.t_ns,
        events=(least.seq,),
        measurements=(measured,),
    )


@judge("setpoints.limit_holds", reads=("meter",))
def limit_holds(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After the CALL `limit`, the meter is at or under the limit within the response time and stays there.

    The window ends at `until` (default: the claim). It must show the dwell time of compliance, or that of the role
    `hold`. `period`: that of the schedule, from when it begins.
    """
    ask = asked(trace, claim.params["limit"], period=int(claim.params.get("period", 0)))
    zero = ask.value == 0
    border = ask.value + _tolerance(limits, ask.unit, zero)
    low = -border if ask.unit == "W" else float("-inf")  # phase currents have no sign: none can be too low
    response = limits["response"]
    expected = (
        f"at most {ask.value:g} {ask.unit}{' per phase' if ask.unit == 'A' else ''} at the meter within "
        f"{response.value:g} {response.unit} of the request, and held"
    )
    return followed(trace, claim, limits, ask, low, border, response, expected)


@judge("setpoints.setpoint_followed", reads=("meter",))
def setpoint_followed(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After the CALL `limit`, the measured power reaches its signed `setpoint` (W) in the response time, and stays.

    `hold` and `period` as in `limit_holds`.
    """
    field, period = claim.params.get("field", "setpoint"), int(claim.params.get("period", 0))
    ask = asked(trace, claim.params["limit"], field=field, period=period)
    tolerance = limits["power_tolerance"].value
    response = limits["response"]
    way = "to the grid" if ask.value < 0 else "to the car"
    expected = (
        f"{abs(ask.value):g} {ask.unit} {way} (within {tolerance:g} {ask.unit}) at the meter within "
        f"{response.value:g} {response.unit} of the request, and held"
    )
    if 0 < abs(ask.value) <= tolerance:
        return unseen(expected, f"{ask.value:g} {ask.unit} cannot be told from no power at all", acted="harness")
    return followed(trace, claim, limits, ask, ask.value - tolerance, ask.value + tolerance, response, expected)


@judge("setpoints.amperes_followed", reads=("meter",))
def amperes_followed(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After the CALL `limit`, the current of each phase reaches its signed `setpoint` (A), in its direction, and stays.

    Amperes are those of each phase, and not the sum of them (OCPP 2.1, ChargingRateUnitEnumType).
    """
    ask, tolerance = asked(trace, claim.params["limit"], field="setpoint"), limits["current_tolerance"].value
    response, most, end_ns = limits["response"], abs(ask.value), window_end_ns(trace, claim)
    way = "to the grid" if ask.value < 0 else "to the car"
    expected = f"{most:g} A on each phase {way} within {response.value:g} {response.unit} of the request, and held"
    found = followed(
        trace, claim, limits, replace(ask, value=most), most - tolerance, most + tolerance, response, expected
    )
    flows = within(series(trace, "p_w"), ask.t_ns, end_ns)[-1:]
    if found.verdict is Verdict.PASS and any(p.value * ask.value < 0 for p in flows):
        seen = f"{found.seen}; but the power flows the other way"
        return msgspec.structs.replace(found, verdict=Verdict.FAIL, seen=seen)
    return found


@judge("setpoints.rises_to", reads=("meter",))
def rises_to(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After the CALL `limit` that raises the limit, the meter shows at least `value` within the response time.

    It must stay between that and the new limit. `period`: that of the schedule, from when it begins.
    """
    ask = asked(trace, claim.params["limit"], period=int(claim.params.get("period", 0)))
    tolerance = _tolerance(limits, ask.unit)
    response = limits["response"]
    least = float(claim.params["value"])
    expected = (
        f"between {least:g} and {ask.value:g} {ask.unit} at the meter within {response.value:g} {response.unit} "
        f"of the request that allows it again"
    )
    return followed(trace, claim, limits, ask, least - tolerance, ask.value + tolerance, response, expected)


@judge("setpoints.never_above", reads=("meter",))
def never_above(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """From the CALL `limit` to the claim, no reading is above the limit by more than `over` (in W: `over_power`).

    It was in force before the car came. The power must also have risen above half of it, or nothing was limited.
    """
    ask = asked(trace, claim.params["limit"])
    over = limits["over" if ask.unit == "A" else "over_power"]
    expected = f"never more than {ask.value:g} {ask.unit}{' per phase' if ask.unit == 'A' else ''} at the meter"
    end_ns = window_end_ns(trace, claim)
    every = bound_by(trace, ask)
    points = within(every, ask.t_ns, end_ns)
    if missing := evidence_missing(points, ask.t_ns, end_ns, expected):
        return missing
    highest = max(points, key=lambda p: p.value)
    limit = msgspec.structs.replace(
        over,
        name="limit",
        value=ask.value + over.value,
        unit=ask.unit,
        source="the request itself",
        confidence=Confidence.CONTRACT_DEFAULT,
    )
    verdict, measured = held_against(
        "highest reading", highest.value, limit, uncertainty=highest.uncertainty, at_ns=highest.t_ns
    )
    seen = f"at most {highest.value:.2f} {ask.unit} over {(end_ns - ask.t_ns) / 1e9:.1f} s"
    before = [p for p in just_before(every, ask.t_ns) if p.value > ask.value + over.tolerance]
    if before and verdict is not Verdict.PASS:
        verdict, seen = Verdict.INCONCLUSIVE, f"{seen}: but {before[0].value:.2f} {ask.unit} flowed before the request"
    if verdict is Verdict.PASS and highest.value < ask.value / 2:
        verdict, seen = Verdict.INCONCLUSIVE, f"{seen}: the car hardly drew anything, so nothing was limited"
    if verdict is not Verdict.INCONCLUSIVE and stands_still(trace, ask.t_ns, end_ns):
        verdict, seen = Verdict.INCONCLUSIVE, f"{seen}: but the meter stood still to the last digit"
    if verdict is Verdict.PASS and not ask.accepted:
        verdict, seen = Verdict.FAIL, f"{seen}, but the charger did not accept the limit"
    return Finding(
        verdict=verdict,
        expected=expected,
        seen=seen,
        clause=CLAUSE,
        acted="dut",
        at_ns=highest.t_ns,
        events=(ask.seq, highest.seq),
        measurements=(measured,),
    )


@judge("setpoints.rises_to_other", reads=("meter",))
def rises_to_other(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After event `since` took the lowest limit away, the meter rises to `value` and stays under the CALL `limit`'s.

    Or after what the CALL `ended` set was over by itself.
    """
    other, ended = asked(trace, claim.params["limit"]), claim.params.get("ended")
    since_ns = trace.by_seq(claim.params["since"]).t_ns if ended is None else over_ns(trace, ended)
    unsure_s = 0.0 if ended is None else clock_unsure_s(trace, ended)
    ask = Asked(since_ns, other.value, other.unit, other.seq, other.answer, unsure_s=unsure_s)
    tolerance = _tolerance(limits, ask.unit)
    response = limits["response"]
    least = float(claim.params["value"])
    expected = f"between {least:g} and {ask.value:g} {ask.unit} at the meter, the next lowest limit, and no further"
    return followed(trace, claim, limits, ask, least - tolerance, ask.value + tolerance, response, expected)


@judge("setpoints.local_limit_holds", reads=("meter",))
def local_limit_holds(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After event `since` a limit of `value` W from a local source holds at the meter within the response time."""
    since = trace.by_seq(claim.params["since"])
    value = float(claim.params["value"])
    points = within(series(trace, "p_w"), since.t_ns, window_end_ns(trace, claim))
    response = limits["response"]
    expected = (
        f"at most {value:g} W at the meter within {response.value:g} {response.unit} of the local limit, and held"
    )
    if missing := evidence_missing(points, since.t_ns, window_end_ns(trace, claim), expected):
        return missing
    ask = Asked(since.t_ns, value, "W", since.seq, None)
    return followed(
        trace,
        claim,
        limits,
        ask,
        -value - _tolerance(limits, "W"),
        value + _tolerance(limits, "W"),
        response,
        expected,
        needs_answer=False,
    )
