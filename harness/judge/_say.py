"""Short ways to say a finding."""

from __future__ import annotations

from collections.abc import Iterable

from harness.judge._core import Claim, Finding, Measurement, Verdict
from harness.trace import Event, Trace


def found(
    verdict: Verdict,
    expected: str,
    seen: str,
    *evidence: Event | None,
    acted: str = "dut",
    clause: str = "",
    measurements: Iterable[Measurement] = (),
) -> Finding:
    """A finding that rests on these events; `at_ns` is the last one's."""
    events = [e for e in evidence if e is not None]
    return Finding(
        verdict=verdict,
        expected=expected,
        seen=seen,
        clause=clause,
        acted=acted,
        at_ns=events[-1].t_ns if events else None,
        events=tuple(e.seq for e in events),
        measurements=tuple(measurements),
    )


def holds(ok: bool, expected: str, seen: str, *evidence: Event | None, clause: str = "", acted: str = "dut") -> Finding:
    """Pass when `ok`, else fail."""
    return found(Verdict.PASS if ok else Verdict.FAIL, expected, seen, *evidence, clause=clause, acted=acted)


def unseen(expected: str, missing: str, *, acted: str = "harness", clause: str = "") -> Finding:
    """The evidence is not there: inconclusive, saying what was missing (honesty rule 1)."""
    return found(Verdict.INCONCLUSIVE, expected, missing, acted=acted, clause=clause)


def seconds(later: Event, earlier: Event) -> float:
    """Time from one event to another, in s."""
    return (later.t_ns - earlier.t_ns) / 1e9


def run_start(trace: Trace, claim: Claim) -> int:
    """The number of the event that began the claim's run of its case; -1 when nothing did."""
    starts = trace.of("case.started", case=claim.case).up_to(claim.seq - 1)
    return starts[-1].seq if starts else -1
