"""Setpoints: does the power follow what the backend asked, in time, and does it stay there?"""

from __future__ import annotations

from dataclasses import dataclass

from harness.judge._core import Claim, Finding, Limits, Measurement, ResolvedLimit, Verdict, held_against, judge
from harness.judge._series import MOST_GAP_S, Point, Settled, longest_gap_s, series, settled, within
from harness.trace import OcppMessage, Trace, exchanges
from requirement_catalog import Sense

_CLAUSE = "OCPP K01"


@dataclass(frozen=True)
class Asked:
    """What a CALL asked for: `value` in `unit` ("A" per phase or "W" in total), sent at `t_ns`."""

    t_ns: int
    value: float
    unit: str
    seq: int
    answer: OcppMessage | None

    @property
    def quantity(self) -> str:
        """The meter quantity it binds."""
        return "i_max_a" if self.unit == "A" else "p_w"

    @property
    def accepted(self) -> bool:
        """Whether the DUT answered Accepted."""
        return self.answer is not None and self.answer.payload.get("status") == "Accepted"


def asked(trace: Trace, seq: int, field: str = "limit") -> Asked:
    """Read limit or setpoint from a SetChargingProfile, RequestStartTransaction or UpdateDynamicSchedule CALL.

    The first period's value counts. Raises ValueError when the frame holds none.
    """
    pair = next((e for e in exchanges(trace) if e.call.event.seq == seq), None)
    if pair is None:
        raise ValueError(f"event {seq} is not a CALL")
    call = pair.call
    profile = call.payload.get("chargingProfile") or {}
    schedules = profile.get("chargingSchedule") or []
    schedules = schedules if isinstance(schedules, list) else [schedules]
    if schedules:
        period = schedules[0]["chargingSchedulePeriod"][0]
        unit = schedules[0]["chargingRateUnit"]
    else:
        period, unit = call.payload.get("scheduleUpdate") or {}, "W"
    if field not in period:
        raise ValueError(f"event {seq} ({call.action}) holds no {field}")
    return Asked(call.event.t_ns, float(period[field]), unit, seq, pair.answer)


def _tolerance(limits: Limits, unit: str, zero: bool = False) -> float:
    if zero and unit == "A":
        return limits["setpoint.zero_current"].value
    return limits["setpoint.current_tolerance" if unit == "A" else "setpoint.power_tolerance"].value


def _window(trace: Trace, claim: Claim, start_ns: int) -> int:
    until = claim.params.get("until")
    return trace.by_seq(until if until is not None else claim.seq).t_ns


def _evidence_missing(points: list[Point], start_ns: int, end_ns: int, expected: str) -> Finding | None:
    gap_s = longest_gap_s(points, start_ns, end_ns)
    if points and gap_s <= MOST_GAP_S:
        return None
    seen = f"the meter was silent for {gap_s:.1f} s" if points else "the meter gave no reading at all"
    return Finding(verdict=Verdict.INCONCLUSIVE, expected=expected, seen=seen, acted="bench.meter", at_ns=start_ns)


