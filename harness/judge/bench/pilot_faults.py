"""Voltage under a fault of the pilot, whether some stood at the contacts when the fault came or none."""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._series import MOST_GAP_S
from harness.judge.bench.pilot import stays_off, switches_off
from harness.trace import Trace


@judge("pilot_faults.no_voltage", reads=("pilot",))
def no_voltage(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After the bench action `since` voltage that stood goes within the time to switch `off`, and none comes.

    A session that rests may keep its contactor closed or open it: either is judged by what it is.
    """
    start = trace.by_seq(claim.params["since"])
    recent = trace.between(start.t_ns - int(MOST_GAP_S * 1e9), start.t_ns).up_to(start.seq)
    readings = [e.data["values"].get("mains_on") for e in recent.of("bench.sample", who="bench.pilot")]
    stood = readings[-1:] == [True]
    return switches_off(trace, claim, limits) if stood else stays_off(trace, claim, limits)
