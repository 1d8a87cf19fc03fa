"""From claims in a trace to findings: controls void what hung on them, uncertain limits decide nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from harness.judge._core import Claim, Conditions, Finding, Limits, ResolvedLimit, Verdict, judge_named
from harness.trace import Event, Trace


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A claim and what its judge found."""

    claim: Claim
    finding: Finding


def claims_in(trace: Trace) -> list[Claim]:
    """The claims that test cases made, in order; groups are apart for each case and each run of it."""
    claims: list[Claim] = []
    runs: Counter[str] = Counter()
    conditions = Conditions()
    for event in trace:
        case = event.case or ""
        if event.kind == "case.started":
            runs[case] += 1
            conditions = msgspec.convert(event.data.get("conditions") or {}, Conditions)
        elif event.kind == "case.ended":
            conditions = Conditions()
        elif event.kind == "claim":
            data = event.data
            claims.append(
                Claim(
                    purpose=data.get("purpose") or "",
                    criterion=data.get("criterion") or "",
                    conditions=conditions,
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


def evaluate(trace: Trace, limits: Mapping[str, Mapping[str, ResolvedLimit]]) -> list[Judged]:
    """Judge every claim. Pure: the same trace and limits give the same findings, whatever was recorded afterwards.

    `limits`: by the id of a purpose, or of a criterion for claims about one itself, then by role.

    A judge that raises gives `error` (the harness's fault, never the DUT's). A control that does not pass makes
    every other finding of its group inconclusive ("void").
    """
    judged = [Judged(claim=claim, finding=_one(trace, claim, limits)) for claim in claims_in(trace)]
    failed_controls: dict[str, Judged] = {}
    for each in judged:
        if each.claim.control and each.finding.verdict is not Verdict.PASS:
            failed_controls.setdefault(each.claim.group, each)
    return [_voided(each, failed_controls.get(each.claim.group)) for each in judged]


def _one(trace: Trace, claim: Claim, by_id: Mapping[str, Mapping[str, ResolvedLimit]]) -> Finding:
    limits = Limits(by_id.get(claim.about, {}))
    try:
        judging = judge_named(claim.judge)
        found = judging(trace if getattr(judging, "whole_trace", False) else _up_to(trace, claim.seq), claim, limits)
    except Exception as error:  # a judge's own fault must never look like the charger's
        if rubbish := _rubbish(trace, claim):
            return Finding(
                verdict=Verdict.INCONCLUSIVE,
                expected="the charger's messages can be read",
                seen=f"{claim.judge} cannot read what it sent: {'; '.join(map(str, rubbish[0].data['errors']))}",
                acted="dut",
                events=tuple(e.seq for e in rubbish[:5]),
            )
        return Finding(
            verdict=Verdict.ERROR,
            expected="the judge reads the trace",
            seen=f"{claim.judge} raised {type(error).__name__}: {error}",
            acted="harness",
        )
    weak = [limit for limit in limits.used if not limit.confidence.decides]
    if weak and found.verdict in (Verdict.PASS, Verdict.FAIL):
        names = "; ".join(f"{w.name} = {w.value:g} {w.unit} ({w.confidence}: {w.source})" for w in weak)
        return msgspec.structs.replace(
            found,
            verdict=Verdict.INCONCLUSIVE,
            seen=f"{found.seen} — would be {found.verdict}, but nobody has confirmed the limit: {names}",
        )
    return found


def _rubbish(trace: Trace, claim: Claim) -> list[Event]:
    """Malformed messages of the charger in the claim's case: a judge may stumble over them without being wrong."""
    return [
        e
        for e in trace
        if e.kind == "ocpp.frame"
        and e.case == claim.case
        and e.seq <= claim.seq
        and e.data.get("dir") == "in"
        and e.data.get("errors")
    ]


def _up_to(trace: Trace, seq: int) -> Trace:
    """What was recorded up to an event; numbers follow one another without gap in a whole trace."""
    if seq < len(trace) and trace[seq].seq == seq:
        return trace[: seq + 1]  # type: ignore[no-any-return]
    return trace.where(lambda event: event.seq <= seq)


def _voided(each: Judged, control: Judged | None) -> Judged:
    if control is None or each.claim.control or each.finding.verdict not in (Verdict.PASS, Verdict.FAIL):
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
