"""The charger's clock against the backend's."""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, held_against, judge
from harness.judge._say import found, unseen
from harness.judge.ocpp._clock import skew
from harness.trace import Trace

_CLAUSE = "OCPP 2.0.1 B01.FR.06, G02.FR.06"


@judge("clock.agrees")
def agrees(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The times that the charger's messages bear after event `since` are the backend's, within `clock` seconds.

    Only what it sends at once shows its clock: events of an outage are left out.
    """
    limit = limits["clock"]
    expected = f"its messages bear the backend's time, within {limit.value:g} {limit.unit}"
    clocks = skew(trace.after(int(claim.params["since"])), claim.seq)
    if clocks is None:
        return unseen(expected, "it sent nothing that bears a time", acted="dut", clause=_CLAUSE)
    verdict, measured = held_against("apart", abs(clocks.ahead_s), limit, uncertainty=clocks.within_s)
    way = "ahead of" if clocks.ahead_s > 0 else "behind"
    seen = f"its clock is {abs(clocks.ahead_s):.1f} s {way} the backend's, by {clocks.messages} messages"
    return found(verdict, expected, seen, trace.by_seq(claim.seq), clause=_CLAUSE, measurements=[measured])
