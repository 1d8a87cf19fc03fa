"""Energy that ends: after a stop, a refusal or the end of a session; and that nobody gets without a start."""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, Verdict, judge
from harness.judge._say import found, holds, unseen
from harness.judge._series import series, within
from harness.judge.ocpp._transactions import transaction_of, value_read
from harness.judge.power._asked import Asked
from harness.judge.power._follow import evidence_missing, followed, window_end_ns
from harness.trace import Event, OcppMessage, Trace, exchanges, messages


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


@judge("off.without_a_start", reads=("meter",))
def without_a_start(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """From event `since` to the claim nobody started anything: no power flows, for the response time at least."""
    expected, clause = "no power flows: nobody started anything for this car", "OCPP 2.0.1 F02.FR.07, F02.FR.08"
    since = trace.by_seq(claim.params["since"])
    return _none(trace, limits, since, since.t_ns, window_end_ns(trace, claim), expected, clause)


@judge("off.once_ended", reads=("meter",))
def once_ended(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Since event `since` the session `transaction` was told as ended: no power flows later than the response time.

    Power of another session that somebody was authorized for, or that charges, is that one's; so is what flowed as
    long as the response time before that was told. A session that was not told as ended may go on (OCPP 2.1 E17).
    """
    expected, clause = "no power flows once the session has ended", "OCPP 2.0.1 E06.FR.02, B12.FR.04, F03.FR.03"
    told = [m for m in messages(trace, action="TransactionEvent", direction="in") if m.type == 2]
    told = [m for m in told if int(claim.params["since"]) < m.event.seq < claim.seq]
    ended = next((m for m in told if m.payload.get("eventType") == "Ended" and _of(m, claim)), None)
    if ended is None:
        return _untold(expected, "it was not told as ended", trace.by_seq(claim.params["since"]), clause)
    others = [m.event.t_ns for m in told if m.event.seq > ended.event.seq and not _of(m, claim) and _gives(m)]
    response_ns = int(limits["response"].value * 1e9)
    start_ns, end_ns = ended.event.t_ns + response_ns, min([*others, window_end_ns(trace, claim)]) - response_ns
    if others and end_ns <= start_ns:
        return _untold(expected, "another session was told of at once", ended.event, clause)
    return _none(trace, limits, ended.event, start_ns, end_ns, expected, clause)


def _untold(expected: str, seen: str, event: Event, clause: str) -> Finding:
    """There was no time after an end: nothing is shown, and nothing is owed."""
    return found(Verdict.NOT_APPLICABLE, expected, seen, event, clause=clause)


def _gives(message: OcppMessage) -> bool:
    """Whether its session may give power: somebody was authorized for it, or it tells that it charges."""
    info = message.payload.get("transactionInfo")
    state = info.get("chargingState") if isinstance(info, dict) else None
    started = message.payload.get("triggerReason") in ("Authorized", "RemoteStart")
    return started or state == "Charging" or "idToken" in message.payload


def _of(message: OcppMessage, claim: Claim) -> bool:
    return transaction_of(message) == str(claim.params["transaction"])


def _none(trace: Trace, limits: Limits, why: Event, start_ns: int, end_ns: int, expected: str, clause: str) -> Finding:
    near_w = limits["power_tolerance"].value
    if end_ns <= start_ns:
        return unseen(expected, "nobody watched long enough", clause=clause)
    points = within(series(trace, "p_w"), start_ns, end_ns)
    if missing := evidence_missing(points, start_ns, end_ns, expected):
        return missing
    most = max(points, key=lambda p: abs(p.value))
    seen = f"at most {abs(most.value):.0f} W over {(end_ns - start_ns) / 1e9:.1f} s"
    sure = abs(most.value) - most.uncertainty > near_w
    if not sure and abs(most.value) + most.uncertainty > near_w:
        return unseen(expected, f"{seen}: too near to nothing to say", acted="bench.meter", clause=clause)
    return holds(not sure, expected, seen, why, trace.by_seq(most.seq), clause=clause)
