"""Metering: what the charger reports to the backend against what the bench's meter saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from harness.judge._core import Claim, Finding, Limits, Measurement, ResolvedLimit, Verdict, held_against, judge
from harness.judge._series import MOST_GAP_S, Point, longest_gap_s, series, within
from harness.judge.ocpp._clock import Skew, moment, skew
from harness.trace import OcppMessage, Trace, exchange_of, messages

_DIRECTIONS = ("Power.Active.Import", "Power.Active.Export")
_PLACES = ("Inlet", "Outlet")  # the bench's meter stands at the grid's side, so that an inlet's value is nearer


@dataclass(frozen=True)
class Reported:
    """One power a charger reported: signed W (+ import), and how old it was when its message came, in s.

    `import_w` and `export_w` as it told them, 0 for what it did not tell.
    """

    message: OcppMessage
    power_w: float
    age_s: float
    import_w: float = 0.0
    export_w: float = 0.0

    def apart_w(self, metered_w: float, by_direction: bool) -> float:
        """How far it is from what the meter showed; `by_direction`: each direction by itself, and neither below zero.

        That is how OCPP 2.1 wants them (MeasurandEnumType); 2.0.1 does not say that an import is never negative.
        """
        if not by_direction:
            return abs(self.power_w - metered_w)
        return max(abs(self.import_w - max(metered_w, 0.0)), abs(self.export_w - max(-metered_w, 0.0)))


class Steady(NamedTuple):
    """When a reported value is compared: the power around it moved by at most `share_pct` and was at least `least_w`.

    It had not moved for `lead_s` when the charger read its meter, nor for `trail_s` after its message came: a change
    between two readings of the bench's meter shows in the later one. The value is at most `oldest_s` old.
    """

    share_pct: float
    least_w: float
    lead_s: float
    trail_s: float
    oldest_s: float


def reported_power_w(message: OcppMessage) -> float | None:
    """Signed active power in W (+ import) of a TransactionEvent's or MeterValues' newest meter value, or None."""
    reported = _reported(message, None)
    return reported.power_w if reported is not None else None


def _reported(message: OcppMessage, clocks: Skew | None) -> Reported | None:
    values = message.payload.get("meterValue")
    told = [(each, _list(each.get("sampledValue"))) for each in _list(values) if isinstance(each, dict)]
    newest = next((each for each, samples in reversed(told) if _told_w(samples) is not None), None)
    if newest is None:
        return None
    stamped = newest.get("timestamp")  # what was taken at one moment may be told in several meter values (J02.FR.10)
    of_then = _told_w([sample for each, samples in told if each.get("timestamp") == stamped for sample in samples])
    if of_then is None:
        return None
    import_w, export_w = (of_then.get(measurand, 0.0) for measurand in _DIRECTIONS)
    return Reported(message, import_w - export_w, _age_s(message, stamped, clocks), import_w, export_w)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _age_s(message: OcppMessage, stamped: object, clocks: Skew | None) -> float:
    """How long before its message came a value was taken: by our clock where the charger's is known, else by its own.

    Within what the clocks are known to, and where nothing is known, it was taken when its message came.
    """
    taken, came = moment(stamped), moment(message.event.utc if clocks else message.payload.get("timestamp"))
    if taken is None or came is None:
        return 0.0
    age_s = (came - taken).total_seconds() + (clocks.ahead_s if clocks else 0.0)
    return 0.0 if clocks and abs(age_s) <= clocks.within_s else age_s


def _told_w(samples: Any) -> dict[str, float] | None:
    """The power of one meter value by measurand: the total, or the sum over the phases, at one place."""
    found: dict[tuple[str, str, str], float] = {}
    for sample in samples if isinstance(samples, list) else []:
        if not isinstance(sample, dict) or sample.get("measurand") not in _DIRECTIONS:
            continue
        watts = _watts(sample)
        if watts is not None:
            place = str(sample.get("location", "Outlet"))
            phase = str(sample.get("phase", "total")).removesuffix("-N")
            found[str(sample["measurand"]), place, phase] = watts
    for place in _PLACES:
        parts = {
            measurand: here["total"] if "total" in here else sum(here[p] for p in ("L1", "L2", "L3") if p in here)
            for measurand in _DIRECTIONS
            if (here := {phase: v for (m, at, phase), v in found.items() if (m, at) == (measurand, place)})
            and here.keys() & {"total", "L1", "L2", "L3"}
        }
        if parts:
            return parts
    return None


def _watts(sample: Mapping[str, Any]) -> float | None:
    unit = sample.get("unitOfMeasure")
    unit = unit if isinstance(unit, dict) else {}
    try:
        value = float(sample["value"]) * 10.0 ** int(unit.get("multiplier", 0))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    scale = {"W": 1.0, "kW": 1000.0}.get(str(unit.get("unit", "W")))
    return None if scale is None else value * scale


@judge("metering.reported_agrees", reads=("meter",))
def reported_agrees(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Each power the charger reported after event `since` agrees with the bench's meter while the power was steady.

    Compared is the moment at which the charger read its meter, by its own time stamps; the power must have been
    steady from `lead` before until `trail` after the message came. What was kept while offline is left out. With
    `by_direction` import and export are compared each by itself. A charger that took the interval of SetVariables
    `every` for its running session, and reported nothing at all, did not keep it.
    """
    limit = limits["agreement"]
    floor_w = limits["floor"].value
    steady = Steady(*(limits[role].value for role in ("steady", "least_power", "lead", "trail", "oldest")))
    by_direction, end_ns = bool(claim.params.get("by_direction")), trace.by_seq(claim.seq).t_ns
    expected = f"the power it reports is within {limit.value:g} {limit.unit} of the bench's meter"
    points, clocks = series(trace, "p_w"), skew(trace, claim.seq)
    worst: tuple[Verdict, Measurement, tuple[int, ...], str] | None = None
    compared = 0
    for message in messages(trace.after(int(claim.params.get("since", 0))), direction="in"):
        if message.event.seq > claim.seq or message.type != 2 or message.payload.get("offline"):
            continue
        reported = _reported(message, clocks) if message.action in ("TransactionEvent", "MeterValues") else None
        around = _steady_around(points, reported, steady, end_ns) if reported is not None else None
        if reported is None or around is None:
            continue
        compared += 1
        held = _held(reported, around, limit, floor_w, by_direction)
        if worst is None or held[1].value > worst[1].value:
            worst = held
    if worst is None and (silent := _silent_in_spite_of(trace, claim, limits["missed"].value)) is not None:
        accepted, seen = silent
        return Finding(
            verdict=Verdict.FAIL,
            expected="it reports meter values at the interval that it accepted",
            seen=seen,
            clause="OCPP 2.0.1 J02.FR.11",
            acted="dut",
            at_ns=accepted.event.t_ns,
            events=(accepted.event.seq,),
        )
    if worst is None:
        return Finding(
            verdict=Verdict.INCONCLUSIVE,
            expected=expected,
            seen=f"the charger reported no power while the meter was steady above {steady.least_w:g} W",
            acted="dut",
        )
    verdict, measured, evidence, seen = worst
    return Finding(
        verdict=verdict,
        expected=expected,
        seen=f"{compared} reports compared; furthest apart: {seen}",
        clause="OCPP 2.0.1 J02, sampled meter values",
        acted="dut",
        at_ns=measured.at_ns,
        events=evidence,
        measurements=(measured,),
    )


