"""From claims in a trace to findings: controls void what hung on them, uncertain limits decide nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from harness.judge._core import (
    Claim,
    Conditions,
    Finding,
    Limits,
    Measurement,
    ResolvedLimit,
    Verdict,
    judge_named,
    judge_names,
)
from harness.judge._cut import Intended, claim_of, cut_off, standing, windows
from harness.judge._doubts import Doubt, doubts_of, too_slow
from harness.trace import OcppMessage, Scope, Trace, faulty_messages
from requirement_catalog import Sense

_MOST_TOLD = 500  # characters of an exception's text


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A claim and what its judge found."""

    claim: Claim
    finding: Finding


def claims_in(trace: Trace) -> list[Claim]:
    """The claims that test cases made, in order; groups are apart for each case and each run of it.

    After them those that a case said it would make and never made, with `cut`.
    """
    claims: list[Claim] = []
    runs: Counter[str] = Counter()
    conditions = {"": Conditions()}
    intended: dict[int, Intended] = {}
    for event in trace.of("case.started", "claim", "claim.intended"):
        case = event.case or ""
        if event.kind == "case.started":
            runs[case] += 1
            conditions[case] = msgspec.convert(event.data.get("conditions") or {}, Conditions)
            continue
        run, under = max(runs[case], 1), conditions.get(case, Conditions())
        if event.kind == "claim":
            claims.append(claim_of(event, case, run, under, seq=event.seq))
            intended.pop(event.data.get("intended", -1), None)
        else:
            intended[event.seq] = Intended(event, run, under)
    return [*claims, *(cut_off(trace, each) for each in intended.values())]


def evaluate(
    trace: Trace, limits: Mapping[str, Mapping[str, ResolvedLimit]], overdue: Mapping[str, str] | None = None
) -> list[Judged]:
    """Judge every claim. Pure: the same trace and limits give the same findings, whatever was recorded afterwards.

    `limits`: by the id of a purpose, or of a criterion for claims about one itself, then by role. `overdue`: the
    instruments whose calibration had run out, with the day ("meter@2": "2026-01-15"); what they show decides nothing.

    A judge that raises gives `error` (the harness's fault, never the DUT's). A control that does not pass makes
    every other finding of its group inconclusive ("void").
    """
    doubts = doubts_of(trace)
    judged = [
        Judged(
            claim=claim,
            finding=_fair(trace, claim, _sure(claim, _one(trace, claim, limits), overdue or {}), doubts, limits),
        )
        for claim in claims_in(trace)
    ]
    failed_controls: dict[str, Judged] = {}
    for each in judged:
        if each.claim.control and each.finding.verdict is not Verdict.PASS:
            failed_controls.setdefault(each.claim.group, each)
    return [_voided(each, failed_controls.get(each.claim.group)) for each in judged]


def _one(trace: Trace, claim: Claim, by_id: Mapping[str, Mapping[str, ResolvedLimit]]) -> Finding:
    scope = _scope(trace, claim)
    if not claim.cut:
        return _found(trace, scope, claim, by_id)
    found = [_found(trace, part, as_of, by_id) for part, as_of in windows(scope, claim)]
    fails = [each for each in found if each.verdict is Verdict.FAIL]
    return standing((fails or found)[0], claim.judge)


def _found(trace: Trace, scope: Scope, claim: Claim, by_id: Mapping[str, Mapping[str, ResolvedLimit]]) -> Finding:
    limits = Limits(by_id.get(claim.about, {}))
    try:
        found = judge_named(claim.judge)(scope, claim, limits)
    except Exception as error:  # a judge's own fault must never look like the charger's, nor end the evaluation
        return _not_judged(trace, claim, error)
    weak = [limit for limit in limits.used if not limit.confidence.decides]
    if weak and found.verdict in (Verdict.PASS, Verdict.FAIL):
        names = "; ".join(f"{w.name} = {w.value:g} {w.unit} ({w.confidence}: {w.source})" for w in weak)
        return msgspec.structs.replace(
            found,
            verdict=Verdict.INCONCLUSIVE,
            seen=f"{found.seen} — would be {found.verdict}, but nobody has confirmed the limit: {names}",
        )
    return found


def _sure(claim: Claim, found: Finding, overdue: Mapping[str, str]) -> Finding:
    """The finding, or inconclusive where it rests on an instrument whose calibration had run out."""
    if found.verdict not in (Verdict.PASS, Verdict.FAIL):
        return found
    reads: tuple[str, ...] = getattr(judge_named(claim.judge), "reads", ())
    old = {name: day for name, day in overdue.items() if _role(name) in reads}
    if not old:
        return found
    why = " and ".join(f"the calibration of the {name} ran out on {day}" for name, day in old.items())
    seen = f"{found.seen} — would be {found.verdict}, but {why}"
    return msgspec.structs.replace(found, verdict=Verdict.INCONCLUSIVE, seen=seen, acted=f"bench.{next(iter(old))}")


