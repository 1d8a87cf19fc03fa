"""The energy that a session is billed by: the charger's register from its first sample to its last, and the meter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from harness.judge._core import Claim, Finding, Limits, held_against, judge
from harness.judge._say import found, unseen
from harness.judge._series import MOST_GAP_S, Point, longest_gap_s, series, within
from harness.judge.ocpp._clock import Skew, moment, skew
from harness.trace import OcppMessage, Trace, messages

_CLAUSE = "OCPP 2.0.1 J02, MeasurandEnumType"
_REGISTERS = {"import": "Energy.Active.Import.Register", "export": "Energy.Active.Export.Register"}
_UNITS = {"Wh": 1.0, "kWh": 1000.0}
_PLACES = ("Inlet", "Outlet")  # the bench's meter stands at the grid's side
_WH = 3.6e12  # of one W for so many ns


@dataclass(frozen=True)
class _Told:
    """A register as it was told: when it was read (`t_ns`), its Wh, and its last digit."""

    message: OcppMessage
    t_ns: int
    wh: float
    digit_wh: float
    place: str


@judge("energy.register_agrees", reads=("meter",))
def register_agrees(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """From the first to the last register that the session after `since` told, as much energy as the meter saw flow.

    `way` is "import" or "export". Each reading may be off by its last digit, and by how well the charger's clock is
    known where power flowed at that moment; what the charger itself needs (`floor`, in W) is never counted. A DC
    charger that reads its register at the outlet is held against the power there, where the meter gives it.
    """
    way, limit = str(claim.params["way"]), limits["agreement"]
    sign, name = (1.0 if way == "import" else -1.0), _REGISTERS[way]
    expected = f"its register of the {way} grows by what the meter saw flow, within {limit.value:g} {limit.unit}"
    clocks = skew(trace, claim.seq)
    told = [t for m in _of_session(trace, claim) if (t := _told(m, name, clocks)) is not None]
    told = sorted((t for t in told if t.place == told[0].place), key=_when)
    if len(told) < 2:
        return unseen(expected, f"it told {name} {len(told)} times in the session", acted="dut", clause=_CLAUSE)
    first, last = told[0], told[-1]
    points = _power(trace, first.t_ns, last.t_ns, first.place)
    if not points or longest_gap_s(points, first.t_ns, last.t_ns) > MOST_GAP_S:
        return unseen(expected, "the meter was silent for a part of the session", acted="bench.meter", clause=_CLAUSE)
    flowed = _energy_wh(points, sign)
    hours = (last.t_ns - first.t_ns) / _WH
    if flowed < max(limits["least_power"].value * hours, 1.0):
        return unseen(expected, f"the meter saw {flowed:.1f} Wh flow: too little", acted="ev", clause=_CLAUSE)
    grown, own = last.wh - first.wh, limits["floor"].value * hours
    apart = max(0.0, abs(grown - flowed) - own)
    slack_ns = int((clocks.within_s if clocks else 1.0) * 1e9)
    around = [_most_w(points, t.t_ns, slack_ns, sign) * slack_ns / _WH for t in (first, last)]
    unsure = 0.0 if apart == 0 else max(t.digit_wh for t in told) + sum(around)
    scale = 100.0 / flowed
    verdict, measured = held_against("difference in energy", apart * scale, limit, uncertainty=unsure * scale)
    seen = f"it grew by {grown:.1f} Wh from {first.wh:.1f} Wh, the meter saw {flowed:.1f} Wh"
    return found(
        verdict, expected, seen, first.message.event, last.message.event, clause=_CLAUSE, measurements=[measured]
    )


def _when(told: _Told) -> int:
    return told.t_ns


def _of_session(trace: Trace, claim: Claim) -> list[OcppMessage]:
    """The events of the first session that began after event `since`, however late they came."""
    said = [
        m
        for m in messages(trace.after(int(claim.params.get("since", 0))), action="TransactionEvent", direction="in")
        if m.type == 2 and m.event.seq < claim.seq
    ]
    begun = next((_session(m) for m in said if m.payload.get("eventType") == "Started"), None)
    return [m for m in said if _session(m) == begun and begun is not None]


def _session(message: OcppMessage) -> Any:
    info = message.payload.get("transactionInfo")
    return info.get("transactionId") if isinstance(info, dict) else None


def _told(message: OcppMessage, name: str, clocks: Skew | None) -> _Told | None:
    """The register of one message: its first where it began the session, else its newest."""
    values = message.payload.get("meterValue")
    read = [each for each in values if isinstance(each, dict)] if isinstance(values, list) else []
    newest_first = read if message.payload.get("eventType") == "Started" else list(reversed(read))
    for each in newest_first:
        taken, came = moment(each.get("timestamp")), moment(message.event.utc)
        summed = _summed(each.get("sampledValue"), name)
        if taken is None or came is None or summed is None:
            continue
        age_s = (came - taken).total_seconds() + (clocks.ahead_s if clocks else 0.0)
        return _Told(message, message.event.t_ns - int(max(age_s, 0.0) * 1e9), *summed)
    return None


def _summed(samples: Any, name: str) -> tuple[float, float, str] | None:
    """(Wh, its last digit in Wh, place): the total, or the sum of the phases, at the place nearest to the grid."""
    found_: dict[str, dict[str, tuple[float, float]]] = {}
    for sample in samples if isinstance(samples, list) else []:
        named = isinstance(sample, dict) and sample.get("measurand", _REGISTERS["import"]) == name
        if named and (wh := _wh(sample)) is not None:
            place, phase = str(sample.get("location", "Outlet")), str(sample.get("phase", "total"))
            found_.setdefault(place, {})[phase.removesuffix("-N")] = wh
    for place in _PLACES:
        parts = found_.get(place, {})
        chosen = [parts["total"]] if "total" in parts else [parts[p] for p in ("L1", "L2", "L3") if p in parts]
        if chosen:
            return sum(wh for wh, _ in chosen), sum(digit for _, digit in chosen), place
    return None


def _wh(sample: dict[str, Any]) -> tuple[float, float] | None:
    unit = sample.get("unitOfMeasure")
    unit = unit if isinstance(unit, dict) else {}
    scale = _UNITS.get(str(unit.get("unit", "Wh")))
    try:
        scale = None if scale is None else scale * 10.0 ** int(unit.get("multiplier", 0))
        value = float(sample["value"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    decimals = len(repr(value).partition(".")[2]) if value % 1 else 0
    return None if scale is None else (value * scale, scale / 10.0**decimals)


def _power(trace: Trace, from_ns: int, to_ns: int, place: str) -> list[Point]:
    volts = {p.seq: p for p in within(series(trace, "dc_u_v"), from_ns, to_ns)} if place == "Outlet" else {}
    amps = within(series(trace, "dc_i_a"), from_ns, to_ns) if volts else []
    direct = [Point(p.t_ns, p.value * volts[p.seq].value, 0.0, p.seq) for p in amps if p.seq in volts]
    return direct if any(p.value for p in direct) else within(series(trace, "p_w"), from_ns, to_ns)


def _energy_wh(points: Sequence[Point], sign: float) -> float:
    flows = [(p.t_ns, max(sign * p.value, 0.0)) for p in points]
    return sum((a[1] + b[1]) / 2 * (b[0] - a[0]) for a, b in pairwise(flows)) / _WH


def _most_w(points: Sequence[Point], at_ns: int, slack_ns: int, sign: float) -> float:
    near = within(points, at_ns - slack_ns, at_ns + slack_ns)
    return max((max(sign * p.value, 0.0) for p in near), default=0.0)
