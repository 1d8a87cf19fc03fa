"""A connection on which nothing comes any more, and that nobody closed: does the charger notice?"""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, Verdict, held_against, judge
from harness.judge._say import found, seconds
from harness.judge.line._attribution import Whose, callers_of
from harness.trace import Event, Trace


@judge("connectivity.notices_silence")
def notices_silence(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """From `restored` on its old connection is dead and a new one is answered; it opens one within the contract's time.

    The control is in the trace itself: nothing came over the old connection after `cut`.
    """
    limit = limits["reconnect"]
    expected = f"it notices the dead connection, and opens a new one within {limit.value:g} {limit.unit}"
    clause = "OCPP-J 5.3, 5.4; OCPPCommCtrlr.WebSocketPingInterval"
    cut, restored = trace.by_seq(claim.params["cut"]), trace.by_seq(claim.params["restored"])
    callers, lines = callers_of(trace), trace.of("ocpp.connection").up_to(claim.seq)
    opened = callers.charger([e for e in lines.after(restored.seq) if e.data.get("state") == "open"])
    heard = [e for e in trace.of("ocpp.frame").after(cut.seq).up_to(claim.seq) if e.data.get("dir") == "in"]
    before = opened[0].seq if opened else claim.seq
    if alive := [e for e in heard if e.seq < before and callers.whose(e) is not Whose.STRANGER]:
        seen = "it was heard over the old connection: the line was not dead"
        return found(Verdict.INCONCLUSIVE, expected, seen, alive[0], acted="harness", clause=clause)
    if not opened:
        unclear = [e for e in lines.after(restored.seq) if e.data.get("state") == "open"]
        watched_s = seconds(trace.by_seq(claim.seq), restored)
        if unclear and callers.unclear(unclear):
            return found(Verdict.INCONCLUSIVE, expected, callers.doubt(unclear), *unclear[:1], clause=clause)
        verdict = Verdict.FAIL if watched_s > limit.value else Verdict.INCONCLUSIVE
        return found(verdict, expected, f"no new connection in {watched_s:.1f} s", restored, clause=clause)
    back: Event = opened[0]
    verdict, measured = held_against("time to notice", seconds(back, restored), limit, at_ns=back.t_ns)
    return found(
        verdict, expected, f"a new one after {measured.value:.1f} s", cut, back, clause=clause, measurements=[measured]
    )
