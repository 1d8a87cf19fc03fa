"""Metering: what the charger reports to the backend against what the bench's meter saw."""

from __future__ import annotations

from typing import Any

from harness.judge._core import Claim, Finding, Limits, Verdict, held_against, judge
from harness.judge._series import series, within
from harness.trace import OcppMessage, Trace, messages

_STEADY_SHARE = 0.05  # a reading is compared where the power hardly moved around it


def reported_power_w(message: OcppMessage) -> float | None:
    """Signed active power in W (+ import) of a TransactionEvent's or MeterValues' newest meter value, or None."""
    newest = (message.payload.get("meterValue") or [None])[-1]
    if not isinstance(newest, dict):
        return None
    found: dict[str, float] = {}
    for sample in newest.get("sampledValue", []):
        measurand = sample.get("measurand", "Energy.Active.Import.Register")
        if measurand not in ("Power.Active.Import", "Power.Active.Export"):
            continue
        key = f"{measurand}/{sample.get('phase', 'total')}"
        found[key] = _watts(sample)
    total = 0.0
    seen = False
    for measurand, sign in (("Power.Active.Import", 1.0), ("Power.Active.Export", -1.0)):
        whole = found.get(f"{measurand}/total")
        phases = [v for k, v in found.items() if k.startswith(f"{measurand}/L")]
        if whole is None and not phases:
            continue
        seen = True
        total += sign * (whole if whole is not None else sum(phases))
    return total if seen else None


def _watts(sample: dict[str, Any]) -> float:
    unit = sample.get("unitOfMeasure") or {}
    power = 10.0 ** int(unit.get("multiplier", 0))
    return float(sample["value"]) * power * (1000.0 if unit.get("unit", "W") == "kW" else 1.0)


@judge("metering.reported_agrees")
def reported_agrees(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Each power the charger reported after event `since` agrees with the bench's meter while the power was steady."""
    limit = limits[claim.params.get("within", "metering.agreement")]
    expected = f"the power it reports is within {limit.value:g} {limit.unit} of the bench's meter"
    points = series(trace, "p_w")
    evidence: tuple[int, ...] = ()
    worst_share, compared, measured, verdict, seen = -1.0, 0, None, Verdict.INCONCLUSIVE, ""
    for message in messages(trace.after(int(claim.params.get("since", 0))), direction="in"):
        if message.event.seq > claim.seq:
            break
        reported = reported_power_w(message) if message.action in ("TransactionEvent", "MeterValues") else None
        if reported is None:
            continue
        around = within(points, message.event.t_ns - 1_000_000_000, message.event.t_ns)
        if len(around) < 3:
            continue
        mean = sum(p.value for p in around) / len(around)
        spread = max(p.value for p in around) - min(p.value for p in around)
        if abs(mean) < 100 or spread > abs(mean) * _STEADY_SHARE:
            continue
        compared += 1
        share = abs(reported - mean) / abs(mean) * 100 if limit.unit == "%" else abs(reported - mean)
        if share > worst_share:
            u_w = max(p.uncertainty for p in around)
            u = u_w / abs(mean) * 100 if limit.unit == "%" else u_w
            verdict, measured = held_against(
                "largest difference", share, limit, uncertainty=u, at_ns=message.event.t_ns
            )
            worst_share, evidence = share, (message.event.seq, around[-1].seq)
            seen = f"reported {reported:.0f} W where the meter saw {mean:.0f} W"
    if measured is None:
        return Finding(
            verdict=Verdict.INCONCLUSIVE,
            expected=expected,
            seen="the charger reported no power while the meter was steady above 100 W",
            acted="dut",
        )
    return Finding(
        verdict=verdict,
        expected=expected,
        seen=f"{compared} reports compared; furthest apart: {seen}",
        clause="OCPP J02, sampled meter values",
        acted="dut",
        at_ns=measured.at_ns,
        events=evidence,
        measurements=(measured,),
    )
