"""From claims in a trace to findings: controls void what hung on them, uncertain limits decide nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from harness.judge._core import Claim, Conditions, Finding, Limits, ResolvedLimit, Verdict, judge_named
from harness.trace import OcppMessage, Scope, Trace, faulty_messages

_MOST_TOLD = 500  # characters of an exception's text


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A claim and what its judge found."""

    claim: Claim
    finding: Finding


def claims_in(trace: Trace) -> list[Claim]:
    """The claims that test cases made, in order; groups are apart for each case and each run of it."""
    claims: list[Claim] = []
    runs: Counter[str] = Counter()
    conditions = {"": Conditions()}
    for event in trace.of("case.started", "claim"):
        case = event.case or ""
        if event.kind == "case.started":
            runs[case] += 1
            conditions[case] = msgspec.convert(event.data.get("conditions") or {}, Conditions)
        elif event.kind == "claim":
            data = event.data
            claims.append(
                Claim(
                    purpose=data.get("purpose") or "",
                    criterion=data.get("criterion") or "",
                    conditions=conditions.get(case, Conditions()),
                    judge=data["judge"],
                    params=data["params"],
                    case=case,
                    seq=event.seq,
                    control=data.get("control", False),
                    group=f"{case}#{max(runs[case], 1)}/{data.get('group') or ''}",
                    run=max(runs[case], 1),
                )
            )
    return claims


def evaluate(
    trace: Trace, limits: Mapping[str, Mapping[str, ResolvedLimit]], overdue: Mapping[str, str] | None = None
) -> list[Judged]:
    """Judge every claim. Pure: the same trace and limits give the same findings, whatever was recorded afterwards.

    `limits`: by the id of a purpose, or of a criterion for claims about one itself, then by role. `overdue`: the
    instruments whose calibration had run out, with the day ("meter@2": "2026-01-15"); what they show decides nothing.

    A judge that raises gives `error` (the harness's fault, never the DUT's). A control that does not pass makes
    every other finding of its group inconclusive ("void").
    """
    judged = [
        Judged(claim=claim, finding=_sure(claim, _one(trace, claim, limits), overdue or {}))
        for claim in claims_in(trace)
    ]
    failed_controls: dict[str, Judged] = {}
    for each in judged:
        if each.claim.control and each.finding.verdict is not Verdict.PASS:
            failed_controls.setdefault(each.claim.group, each)
    return [_voided(each, failed_controls.get(each.claim.group)) for each in judged]


def _one(trace: Trace, claim: Claim, by_id: Mapping[str, Mapping[str, ResolvedLimit]]) -> Finding:
    limits = Limits(by_id.get(claim.about, {}))
    try:
        judging = judge_named(claim.judge)
        found = judging(_scope(trace, claim, whole=getattr(judging, "whole_trace", False)), claim, limits)
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


def _scope(trace: Trace, claim: Claim, *, whole: bool) -> Scope:
    """What a judge sees: of the claim's station and EVSE, where it names them, and unless `whole` up to the claim."""
    made = trace.by_seq(claim.seq)
    return Scope(trace, station=made.station, evse=made.evse, until=None if whole else claim.seq)


def _voided(each: Judged, control: Judged | None) -> Judged:
    if control is None or each.claim.control or each.finding.verdict not in (Verdict.PASS, Verdict.FAIL):
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
