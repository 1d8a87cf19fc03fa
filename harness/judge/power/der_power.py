"""Grid-code settings at the meter: is as little given to the grid as they say?"""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import unseen
from harness.judge.power._asked import Asked, asked_by, clock_unsure_s, moment_ns
from harness.judge.power._follow import followed
from harness.trace import Trace


@judge("der_power.capped", reads=("meter",))
def capped(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After SetDERControl `call` of LimitMaxDischarge, or from its startTime on, so much goes to the grid at most.

    It is a share of `rated_w`, in W, the highest rating that may be meant: the station's or the car's.
    """
    pair = asked_by(trace, claim.params["call"])
    body = pair.call.payload.get("limitMaxDischarge") or {}
    cap_w = float(body["pctMaxDischargePower"]) / 100 * float(claim.params["rated_w"])
    tolerance, response = limits["power_tolerance"].value, limits["response"]
    expected = (
        f"at most {cap_w:g} W to the grid at the meter within {response.value:g} {response.unit} of the setting's time"
    )
    begins, unsure_s = pair.call.event.t_ns, 0.0
    if "startTime" in body:
        told = moment_ns(trace, pair.call.seq, body["startTime"])
        if told is None:
            return unseen(expected, "the setting starts at no moment")
        begins, unsure_s = told, clock_unsure_s(trace, pair.call.seq)
    ask = Asked(begins, -cap_w, "W", pair.call.seq, pair.answer, unsure_s=unsure_s)
    return followed(trace, claim, limits, ask, -cap_w - tolerance, tolerance, response, expected)