@judge("setpoints.draws_at_least")
def draws_at_least(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The meter shows at least `value` (`unit` "A" per phase or "W") through the last `for_s` seconds before `at`.

    The usual positive control: a limit that is to bind is preceded by proof that the car draws more.
    """
    value, unit = float(claim.params["value"]), str(claim.params["unit"])
    end_ns = trace.by_seq(claim.params.get("at", claim.seq)).t_ns
    start_ns = end_ns - int(float(claim.params.get("for_s", 0.5)) * 1e9)
    expected = f"the car draws at least {value:g} {unit}"
    quantity = "i_max_a" if unit == "A" else "p_w"
    points = within(series(trace, quantity), start_ns, end_ns)
    if missing := _evidence_missing(points, start_ns, end_ns, expected):
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


@judge("setpoints.limit_holds")
def limit_holds(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After the CALL `limit`, the meter is at or under the limit within the contract's response time and stays there.

    The window ends at `until` (default: the claim). It must show `setpoint.dwell` of compliance.
    """
    ask = asked(trace, claim.params["limit"])
    zero = ask.value == 0
    border = ask.value + _tolerance(limits, ask.unit, zero)
    low = -border if ask.unit == "W" else float("-inf")  # phase currents have no sign: none can be too low
    response = limits[claim.params.get("response", "setpoint.response_time")]
    expected = (
        f"at most {ask.value:g} {ask.unit}{' per phase' if ask.unit == 'A' else ''} at the meter within "
        f"{response.value:g} {response.unit} of the request, and held"
    )
    return _followed(trace, claim, limits, ask, low, border, response, expected)


@judge("setpoints.setpoint_followed")
def setpoint_followed(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After the CALL `limit`, the measured power reaches its signed `setpoint` (W) in the response time, and stays."""
    ask = asked(trace, claim.params["limit"], field=claim.params.get("field", "setpoint"))
    tolerance = limits[claim.params.get("tolerance", "v2x.power_tolerance")].value
    response = limits[claim.params.get("response", "v2x.response_time")]
    way = "to the grid" if ask.value < 0 else "to the car"
    expected = (
        f"{abs(ask.value):g} {ask.unit} {way} (within {tolerance:g} {ask.unit}) at the meter within "
        f"{response.value:g} {response.unit} of the request, and held"
    )
    return _followed(trace, claim, limits, ask, ask.value - tolerance, ask.value + tolerance, response, expected)


@judge("setpoints.rises_to")
def rises_to(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After the CALL `limit` that raises the limit, the meter shows at least `value` within the response time.

    It must stay between that and the new limit.
    """
    ask = asked(trace, claim.params["limit"])
    tolerance = _tolerance(limits, ask.unit)
    response = limits["setpoint.response_time"]
    least = float(claim.params["value"])
    expected = (
        f"between {least:g} and {ask.value:g} {ask.unit} at the meter within {response.value:g} {response.unit} "
        f"of the request that allows it again"
    )
    return _followed(trace, claim, limits, ask, least - tolerance, ask.value + tolerance, response, expected)


def _followed(
    trace: Trace,
    claim: Claim,
    limits: Limits,
    ask: Asked,
    low: float,
    high: float,
    response: ResolvedLimit,
    expected: str,
    *,
    needs_answer: bool = True,
) -> Finding:
    start_ns, end_ns = ask.t_ns, _window(trace, claim, ask.t_ns)
    points = within(series(trace, ask.quantity), start_ns, end_ns)
    if missing := _evidence_missing(points, start_ns, end_ns, expected):
        return missing
    found = settled(points, start_ns, low, high)
    dwell = limits["setpoint.dwell"]
    verdict, measured = _response(found, points, response)
    never = found.last_violation is not None and found.last_violation.t_ns == points[-1].t_ns
    watched_s = (end_ns - start_ns) / 1e9
    if never:
        # Never inside the bounds: a fail once the response time has passed, otherwise we stopped looking too early.
        verdict = Verdict.FAIL if watched_s > response.value + response.tolerance else Verdict.INCONCLUSIVE
        seen = f"still {points[-1].value:.2f} {ask.unit} after {watched_s:.1f} s"
    else:
        seen = (
            f"reached after {found.sure_s:.2f} s, held for {found.held_s:.1f} s at {found.extreme.value:.2f} {ask.unit}"
        )
        if verdict is Verdict.PASS and found.held_s < dwell.value:
            verdict = Verdict.INCONCLUSIVE
            seen += f"; watched too short to say that it holds (the contract asks for {dwell.value:g} s)"
    if needs_answer and not ask.accepted:
        status = "no answer" if ask.answer is None else (ask.answer.payload.get("status") or ask.answer.error_code)
        seen += f"; the charger answered the request with {status}"
        if verdict is Verdict.PASS or ask.answer is not None:  # refused is not followed, however short we looked
            verdict = Verdict.FAIL
    evidence = (ask.seq, *((ask.answer.event.seq,) if ask.answer else ()), found.extreme.seq)
    return Finding(
        verdict=verdict,
        expected=expected,
        seen=seen,
        clause=_CLAUSE,
        acted="dut",
        at_ns=start_ns + int(found.sure_s * 1e9),
        events=evidence,
        measurements=(
            measured,
            Measurement(
                name="reading furthest out while it was held",
                value=found.extreme.value,
                unit=ask.unit,
                uncertainty=found.extreme.uncertainty,
                limit=ask.value,
                tolerance=round(high - ask.value, 6),
                at_ns=found.extreme.t_ns,
            ),
        ),
    )


def _response(found: Settled, points: list[Point], response: ResolvedLimit) -> tuple[Verdict, Measurement]:
    """The response time lies between the last sure and the last doubtful violation; both ends must agree."""
    spacing_s = (points[-1].t_ns - points[0].t_ns) / 1e9 / max(len(points) - 1, 1)
    middle = (found.sure_s + found.doubtful_s) / 2
    half = (found.doubtful_s - found.sure_s) / 2 + spacing_s
    sure = held_against("response time", found.sure_s, response, uncertainty=spacing_s)[0]
    doubtful = held_against("response time", found.doubtful_s, response, uncertainty=spacing_s)[0]
    verdict = sure if sure is doubtful else Verdict.INCONCLUSIVE
    _, measured = held_against("response time", middle, response, uncertainty=half)
    return verdict, measured


@judge("setpoints.never_above")
def never_above(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """From the CALL `limit` to the claim, no reading is above the limit: it was in force before the car came.

    The power must also have risen above half the limit, or nothing was there to be limited.
    """
    ask = asked(trace, claim.params["limit"])
    border = ask.value + _tolerance(limits, ask.unit)
    expected = f"never more than {ask.value:g} {ask.unit}{' per phase' if ask.unit == 'A' else ''} at the meter"
    end_ns = _window(trace, claim, ask.t_ns)
    points = within(series(trace, ask.quantity), ask.t_ns, end_ns)
    if missing := _evidence_missing(points, ask.t_ns, end_ns, expected):
        return missing
    highest = max(points, key=lambda p: p.value)
    limit = ResolvedLimit(
        name="limit", value=ask.value, unit=ask.unit, tolerance=border - ask.value, source="the request itself"
    )
    verdict, measured = held_against(
        "highest reading", highest.value, limit, uncertainty=highest.uncertainty, at_ns=highest.t_ns
    )
    seen = f"at most {highest.value:.2f} {ask.unit} over {(end_ns - ask.t_ns) / 1e9:.1f} s"
    if verdict is Verdict.PASS and highest.value < ask.value / 2:
        verdict, seen = Verdict.INCONCLUSIVE, f"{seen}: the car hardly drew anything, so nothing was limited"
    if verdict is Verdict.PASS and not ask.accepted:
        verdict, seen = Verdict.FAIL, f"{seen}, but the charger did not accept the limit"
    return Finding(
        verdict=verdict,
        expected=expected,
        seen=seen,
        clause=_CLAUSE,
        acted="dut",
        at_ns=highest.t_ns,
        events=(ask.seq, highest.seq),
        measurements=(measured,),
    )


@judge("setpoints.rises_to_other")
def rises_to_other(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After event `since` took the lowest limit away, the meter rises to `value` and stays under the CALL `limit`'s."""
    other = asked(trace, claim.params["limit"])
    since = trace.by_seq(claim.params["since"])
    ask = Asked(since.t_ns, other.value, other.unit, other.seq, other.answer)
    tolerance = _tolerance(limits, ask.unit)
    response = limits["setpoint.response_time"]
    least = float(claim.params["value"])
    expected = f"between {least:g} and {ask.value:g} {ask.unit} at the meter, the next lowest limit, and no further"
    return _followed(trace, claim, limits, ask, least - tolerance, ask.value + tolerance, response, expected)


@judge("setpoints.local_limit_holds")
def local_limit_holds(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After event `since` a limit of `value` W from a local source holds at the meter within the response time."""
    since = trace.by_seq(claim.params["since"])
    value = float(claim.params["value"])
    points = within(series(trace, "p_w"), since.t_ns, _window(trace, claim, since.t_ns))
    response = limits["setpoint.response_time"]
    expected = (
        f"at most {value:g} W at the meter within {response.value:g} {response.unit} of the local limit, and held"
    )
    if missing := _evidence_missing(points, since.t_ns, _window(trace, claim, since.t_ns), expected):
        return missing
    ask = Asked(since.t_ns, value, "W", since.seq, None)
    return _followed(
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
