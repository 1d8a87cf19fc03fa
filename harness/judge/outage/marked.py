"""Events of a session over several outages: marked as offline where they were, and not where they were not."""

from __future__ import annotations

import datetime

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge.ocpp._clock import moment, skew
from harness.judge.ocpp._transactions import without_retries
from harness.trace import OcppMessage, Trace, messages

_CLAUSE = "OCPP 2.0.1 E04.FR.03, E12.FR.02; TransactionEventRequest.offline"


@judge("marked.as_it_was")
def as_it_was(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Each event of `online` or `offline`, pairs of events, is marked by whether the station was connected then.

    `online`: from a moment when the connection stood to one when it still did. `offline`: from a cut to the way back.
    So long as `notice` a station may take itself to be still as it was before, and what comes so late had waited in a
    queue, which is marked as well. When something happened its own stamp says.
    """
    expected = "what happened offline is marked so, and what happened while connected is not"
    begins, ends = (int(each) for each in claim.params["online"][0])
    clocks = skew(trace.after(begins), ends) or skew(trace, ends)  # best from then alone: nothing had waited
    if clocks is None:
        return unseen(expected, "how its clock runs is not known", acted="dut", clause=_CLAUSE)
    told = [m for m in messages(trace.up_to(claim.seq), action="TransactionEvent", direction="in") if m.type == 2]
    seen: list[str] = []
    within, ahead, grace = (
        datetime.timedelta(seconds=each) for each in (clocks.within_s, clocks.ahead_s, limits["notice"].value)
    )
    for name in ("online", "offline"):
        for begin, end in claim.params[name]:
            since, until = (moment(trace.by_seq(int(each)).utc) for each in (begin, end))
            if since is None or until is None:
                continue
            of_it = [
                m
                for m in without_retries(told)
                if (at := moment(m.payload.get("timestamp"))) is not None
                and since + within + grace <= at - ahead <= until - within
                and (name == "offline" or _came(m) <= at - ahead + within + grace)
            ]
            if not of_it:
                return unseen(expected, f"it told of nothing while {name}", acted="dut", clause=_CLAUSE)
            odd = [m for m in of_it if (m.payload.get("offline") is True) is (name == "online")]
            if odd:
                text = f"of {len(of_it)} events from while it was {name} {len(odd)} say otherwise"
                return holds(False, expected, text, *(m.event for m in odd[:3]), clause=_CLAUSE)
            seen.append(f"{len(of_it)} {name}")
    return holds(True, expected, f"all fit: {', '.join(seen)}", clause=_CLAUSE)


def _came(message: OcppMessage) -> datetime.datetime:
    return datetime.datetime.fromisoformat(message.event.utc.replace("Z", "+00:00"))
