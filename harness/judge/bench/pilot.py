"""Control pilot and voltage at the car's contacts, as IEC 61851-1 wants them (states, duty cycle, switching off)."""

from __future__ import annotations

from itertools import pairwise

from harness.judge._core import Claim, Finding, Limits, Measurement, Verdict, held_against, judge
from harness.judge._say import found, holds, unseen
from harness.judge._series import MOST_GAP_S, longest_gap_s, series, within
from harness.trace import Event, Trace
from requirement_catalog import own_count, own_ns, own_number

_CLAUSE = "IEC 61851-1:2017 Annex A"
_CHARGING = ("C", "D")
_LEAST_READINGS = own_count("pilot.least_readings")
_MOST_GAP_NS = int(MOST_GAP_S * 1e9)
_NO_PULSES_PCT = own_number("pilot.no_pulses")


def _samples(trace: Trace, from_seq: int, to_seq: int) -> list[Event]:
    """The pilot box's readings that say whether voltage stands at the contacts; without that they say nothing here."""
    return [
        e
        for e in trace.of("bench.sample", who="bench.pilot").after(from_seq - 1).up_to(to_seq)
        if isinstance(e.data["values"].get("mains_on"), bool)
    ]


def _state(event: Event) -> str:
    return str(event.data["values"].get("state"))


def _on(event: Event) -> bool:
    return bool(event.data["values"]["mains_on"])


