"""Claims that were to be made and never were: where their window was cut off, and whose fail stands all the same."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from harness.judge._core import Claim, Conditions, Finding, Verdict
from harness.trace import Event, Scope, Trace

# Their fail over the first part of a window is one over any longer window: what they accuse of has happened by then.
# All others may find a thing missing that was still to come, or compare what was not yet complete.
FAIL_EARLY = frozenset(
    {
        "connectivity.reconnects",
        "firmware.refuses",
        "pilot.energised_in_c",
        "pilot.no_voltage_in",
        "pilot.switches_off",
        "security.refuses",
        "setpoints.limit_holds",
        "setpoints.local_limit_holds",
        "setpoints.never_above",
        "setpoints.rises_to",
        "setpoints.rises_to_other",
        "setpoints.setpoint_followed",
        "v2g.within_the_cars_limits",
    }
)
CUT_MARKS = ("claim.cut", "case.broken_off", "case.started", "case.ended", "campaign.")


class Intended(msgspec.Struct, frozen=True):
    """A claim that a case said it would make, in run `run` of it; `event` says what, and of which station and EVSE."""

    event: Event
    run: int
    conditions: Conditions


def cut_off(trace: Trace, intended: Intended) -> Claim:
    """The claim as it stands where its window was cut off: ahead of anything that we did to bring the charger back."""
    event, case = intended.event, intended.event.case or ""
    end = next((e for e in trace.of(*CUT_MARKS).after(event.seq) if _ends(e, event)), None)
    last = trace[-1].seq if end is None else end.seq if end.kind == "claim.cut" else end.seq - 1
    return claim_of(event, case, intended.run, intended.conditions, seq=max(last, event.seq), intended=event.seq)


def claim_of(
    event: Event, case: str, run: int, conditions: Conditions, *, seq: int, intended: int | None = None
) -> Claim:
    """The claim that an event makes, or says it would make."""
    data = event.data
    return Claim(
        purpose=data.get("purpose") or "",
        criterion=data.get("criterion") or "",
        conditions=conditions,
        judge=data["judge"],
        params=data["params"],
        case=case,
        seq=seq,
        control=data.get("control", False),
        group=f"{case}#{run}/{data.get('group') or ''}",
        run=run,
        intended=intended,
    )


def windows(scope: Scope, claim: Claim) -> Iterator[tuple[Scope, Claim]]:
    """The stretches over which a cut claim is judged: up to the cut, and up to the last that an instrument told.

    Whoever pulls an instrument's plug when it goes badly leaves a silence, over which nothing can be judged.
    """
    told = scope.of("bench.sample")
    ends = [scope[-1].seq, *([told[-1].seq] if len(told) else [])]
    for seq in dict.fromkeys(ends):
        yield Scope(scope, until=seq), msgspec.structs.replace(claim, seq=seq)


def standing(found: Finding, judge: str) -> Finding:
    """What a finding over a cut window is worth: a fail where it cannot have been made good later, else nothing."""
    if found.verdict is Verdict.FAIL and judge in FAIL_EARLY:
        return msgspec.structs.replace(found, seen=f"{found.seen}; then the run was cut")
    said = f"cut off before it could be judged; until then: {found.seen} ({found.verdict}, which counts for nothing)"
    return msgspec.structs.replace(found, verdict=Verdict.INCONCLUSIVE, seen=said)


def _ends(end: Event, intended: Event) -> bool:
    return end.kind != "claim.cut" or end.data.get("intended") == intended.seq