def _fair(
    trace: Trace,
    claim: Claim,
    found: Finding,
    doubts: Sequence[Doubt],
    by_id: Mapping[str, Mapping[str, ResolvedLimit]],
) -> Finding:
    """The finding, or no fail where the bench's own clock, load or a second charger came into its case."""
    if not doubts or found.verdict not in (Verdict.PASS, Verdict.FAIL):
        return found
    starts = trace.of("case.started", case=claim.case).up_to(claim.seq)
    whole = not starts or getattr(judge_named(claim.judge), "whole_trace", False)
    first_ns = 0 if whole else starts[-1].t_ns
    in_it = [each for each in doubts if each.touches(first_ns, trace.by_seq(claim.seq).t_ns)]
    timed = bool(getattr(judge_named(claim.judge), "reads", ())) or _by_time(by_id.get(claim.about, {}))
    slow = too_slow(in_it if timed else (), [late for m in found.measurements if (late := _late_s(m)) > 0])
    for each in in_it:
        if whole and not each.clock:  # a moment of many hours decides nothing of them
            continue
        if each.lost_s and each is not slow:
            continue
        if each.identity:
            seen = f"{found.seen} — would be {found.verdict}, but nobody knows of which charger: {each.why}"
            return msgspec.structs.replace(found, verdict=Verdict.INCONCLUSIVE, seen=seen, acted="harness")
        if found.verdict is Verdict.FAIL:
            seen = f"{each.why}, which may be why: {found.seen}"
            return msgspec.structs.replace(found, verdict=Verdict.ERROR, seen=seen, acted="harness")
    return found


def _by_time(limits: Mapping[str, ResolvedLimit]) -> bool:
    """Whether what is claimed hangs on times; what a charger answered does not change with how long we stood still."""
    return any(limit.unit == "s" for limit in limits.values())


def _late_s(measured: Measurement) -> float:
    """By how much a time lies beyond its limit; 0 for what lies within it, or is no time."""
    if measured.unit != "s" or measured.limit is None:
        return 0.0
    over = measured.value - measured.limit if measured.sense is Sense.AT_MOST else measured.limit - measured.value
    return max(0.0, over - measured.tolerance)


def _role(instrument: str) -> str:
    return instrument.partition("@")[0]


def _not_judged(trace: Trace, claim: Claim, error: Exception) -> Finding:
    try:
        rubbish = _rubbish(trace, claim)
    except Exception:  # the trace itself cannot be read there: still this claim's trouble alone
        rubbish = []
    if rubbish:
        return Finding(
            verdict=Verdict.INCONCLUSIVE,
            expected="the charger's messages can be read",
            seen=f"{claim.judge} cannot read what it sent: {'; '.join(rubbish[0].errors)}",
            acted="dut",
            events=tuple(m.seq for m in rubbish[:5]),
        )
    return Finding(
        verdict=Verdict.ERROR,
        expected="the judge reads the trace",
        seen=f"{claim.judge} raised {type(error).__name__}: {str(error)[:_MOST_TOLD]}",
        acted="harness",
    )


def _rubbish(trace: Trace, claim: Claim) -> list[OcppMessage]:
    """Malformed messages of the charger in the claim's case: a judge may stumble over them without being wrong."""
    bad = faulty_messages(trace.up_to(claim.seq), direction="in")
    return [m for m in bad if m.event.case == claim.case]


def _scope(trace: Trace, claim: Claim) -> Scope:
    """What a judge sees: of the claim's station and EVSE, where it names them, and up to the claim.

    One that looks over the whole sees what came later too, unless its claim was cut off.
    """
    made = trace.by_seq(claim.seq if claim.intended is None else claim.intended)
    whole = not claim.cut and claim.judge in judge_names() and getattr(judge_named(claim.judge), "whole_trace", False)
    return Scope(trace, station=made.station, evse=made.evse, until=None if whole else claim.seq)


def _voided(each: Judged, control: Judged | None) -> Judged:
    if control is None or each.claim.control or each.finding.verdict not in (Verdict.PASS, Verdict.FAIL):
        return each
    if each.claim.cut and control.claim.cut:  # a control that was still to come shows nothing of it
        return each
    if each.finding.verdict is Verdict.FAIL and getattr(judge_named(each.claim.judge), "fail_stands", False):
        return each
    finding = msgspec.structs.replace(
        each.finding,
        verdict=Verdict.INCONCLUSIVE,
        seen=f"void: the positive control did not hold ({control.finding.seen}); otherwise: {each.finding.seen}",
    )
    return Judged(claim=each.claim, finding=finding)


def params_of(**params: Any) -> dict[str, Any]:
    """Parameters as they go into a claim: events become their numbers, everything else must be plain data."""
    plain: dict[str, Any] = {}
    for name, value in params.items():
        if value is None:
            continue
        seq = getattr(value, "seq", None)
        plain[name] = seq if isinstance(seq, int) else value
    return plain
