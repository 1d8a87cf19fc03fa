"""Power that has to go for safety: after a fault of the pilot, or when the car leaves, in DC sessions too."""

from __future__ import annotations

import msgspec

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge._series import MOST_GAP_S, series, within
from harness.judge.power._asked import Asked
from harness.judge.power._follow import evidence_missing, followed, just_before
from harness.trace import Trace

_CLAUSE = "IEC 61851-1:2017 Annex A, IEC 61851-23"


@judge("power_off.goes", reads=("meter",))
def goes(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After the bench action `since` the power is gone within the time to switch `off`, in either direction, for good.

    What the meter shows within `power_tolerance` counts as none: losses, and what the charger needs itself.
    """
    since, off, none_w = trace.by_seq(claim.params["since"]), limits["off"], limits["power_tolerance"].value
    expected = f"no power flows within {off.value:g} {off.unit}, and it stays so"
    ask = Asked(since.t_ns, 0.0, "W", since.seq, None)
    found = followed(trace, claim, limits, ask, -none_w, none_w, off, expected, needs_answer=False)
    return msgspec.structs.replace(found, clause=_CLAUSE)


@judge("power_off.stays_away", reads=("meter",))
def stays_away(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """From the bench action `since` to the claim no power flows, at least for the time to switch `off`."""
    since, end_ns = trace.by_seq(claim.params["since"]), trace.by_seq(claim.seq).t_ns
    none_w, every = limits["power_tolerance"].value, series(trace, "p_w")
    expected = "with that fault on the pilot no power flows"
    points = within(every, since.t_ns, end_ns)
    if missing := evidence_missing(points, since.t_ns, end_ns, expected):
        return missing
    if any(abs(p.value) > none_w for p in just_before(every, since.t_ns)):
        return unseen(expected, "power flowed before the fault already", acted="bench.meter", clause=_CLAUSE)
    sure = next((p for p in points if abs(p.value) - p.uncertainty > none_w), None)
    if sure is not None:
        seen = f"{sure.value:.0f} W, {(sure.t_ns - since.t_ns) / 1e9:.1f} s later"
        return holds(False, expected, seen, since, trace.by_seq(sure.seq), clause=_CLAUSE)
    if any(abs(p.value) + p.uncertainty > none_w for p in points):
        return unseen(expected, "too near to nothing to say", acted="bench.meter", clause=_CLAUSE)
    if end_ns - since.t_ns < (limits["off"].value + MOST_GAP_S) * 1e9:
        return unseen(expected, "nobody watched long enough", acted="bench.meter", clause=_CLAUSE)
    return holds(True, expected, f"{len(points)} readings without power", trace.by_seq(points[-1].seq), clause=_CLAUSE)
