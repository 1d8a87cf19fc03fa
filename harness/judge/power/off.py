"""Energy that ends: after the backend stopped a session, or refused whose it is."""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge._series import series, within
from harness.judge.ocpp._transactions import value_read
from harness.judge.power._asked import Asked
from harness.judge.power._follow import evidence_missing, followed, window_end_ns
from harness.trace import OcppMessage, Trace, exchanges


@judge("off.power_goes", reads=("meter",))
def power_goes(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After event `since` the power at the meter goes to nothing within the response time, and stays away."""
    since, near_w = trace.by_seq(claim.params["since"]), limits["power_tolerance"].value
    response = limits["response"]
    expected = f"no power at the meter within {response.value:g} {response.unit} of the stop, and none after it"
    ask = Asked(since.t_ns, 0.0, "W", since.seq, None)
    return followed(trace, claim, limits, ask, -near_w, near_w, response, expected, needs_answer=False)


@judge("off.no_power_once_refused", reads=("meter",))
def no_power_once_refused(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Since `since` our backend refused a session's token; no power flows later than the response time after that.

    GetVariables `allowance` read MaxEnergyOnInvalidId: where that allows some energy all the same (E05.FR.03), nothing
    is decided.
    """
    clause = "OCPP 2.0.1 E05.FR.02, E05.FR.10"
    response, near_w = limits["response"], limits["power_tolerance"].value
    expected = f"no power at the meter {response.value:g} {response.unit} after the token was refused"
    if (allowed := value_read(trace, claim.params["allowance"])) not in (None, "", "0", "0.0"):
        seen = f"MaxEnergyOnInvalidId is {allowed}: so much energy it may give"
        return unseen(expected, seen, acted="dut", clause=clause)
    asked = exchanges(trace.after(claim.params["since"]).up_to(claim.seq), direction="in")
    refusals = [a for e in asked if e.call.action == "TransactionEvent" and (a := e.answer) is not None and _refuses(a)]
    if not refusals:
        return unseen(expected, "it told of no token that could be refused", acted="dut", clause=clause)
    refusal, end_ns = refusals[0].event, window_end_ns(trace, claim)
    start_ns = refusal.t_ns + int(response.value * 1e9)
    if end_ns <= start_ns:
        return unseen(expected, "nobody watched long enough after the refusal", clause=clause)
    points = within(series(trace, "p_w"), start_ns, end_ns)
    if missing := evidence_missing(points, start_ns, end_ns, expected):
        return missing
    most = max(points, key=lambda p: abs(p.value))
    seen = f"at most {most.value:.0f} W over {(end_ns - start_ns) / 1e9:.1f} s"
    return holds(abs(most.value) <= near_w, expected, seen, refusal, trace.by_seq(most.seq), clause=clause)


def _refuses(answer: OcppMessage) -> bool:
    info = answer.payload.get("idTokenInfo")
    return isinstance(info, dict) and info.get("status") not in (None, "Accepted")
