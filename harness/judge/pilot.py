"""Control pilot and voltage at the car's contacts, as IEC 61851-1 wants them (states, duty cycle, switching off)."""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, Verdict, held_against, judge
from harness.judge._say import found, holds, unseen
from harness.judge._series import series, within
from harness.trace import Event, Trace

_CLAUSE = "IEC 61851-1:2017 Annex A"


def _samples(trace: Trace, from_seq: int, to_seq: int) -> list[Event]:
    return [e for e in trace if e.kind == "bench.sample" and e.who == "bench.pilot" and from_seq <= e.seq <= to_seq]


@judge("pilot.no_voltage_in")
def no_voltage_in(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """In each of `states` (seen by the pilot box between `since` and the claim) no voltage stands at the contacts.

    The first `pilot.switch_off_time` after a change of state is left to the switching-off criterion.
    """
    states = list(claim.params["states"])
    expected = f"no voltage at the car's contacts in state {' and '.join(states)}"
    grace_ns = int(limits["pilot.switch_off_time"].value * 1e9)
    samples = _samples(trace, claim.params.get("since", 0), claim.seq)
    seen_states: set[str] = set()
    since_ns, previous, watched = 0, "", 0
    for event in samples:
        state = str(event.data["values"].get("state"))
        if state != previous:
            since_ns, previous = event.t_ns, state
        if state not in states or event.t_ns - since_ns < grace_ns:
            continue
        seen_states.add(state)
        watched += 1
        if event.data["values"].get("mains_on"):
            return holds(False, expected, f"voltage in state {state}", event, clause=_CLAUSE)
    if missing := [s for s in states if s not in seen_states]:
        return unseen(expected, f"state {', '.join(missing)} was not observed long enough", acted="bench.pilot")
    return holds(True, expected, f"{watched} readings without voltage", samples[-1], clause=_CLAUSE)


@judge("pilot.energised_in_c")
def energised_in_c(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Voltage came on after `since`, and only while the pilot was in state C or D."""
    expected = "voltage is switched on after the car asks for it (state C), and not before"
    samples = _samples(trace, claim.params.get("since", 0), claim.seq)
    on = [e for e in samples if e.data["values"].get("mains_on")]
    if not on:
        return unseen(expected, "voltage never came on", acted="dut", clause=_CLAUSE)
    first = on[0]
    state = first.data["values"].get("state")
    return holds(state in ("C", "D"), expected, f"switched on in state {state}", first, clause=_CLAUSE)


def advertised_a(duty_pct: float, limits: Limits) -> float | None:
    """The current a duty cycle stands for, in A; None where it stands for no current (5 % is digital communication)."""
    if duty_pct < limits["iec61851.least_duty"].value - 0.5:
        return None
    if duty_pct <= limits["iec61851.range_change"].value:
        return max(duty_pct * limits["iec61851.low_range_factor"].value, limits["iec61851.least_current"].value)
    return (duty_pct - limits["iec61851.high_range_offset"].value) * limits["iec61851.high_range_factor"].value


@judge("pilot.duty_advertises")
def duty_advertises(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Through the last second before the claim the duty cycle stands for `current_a`, within the tolerance."""
    limit = limits["pilot.duty_tolerance"]
    wanted = float(claim.params["current_a"])
    expected = f"the duty cycle stands for {wanted:g} A"
    at = trace.by_seq(claim.seq)
    points = within(series(trace, "duty_pct", role="pilot"), at.t_ns - 1_000_000_000, at.t_ns)
    if not points:
        return unseen(expected, "the pilot box gave no duty cycle", acted="bench.pilot")
    worst, verdict = None, Verdict.PASS
    for point in points:
        shown = advertised_a(point.value, limits)
        if shown is None:
            event = trace.by_seq(point.seq)
            text = f"{point.value:.1f} % stands for no current by pilot"
            # 5 % hands the limit to ISO 15118: this car spoke the pilot only, so nothing can be said
            return found(Verdict.INCONCLUSIVE, expected, text, event, clause=_CLAUSE)
        uncertainty = point.uncertainty * limits["iec61851.low_range_factor"].value
        now, measured = held_against(
            "difference", abs(shown - wanted), limit, uncertainty=uncertainty, at_ns=point.t_ns
        )
        if worst is None or measured.value > worst[0].value:
            worst, verdict = (measured, point, shown), now
    assert worst is not None
    measured, point, shown = worst
    text = f"{point.value:.1f} % stands for {shown:.1f} A"
    return found(verdict, expected, text, trace.by_seq(point.seq), clause=_CLAUSE, measurements=[measured])


@judge("pilot.switches_off")
def switches_off(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After the bench action `since`, voltage at the contacts is gone within the limit `within`, and stays gone."""
    limit = limits[claim.params["within"]]
    expected = f"the voltage is off within {limit.value:g} {limit.unit}"
    start = trace.by_seq(claim.params["since"])
    before = _samples(trace, 0, start.seq)[-3:]
    if not before or not all(e.data["values"].get("mains_on") for e in before):
        return unseen(expected, "there was no voltage before, so nothing was switched off", acted="dut")
    samples = _samples(trace, start.seq, claim.seq)
    if not samples:
        return unseen(expected, "the pilot box gave no reading", acted="bench.pilot")
    on = [e for e in samples if e.data["values"].get("mains_on")]
    spacing_s = (samples[-1].t_ns - samples[0].t_ns) / 1e9 / max(len(samples) - 1, 1)
    took_s = (on[-1].t_ns - start.t_ns) / 1e9 if on else 0.0
    if on and on[-1] is samples[-1]:
        watched = (samples[-1].t_ns - start.t_ns) / 1e9
        verdict = Verdict.FAIL if watched > limit.value else Verdict.INCONCLUSIVE
        return found(verdict, expected, f"still on after {watched:.1f} s", on[-1], clause=_CLAUSE)
    # the switching fell between the last reading with voltage and the next one
    verdict, measured = held_against("time to switch off", took_s + spacing_s / 2, limit, uncertainty=spacing_s / 2)
    text = f"off after {took_s + spacing_s / 2:.2f} s"
    return found(verdict, expected, text, start, on[-1] if on else samples[0], clause=_CLAUSE, measurements=[measured])