def _silent_in_spite_of(trace: Trace, claim: Claim, missed: float) -> tuple[OcppMessage, str] | None:
    """The answer that accepted the interval `every`, and for how long nothing came in a session since; or None."""
    asked = exchange_of(trace, int(claim.params.get("every") or -1))
    results = asked.answer.payload.get("setVariableResult") if asked is not None and asked.answer is not None else None
    if asked is None or asked.answer is None or not isinstance(results, list) or not results:
        return None
    if results[0].get("attributeStatus") != "Accepted":
        return None
    every_s = float(asked.call.payload["setVariableData"][0]["attributeValue"])
    after = trace.after(max(int(claim.params.get("since", 0)), asked.answer.event.seq))
    said = [m for m in messages(after, direction="in") if m.type == 2 and m.event.seq < claim.seq]
    told = [m for m in said if m.action == "TransactionEvent"]
    begun = next((m for m in told if m.payload.get("eventType") == "Started"), None)
    later = [m for m in said if begun is not None and m.event.seq > begun.event.seq]
    if begun is None or any(m.payload.get("meterValue") for m in later):
        return None
    if any(m.payload.get("eventType") == "Ended" for m in later):
        return None
    silent_s = (trace.by_seq(claim.seq).t_ns - begun.event.t_ns) / 1e9
    if silent_s < missed * every_s:
        return None
    return asked.answer, f"it accepted to report every {every_s:g} s, and sent no meter value in {silent_s:.1f} s"


def _steady_around(points: Sequence[Point], reported: Reported, steady: Steady, end_ns: int) -> list[Point] | None:
    """The meter's readings around the moment of a reported value; None when they say nothing about it.

    Nor do they where it is too near to `end_ns`, behind which nobody looked.
    """
    if not 0 <= reported.age_s <= steady.oldest_s:
        return None
    came_ns = reported.message.event.t_ns
    from_ns = came_ns - int((reported.age_s + steady.lead_s) * 1e9)
    to_ns = came_ns + int(steady.trail_s * 1e9)
    around = within(points, from_ns, to_ns)
    if to_ns > end_ns or len(around) < 3 or longest_gap_s(around, from_ns, to_ns) > MOST_GAP_S:
        return None
    mean = sum(p.value for p in around) / len(around)
    spread = max(p.value for p in around) - min(p.value for p in around)
    moved = spread > abs(mean) * steady.share_pct / 100
    return None if abs(mean) < steady.least_w or moved else around


def _held(
    reported: Reported, around: list[Point], limit: ResolvedLimit, floor_w: float, by_direction: bool
) -> tuple[Verdict, Measurement, tuple[int, ...], str]:
    mean = sum(p.value for p in around) / len(around)
    event = reported.message.event
    difference_w, uncertainty_w = reported.apart_w(mean, by_direction), max(p.uncertainty for p in around)
    if difference_w <= floor_w:
        difference_w = uncertainty_w = 0.0  # the contract counts no difference as small as this
    scale = 100 / abs(mean) if limit.unit == "%" else 1.0
    verdict, measured = held_against(
        "largest difference", difference_w * scale, limit, uncertainty=uncertainty_w * scale, at_ns=event.t_ns
    )
    said = f"an import of {reported.import_w:.0f} W and an export of {reported.export_w:.0f} W"
    seen = f"reported {said if by_direction else f'{reported.power_w:.0f} W'} where the meter saw {mean:.0f} W"
    return verdict, measured, (event.seq, around[-1].seq), seen