@judge("pilot.no_voltage_in", reads=("pilot",))
def no_voltage_in(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """In each of `states` (seen by the pilot box between `since` and the claim) no voltage stands at the contacts.

    The first `off` seconds after a change of state is left to the switching-off criterion.
    """
    states = list(claim.params["states"])
    expected = f"no voltage at the car's contacts in state {' and '.join(states)}"
    grace_ns = int(limits["off"].value * 1e9)
    samples = _samples(trace, claim.params.get("since", 0), claim.seq)
    watched = dict.fromkeys(states, 0)
    since_ns, before_ns, previous = 0, 0, ""
    for event in samples:
        if _state(event) != previous or event.t_ns - before_ns > _MOST_GAP_NS:
            since_ns, previous = event.t_ns, _state(event)  # what happened in a silence nobody knows
        before_ns = event.t_ns
        if previous not in watched or event.t_ns - since_ns < grace_ns:
            continue
        watched[previous] += 1
        if _on(event):
            return holds(False, expected, f"voltage in state {previous}", event, clause=_CLAUSE)
    if missing := [s for s, count in watched.items() if count < _LEAST_READINGS]:
        return unseen(expected, f"state {', '.join(missing)} was not observed long enough", acted="bench.pilot")
    seen = f"{sum(watched.values())} readings without voltage"
    return holds(True, expected, seen, samples[-1], clause=_CLAUSE)


@judge("pilot.energised_in_c", reads=("pilot",))
def energised_in_c(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Voltage came on after `since`, each time only while the pilot was in state C or D."""
    expected = "voltage is switched on after the car asks for it (state C), and not before"
    samples = _samples(trace, claim.params.get("since", 0), claim.seq)
    switched = [(a, b) for a, b in pairwise(samples) if _on(b) and not _on(a)]
    if not switched:
        what = "it was on already" if samples and _on(samples[0]) else "voltage never came on"
        return unseen(expected, what, acted="dut", clause=_CLAUSE)
    doubtful: Event | None = None
    for before, after in switched:
        states = {_state(before), _state(after)}
        if not states & set(_CHARGING):
            return holds(False, expected, f"switched on in state {_state(after)}", before, after, clause=_CLAUSE)
        if _state(after) not in _CHARGING or after.t_ns - before.t_ns > _MOST_GAP_NS:
            doubtful = after
    if doubtful is not None:
        text = f"it came on between two readings, the later one in state {_state(doubtful)}"
        return found(Verdict.INCONCLUSIVE, expected, text, doubtful, acted="bench.pilot", clause=_CLAUSE)
    last = switched[-1][1]
    return holds(True, expected, f"switched on in state {_state(last)}", *switched[-1], clause=_CLAUSE)


def advertised_a(duty_pct: float, limits: Limits) -> tuple[float, float] | None:
    """The current a duty cycle stands for, in A, and the A per % there; None where it stands for no current."""
    if not limits["least_duty"].value - own_number("pilot.duty_near") <= duty_pct < _NO_PULSES_PCT:
        return None
    low, high = limits["low_range_factor"].value, limits["high_range_factor"].value
    if duty_pct <= limits["range_change"].value:
        return max(duty_pct * low, limits["least_current"].value), low
    return (duty_pct - limits["high_range_offset"].value) * high, high


@judge("pilot.duty_advertises", reads=("pilot",))
def duty_advertises(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Through the last second before the claim the duty cycle stands for `current_a`, within the tolerances.

    It names the most that the car may draw (IEC 61851-1 Annex A), so that less than the limit is judged more mildly.
    """
    wanted = float(claim.params["current_a"])
    expected = f"the duty cycle stands for {wanted:g} A"
    at = trace.by_seq(claim.seq)
    from_ns = at.t_ns - own_ns("pilot.look")
    points = within(series(trace, "duty_pct", role="pilot"), from_ns, at.t_ns)
    if len(points) < _LEAST_READINGS or longest_gap_s(points, from_ns, at.t_ns) > MOST_GAP_S / 2:
        return unseen(expected, "the pilot box gave no duty cycle", acted="bench.pilot")
    worst, verdict = None, Verdict.PASS
    for point in points:
        told = advertised_a(point.value, limits)
        if told is None:
            event = trace.by_seq(point.seq)
            digital = (
                abs(point.value - limits["digital_duty"].value) <= own_number("pilot.duty_near") + point.uncertainty
            )
            # 5 % hands the limit to ISO 15118, of which the pilot says nothing; anything else forbids charging
            verdict = Verdict.INCONCLUSIVE if digital else Verdict.FAIL
            return found(
                verdict, expected, f"{point.value:.1f} % stands for no current by pilot", event, clause=_CLAUSE
            )
        shown, per_pct = told
        limit = limits["duty_shortfall" if shown <= wanted else "duty_tolerance"]
        now, measured = held_against(
            "difference", abs(shown - wanted), limit, uncertainty=point.uncertainty * per_pct, at_ns=point.t_ns
        )
        if worst is None or _beyond(measured) > _beyond(worst[0]):
            worst, verdict = (measured, point, shown), now
    assert worst is not None
    measured, point, shown = worst
    text = f"{point.value:.1f} % stands for {shown:.1f} A"
    return found(verdict, expected, text, trace.by_seq(point.seq), clause=_CLAUSE, measurements=[measured])


@judge("pilot.offers_no_more", reads=("pilot",))
def offers_no_more(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After event `since` no duty cycle stands for more than one did in the second before event `than`.

    By then nothing limited the charger but itself and the cable. What is more, and within `rated_a`, may be a limit
    of its own that was gone meanwhile.
    """
    expected = "it offers no more than it did when nothing was asked of it"
    duty, than = series(trace, "duty_pct", role="pilot"), trace.by_seq(claim.params["than"])
    before = [advertised_a(p.value, limits) for p in within(duty, than.t_ns - own_ns("pilot.look"), than.t_ns)]
    after = within(duty, trace.by_seq(claim.params["since"]).t_ns, trace.by_seq(claim.seq).t_ns)
    offered = [(*told, p) for p in after if (told := advertised_a(p.value, limits)) is not None]
    own_a = [told[0] for told in before if told is not None]
    if min(len(own_a), len(offered)) < _LEAST_READINGS:
        return unseen(expected, "the pilot did not tell a current, before or after", acted="dut", clause=_CLAUSE)
    shown, per_pct, point = max(offered, key=lambda each: each[0])
    apart, unsure = max(0.0, shown - max(own_a)), point.uncertainty * per_pct  # of one box, which errs alike both times
    limit = limits["duty_tolerance"]
    verdict, measured = held_against("more than before", apart, limit, uncertainty=unsure, at_ns=point.t_ns)
    text = f"{shown:.1f} A, and {max(own_a):.1f} A before"
    if verdict is Verdict.FAIL and shown <= float(claim.params["rated_a"]):
        verdict, text = Verdict.INCONCLUSIVE, f"{text}; both within its rating"
    event = trace.by_seq(point.seq)
    return found(verdict, expected, text, than, event, clause=_CLAUSE, measurements=[measured])


def _beyond(measured: Measurement) -> float:
    return measured.value - (measured.limit or 0.0)


@judge("pilot.switches_off", reads=("pilot",))
def switches_off(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After the bench action `since`, the voltage at the contacts is gone within the time to switch `off`, for good."""
    limit = limits["off"]
    expected = f"the voltage is off within {limit.value:g} {limit.unit}, and stays off"
    start = trace.by_seq(claim.params["since"])
    before = _samples(trace.between(start.t_ns - _MOST_GAP_NS, start.t_ns), 0, start.seq)[-3:]
    if not before or not all(_on(e) for e in before):
        return unseen(expected, "there was no voltage before, so nothing was switched off", acted="dut")
    samples = _samples(trace, start.seq, claim.seq)
    end_ns = trace.by_seq(claim.seq).t_ns
    if not samples:
        return unseen(expected, "the pilot box gave no reading", acted="bench.pilot")
    last_on = next((n for n in range(len(samples) - 1, -1, -1) if _on(samples[n])), -1)
    if last_on == len(samples) - 1:
        still_s = (samples[-1].t_ns - start.t_ns) / 1e9
        verdict = Verdict.FAIL if still_s > limit.value + limit.tolerance else Verdict.INCONCLUSIVE
        return found(verdict, expected, f"still on after {still_s:.1f} s", samples[-1], clause=_CLAUSE)
    # it went off between the last reading with voltage and the next one, counted from when the car's state changed
    acted_ns = _done_ns(trace, start)
    earliest_s = max(0.0, (samples[last_on].t_ns - acted_ns) / 1e9) if last_on >= 0 else 0.0
    latest_s = (samples[last_on + 1].t_ns - start.t_ns) / 1e9
    middle, half = (earliest_s + latest_s) / 2, (latest_s - earliest_s) / 2
    verdict, measured = held_against("time to switch off", middle, limit, uncertainty=half)
    text = f"off between {earliest_s:.2f} and {latest_s:.2f} s"
    watched = [start.t_ns, *(e.t_ns for e in samples), end_ns]
    if max(b - a for a, b in pairwise(watched)) > _MOST_GAP_NS and verdict is Verdict.PASS:
        verdict, text = Verdict.INCONCLUSIVE, f"{text}, but the pilot box was silent for a while"
    elif len(samples) - last_on <= _LEAST_READINGS and verdict is Verdict.PASS:
        verdict, text = Verdict.INCONCLUSIVE, f"{text}, but nobody watched whether it stayed off"
    evidence = (start, samples[last_on] if last_on >= 0 else start, samples[last_on + 1])
    return found(verdict, expected, text, *evidence, clause=_CLAUSE, measurements=[measured])


@judge("pilot.stays_off", reads=("pilot",))
def stays_off(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """From the bench action `since` to the claim, at least for the time to switch `off`, no voltage comes on."""
    expected = "with that fault on the pilot no voltage is switched on"
    start, end = trace.by_seq(claim.params["since"]), trace.by_seq(claim.seq)
    before = _samples(trace.between(start.t_ns - _MOST_GAP_NS, start.t_ns), 0, start.seq)[-1:]
    if not before or _on(before[-1]):
        return unseen(expected, "voltage stood there before the fault already", acted="bench.pilot")
    samples = _samples(trace, start.seq, claim.seq)
    if (on := next((e for e in samples if _on(e)), None)) is not None:
        after_s = (on.t_ns - start.t_ns) / 1e9
        return holds(False, expected, f"on {after_s:.1f} s later, in state {_state(on)}", on, clause=_CLAUSE)
    times = [start.t_ns, *(e.t_ns for e in samples), end.t_ns]
    if max(b - a for a, b in pairwise(times)) > _MOST_GAP_NS or end.t_ns - start.t_ns < limits["off"].value * 1e9:
        return unseen(expected, "nobody watched long enough whether it stayed off", acted="bench.pilot")
    return holds(True, expected, f"{len(samples)} readings without voltage", samples[-1], clause=_CLAUSE)


def _done_ns(trace: Trace, action: Event) -> int:
    """When the pilot box had confirmed what it was told; the car changed its state no later."""
    reply = next((e for e in trace.of("bench.reply").after(action.seq) if e.data.get("action") == action.seq), None)
    return reply.t_ns if reply is not None else action.t_ns
