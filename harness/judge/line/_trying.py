"""How long a charger that is turned away waits before it tries again, against what its own settings say."""

from __future__ import annotations

from itertools import pairwise

import msgspec

from harness.judge._core import Claim, Finding, Limits, Verdict, held_against, judge
from harness.judge._say import found, holds, unseen
from harness.judge.line._attribution import Whose, callers_of
from harness.trace import Event, Trace, exchange_of

_SETTINGS = ("RetryBackOffWaitMinimum", "RetryBackOffRandomRange", "RetryBackOffRepeatTimes")


@judge("connectivity.keeps_trying")
def keeps_trying(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After event `since` our backend turned it away; no wait between two attempts is longer than its settings say.

    They are what GetVariables `settings` read: the least wait, doubled so often, and a random part on top. `attempt` is
    what an attempt itself may take. Until it was let in again; or until the claim, where it did not come back.
    """
    expected = "it tries to connect again after each refusal, and waits no longer than its settings say"
    clause = "OCPP-J Part 4, 5.3 (reconnecting)"
    waits = _settings(trace, claim.params["settings"])
    if waits is None:
        return unseen(expected, "it does not tell its RetryBackOff settings", acted="dut", clause=clause)
    since, callers = trace.by_seq(claim.params["since"]), callers_of(trace)
    lines = trace.of("ocpp.connection").after(since.seq).up_to(claim.seq)
    came = [e for e in lines if e.data.get("state") in ("refused", "open") and callers.whose(e) is not Whose.STRANGER]
    if came and came[0].data.get("state") == "open":
        return unseen(expected, "it was never turned away", clause=clause)
    least_s, random_s, times = waits
    longest_s, limit = least_s * 2**times + random_s, limits["attempt"]
    allowed = msgspec.structs.replace(limit, value=longest_s + limit.value)
    before, after, tries = _longest_wait(since, came, trace.by_seq(claim.seq))
    waited_s = (after.t_ns - before.t_ns) / 1e9
    verdict, measured = held_against("longest wait between two attempts", waited_s, allowed, at_ns=after.t_ns)
    seen = f"{tries} attempts turned away; at most {waited_s:.1f} s between two, where its settings say {longest_s:g} s"
    if verdict is Verdict.PASS and callers.unclear(came):
        return found(Verdict.INCONCLUSIVE, expected, f"{seen}; {callers.doubt(came)}", before, after, clause=clause)
    return found(verdict, expected, seen, before, after, clause=clause, measurements=[measured])


def _longest_wait(since: Event, came: list[Event], until: Event) -> tuple[Event, Event, int]:
    """Between which two attempts it waited longest, up to the one that let it in; and how many were turned away."""
    back = next((n for n, e in enumerate(came) if e.data.get("state") == "open"), None)
    seen = [since, *came, until] if back is None else [since, *came[: back + 1]]
    before, after = max(pairwise(seen), key=lambda pair: pair[1].t_ns - pair[0].t_ns)
    return before, after, len(came) if back is None else back


def _settings(trace: Trace, get: int) -> tuple[float, float, int] | None:
    """Least wait in s, random part in s, and how often the wait is doubled; None where one is not told."""
    asked = exchange_of(trace, get)
    results = asked.answer.payload.get("getVariableResult") if asked is not None and asked.answer is not None else None
    told = {str(r["variable"]["name"]).casefold(): r.get("attributeValue") for r in results or []}
    try:
        least_s, random_s, times = (float(told[name.casefold()]) for name in _SETTINGS)
    except (KeyError, TypeError, ValueError):
        return None
    return least_s, random_s, int(times)


@judge("connectivity.goes_on_to_the_next")
def goes_on_to_the_next(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Turned away after event `since` where it comes first, it comes to the path `elsewhere`, the next of its entries.

    So many `attempts` an entry are configured; it fails where it made more than twice as many and did not go on.
    """
    expected, clause = "turned away by its first backend, it tries the second", "OCPP 2.0.1 B10.FR.03"
    elsewhere, attempts = f"{claim.params['elsewhere']}/", int(claim.params["attempts"])
    callers, part = callers_of(trace), trace.after(int(claim.params["since"])).up_to(claim.seq)
    lines = [e for e in part.of("ocpp.connection") if callers.whose(e) is not Whose.STRANGER]
    came = [e for e in lines if e.data.get("state") in ("refused", "open")]
    there = [e for e in came if str(e.data.get("path")).startswith(elsewhere)]
    turned = [e for e in came if e.data.get("state") == "refused" and e not in there]
    seen = f"turned away {len(turned)} times, with {attempts} attempts for each configured"
    if not turned:
        return unseen(expected, "nobody turned it away", acted="harness", clause=clause)
    if there:
        return holds(True, expected, f"{seen}, it came to the second", turned[-1], there[0], clause=clause)
    if len(turned) > 2 * attempts:
        return holds(False, expected, f"{seen}, it did not come to the second", *turned[-3:], clause=clause)
    return unseen(expected, f"{seen}; it may yet come to the second", acted="dut", clause=clause)
