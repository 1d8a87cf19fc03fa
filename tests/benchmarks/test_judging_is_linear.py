"""Judging costs in proportion to what was recorded: twice the events and claims, about twice the work."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import msgspec

from harness.judge import Verdict, evaluate
from harness.trace import GENESIS, line_hash, trace_of
from tests.benchmarks.many_campaigns import laid_end_to_end
from tests.judges._trace import LIMITS, T, _OfAnyId
from tests.judges.test_v2g import chosen, loops, opening

BY_ROLE = _OfAnyId(LIMITS)
_MOST = 2.6  # twice would be 2; whatever looks at all that came before each claim costs 3 and more at this length


def small_campaign() -> bytes:
    """About two thousand events: OCPP, samples of three instruments and ISO 15118, with a claim of each family."""
    t = T().connects().says("Heartbeat").is_answered().claims("connectivity.connects", since=0)
    for number, amps in enumerate((16, 10, 13, 8)):
        t.tells("Started", 3 * number, tx=f"TX-{number}").is_answered().draws(20, 3)
        t.claims("setpoints.draws_at_least", value=18, unit="A", as_control=True, group=str(number))
        t.limits_to(amps).claims("timing.answered", call="@limit", accept=["Accepted"]).draws(amps - 1, 9)
        t.claims("setpoints.limit_holds", limit="@limit", group=str(number))
        t.tells("Ended", 3 * number + 1, tx=f"TX-{number}").is_answered()
        t.claims("core_ocpp.transaction_ended", since="@limit")
    t.stays("C", True, 5).acts("pilot", "STATE B").named("left").stays("B", False, 15)
    t.claims("pilot.switches_off", since="@left")
    for _ in range(300):
        t.light("green").wait(0.05)
    t = loops(chosen(opening(t)), -9000, 12)
    t.claims("v2g.discharges", service="DC_BPT", control="Dynamic", since=0)
    t.claims("light.shows_export").claims("light.silent_otherwise").claims("core_ocpp.every_frame_valid")
    t.claims("connected_share.at_least_98_percent").claims("security.highest_profile")
    t.claims("core_ocpp.transaction_in_sequence", since=0).claims("sequences.connected_by", version="ocpp2.0.1")
    lines, prev = [], GENESIS
    for event in t.events:
        line = msgspec.json.encode(msgspec.structs.replace(event, prev=prev))
        prev = line_hash(line)
        lines.append(line)
    return b"\n".join(lines) + b"\n"


def calls_made(work: Callable[[], Any]) -> int:
    """How many functions are entered, of ours and of the machine's: the same on every machine, however busy."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_twice_the_trace_is_twice_the_work() -> None:
    """Reading, indexing and evaluating 20,000 and 40,000 events with some 300 and 600 claims."""
    campaign = small_campaign()
    turns = 20_000 // campaign.count(b"\n")
    judged = evaluate(trace_of(campaign), BY_ROLE)
    assert Verdict.ERROR not in {each.finding.verdict for each in judged}
    short, long = laid_end_to_end(campaign, turns), laid_end_to_end(campaign, 2 * turns)
    costs = [calls_made(lambda journal=journal: evaluate(trace_of(journal), BY_ROLE)) for journal in (short, long)]
    assert costs[1] < _MOST * costs[0], costs
