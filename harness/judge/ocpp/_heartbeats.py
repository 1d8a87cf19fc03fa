"""Whether a charger uses the heartbeat interval that its backend gave it."""

from __future__ import annotations

from itertools import pairwise

import msgspec

from harness.judge._core import Claim, Finding, Limits, held_against, judge
from harness.judge._say import found, unseen
from harness.trace import Trace, exchanges, messages


@judge("core_ocpp.keeps_the_heartbeat_interval")
def keeps_the_heartbeat_interval(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """From its accepted boot after event `since` it is never silent for longer than the interval it was given.

    `heartbeat_delay` is what it may be late. Anything that it sends is a sign of life. It must have been watched for
    longer than that.
    """
    expected = "it is heard again before the heartbeat interval that it was given is over"
    clause = "OCPP 2.0.1 B01.FR.04, G02"
    part = trace.after(claim.params["since"]).up_to(claim.seq)
    boots = exchanges(part, action="BootNotification", direction="in")
    accepted = [b.answer for b in boots if b.answer is not None and b.answer.payload.get("status") == "Accepted"]
    if not accepted:
        return unseen(expected, "no boot was accepted", acted="dut", clause=clause)
    answer = accepted[-1]
    limit = limits["heartbeat_delay"]
    allowed = msgspec.structs.replace(limit, value=float(answer.payload.get("interval", 0)) + limit.value)
    said = [m.event for m in messages(part.after(answer.seq), direction="in")]
    if any(e.data.get("state") == "closed" for e in part.of("ocpp.connection").after(answer.seq)):
        return unseen(expected, "the connection was lost meanwhile", acted="dut", clause=clause)
    moments = [answer.event, *said, trace.by_seq(claim.seq)]
    if (moments[-1].t_ns - answer.event.t_ns) / 1e9 <= allowed.value:
        return unseen(expected, "it was watched too short to say", clause=clause)
    before, after = max(pairwise(moments), key=lambda pair: pair[1].t_ns - pair[0].t_ns)
    silent_s = (after.t_ns - before.t_ns) / 1e9
    verdict, measured = held_against("longest silence", silent_s, allowed, at_ns=after.t_ns)
    seen = f"given {answer.payload.get('interval')} s, it was silent for at most {silent_s:.1f} s"
    return found(verdict, expected, seen, answer.event, before, after, clause=clause, measurements=[measured])
