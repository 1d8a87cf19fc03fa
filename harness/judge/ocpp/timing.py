"""Timing of answers: did the DUT answer a CALL, with what, and how fast?"""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, ResolvedLimit, Verdict, held_against, judge
from harness.judge.power._asked import asked_by
from harness.trace import Exchange, Trace


@judge("timing.answered")
def answered(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Every CALL in `calls` (or the one `call`) was answered with a status in `accept`, within the answer time."""
    wanted = claim.params.get("calls") or [claim.params["call"]]
    accept = claim.params.get("accept", ["Accepted"])
    limit = limits["answer"]
    expected = f"each request is answered {' or '.join(accept)} within {limit.value:g} {limit.unit}"
    slowest, slowest_pair, verdict = -1.0, None, Verdict.PASS
    for seq in wanted:
        pair = asked_by(trace, seq)
        if pair.answer is None:
            return _unanswered(trace, claim, pair, limit, expected)
        status = pair.answer.payload.get("status", pair.answer.error_code)
        if status not in accept:
            return Finding(
                verdict=Verdict.FAIL,
                expected=expected,
                seen=f"{pair.call.action} was answered {status}{_why(pair.answer.payload)}",
                acted="dut",
                at_ns=pair.answer.event.t_ns,
                events=(seq, pair.answer.event.seq),
            )
        if (pair.took_s or 0.0) > slowest:
            slowest, slowest_pair = pair.took_s or 0.0, pair
    assert slowest_pair is not None and slowest_pair.answer is not None
    verdict, measured = held_against("slowest answer", slowest, limit, at_ns=slowest_pair.answer.event.t_ns)
    return Finding(
        verdict=verdict,
        expected=expected,
        seen=f"the slowest of {len(wanted)} came after {slowest:.3f} s",
        acted="dut",
        at_ns=slowest_pair.answer.event.t_ns,
        events=(slowest_pair.call.event.seq, slowest_pair.answer.event.seq),
        measurements=(measured,),
    )


def _unanswered(trace: Trace, claim: Claim, pair: Exchange, limit: ResolvedLimit, expected: str) -> Finding:
    """No answer is a fail once the time has passed, unless we ourselves broke off or stopped looking before."""
    sent = pair.call.event
    cut = next(
        (
            e
            for e in trace.of("ocpp.connection").after(sent.seq)
            if e.data.get("state") == "closed"
            and e.data.get("conn") == sent.data.get("conn")
            and e.data.get("closed_by") == "harness"
        ),
        None,
    )
    end = cut or trace.by_seq(claim.seq)
    waited_s = (end.t_ns - sent.t_ns) / 1e9
    waited = waited_s > limit.value + limit.tolerance
    seen = f"{pair.call.action} was not answered in the {waited_s:.1f} s " + (
        "until we closed the connection" if cut else "that were watched"
    )
    return Finding(
        verdict=Verdict.FAIL if waited else Verdict.INCONCLUSIVE,
        expected=expected,
        seen=seen,
        clause="OCPP-J Part 4, 4.1.1 and 4.2.2",
        acted="dut" if waited else "harness",
        at_ns=sent.t_ns,
        events=(sent.seq,),
    )


def _why(payload: dict[str, object]) -> str:
    info = payload.get("statusInfo")
    if not isinstance(info, dict):
        return ""
    return f" ({info.get('reasonCode', '')}{': ' + str(info['additionalInfo']) if info.get('additionalInfo') else ''})"
