"""Did the meter go where it was asked to, in time, and did it stay there? Shared by all judges of setpoints."""

from __future__ import annotations

from collections.abc import Sequence

from harness.judge._core import Claim, Finding, Limits, Measurement, ResolvedLimit, Verdict, held_against
from harness.judge._series import MOST_GAP_S, Point, Settled, longest_gap_s, settled, stands_still, within
from harness.judge.power._asked import Asked
from harness.judge.power._together import bound_by
from harness.trace import Trace

CLAUSE = "OCPP K01"


def window_end_ns(trace: Trace, claim: Claim) -> int:
    """Where a claim stops looking: at event `until`, or at the claim itself."""
    until = claim.params.get("until")
    return trace.by_seq(until if until is not None else claim.seq).t_ns


def evidence_missing(points: list[Point], start_ns: int, end_ns: int, expected: str) -> Finding | None:
    """Inconclusive when the meter was silent for too long between two instants; None when it was not."""
    gap_s = longest_gap_s(points, start_ns, end_ns)
    if points and gap_s <= MOST_GAP_S:
        return None
    seen = f"the meter was silent for {gap_s:.1f} s" if points else "the meter gave no reading at all"
    return Finding(verdict=Verdict.INCONCLUSIVE, expected=expected, seen=seen, acted="bench.meter", at_ns=start_ns)


def just_before(points: Sequence[Point], at_ns: int) -> list[Point]:
    """The newest reading before an instant, unless it is too old to say what was then."""
    return within(points, at_ns - int(MOST_GAP_S * 1e9), at_ns - 1)[-1:]


def followed(
    trace: Trace,
    claim: Claim,
    limits: Limits,
    ask: Asked,
    low: float,
    high: float,
    response: ResolvedLimit,
    expected: str,
    *,
    needs_answer: bool = True,
) -> Finding:
    """Whether the meter went into [low, high] within `response` of what was asked, and stayed for the dwell.

    It must have been outside before, or the request changed nothing; and the request must have been accepted. The
    claim's `hold` names another role than "dwell" for how long it has to stay.
    """
    start_ns, end_ns = ask.t_ns, window_end_ns(trace, claim)
    every = bound_by(trace, ask)
    points = within(every, start_ns, end_ns)
    if missing := evidence_missing(points, start_ns, end_ns, expected):
        return missing
    found = settled(points, start_ns, low, high)
    dwell = limits[str(claim.params.get("hold", "dwell"))]
    verdict, measured = _response(found, response)
    at = f"{found.extreme.value:.2f} {ask.unit}"
    if found.never:
        # never inside the bounds: a fail once the response time has passed, otherwise we stopped looking too early
        seen = f"still {points[-1].value:.2f} {ask.unit} after {(end_ns - start_ns) / 1e9:.1f} s"
    elif found.latest_s is None:
        seen = f"reached after {found.earliest_s:.2f} s at the earliest, too near the border at {at} to say"
    else:
        seen = f"reached after {found.latest_s:.2f} s, held for {found.held_s:.1f} s at {at}"
    if verdict is Verdict.PASS and found.held_s < dwell.value:
        verdict = Verdict.INCONCLUSIVE
        seen += f"; watched too short to say that it holds (the contract asks for {dwell.value:g} s)"
    before = within(every, start_ns - int((MOST_GAP_S + ask.unsure_s) * 1e9), start_ns - 1)
    before = before if ask.unsure_s else before[-1:]
    if verdict is Verdict.PASS and not _was_outside([*before, *points], low, high):
        verdict = Verdict.INCONCLUSIVE
        seen += "; but it was there before the request, which therefore changed nothing"
    still_from_ns = start_ns if verdict is Verdict.FAIL else end_ns - int(dwell.value * 1e9)
    if verdict in (Verdict.PASS, Verdict.FAIL) and stands_still(trace, still_from_ns, end_ns):
        verdict = Verdict.INCONCLUSIVE
        seen += "; but the meter repeated one reading to the last digit, as if it stood still"
    if needs_answer and not ask.accepted:
        status = "no answer" if ask.answer is None else (ask.answer.payload.get("status") or ask.answer.error_code)
        seen += f"; the charger answered the request with {status}"
        if verdict is Verdict.PASS or ask.answer is not None:  # refused is not followed, however short we looked
            verdict = Verdict.FAIL
    evidence = (ask.seq, *((ask.answer.event.seq,) if ask.answer else ()), found.extreme.seq)
    return Finding(
        verdict=verdict,
        expected=expected,
        seen=seen,
        clause=CLAUSE,
        acted="dut",
        at_ns=start_ns + int((found.earliest_s if found.latest_s is None else found.latest_s) * 1e9),
        events=evidence,
        measurements=(
            measured,
            Measurement(
                name="reading furthest out while it was held",
                value=found.extreme.value,
                unit=ask.unit,
                uncertainty=found.extreme.uncertainty,
                limit=ask.value,
                tolerance=round(high - ask.value, 6),
                at_ns=found.extreme.t_ns,
            ),
        ),
    )


def _was_outside(points: list[Point], low: float, high: float) -> bool:
    return any(p.value - p.uncertainty > high or p.value + p.uncertainty < low for p in points)


def _response(found: Settled, response: ResolvedLimit) -> tuple[Verdict, Measurement]:
    """The response time lies between the last reading surely outside and the first surely inside for good."""
    if found.latest_s is None:
        verdict, measured = held_against("response time", found.earliest_s, response)
        return (verdict if verdict is Verdict.FAIL else Verdict.INCONCLUSIVE), measured
    middle, half = (found.latest_s + found.earliest_s) / 2, (found.latest_s - found.earliest_s) / 2
    return held_against("response time", middle, response, uncertainty=half)
