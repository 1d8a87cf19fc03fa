"""OCPP J02: meter values of transactions."""

from __future__ import annotations

from functools import lru_cache
from math import inf

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._read import items, part, power_and_energy, registers, samples, told_at_s
from harness.judge.rules._transactions import SPAN_S, number_of
from harness.ocppj import V21

_FAMILIES = {
    "Energy.Active": ("Wh", "kWh"),
    "Energy.Reactive": ("varh", "kvarh"),
    "Energy.Apparent": ("VAh", "kVAh"),
    "Power.Active": ("W", "kW"),
    "Power.Reactive": ("var", "kvar"),
    "Current": ("A",),
    "Voltage": ("V",),
    "SoC": ("Percent",),
}
_UNITS = frozenset(unit for units in _FAMILIES.values() for unit in units)
_NOISY = ("Energy", "Power", "Current")  # an instrument at zero may be off to the other side
_MAY_BE_NEGATIVE = ("Setpoint", "Net", "Residual")
_PERIODIC = "MeterValuePeriodic"
_CUT_OFF = ("PowerLoss", "Reboot", "ImmediateReset", "PowerQuality", "GroundFault")  # it may have no time to measure
_SAMPLED = frozenset(("Sample.Periodic", "Transaction.Begin", "Transaction.End"))


@rule("OCPP-J02.R010", "call:TransactionEvent")
def samples_are_not_from_the_future(s: Station, m: Message) -> bool | str | None:
    """J02.FR.10: of several meterValue elements none is later than its event."""
    at, told = told_at_s(m), items(m.payload.get("meterValue"))
    if at is None or len(told) < 2 or m.payload.get("eventType") == "Ended":
        return None
    latest = max((x.at_s for x in samples(m) if x.at_s is not None), default=at)
    return f"a meter value is {latest - at:.0f} s later than its event" if latest > at + s.limits["later"] else True


@rule("OCPP-J02.R011", "call:TransactionEvent")
def values_come_at_the_interval(s: Station, m: Message) -> Debt | None:
    """J02.FR.11: meter values come at the interval that was configured."""
    if not _has_periodic(m) or m.payload.get("eventType") == "Ended" or m.payload.get("offline"):
        return None
    interval, tx = _interval_s(s), part(m.payload, "transactionInfo", "transactionId")
    if not interval:
        return None

    def pays(x: Message) -> bool:
        return part(x.payload, "transactionInfo", "transactionId") == tx and (
            x.payload.get("triggerReason") == "MeterValuePeriodic" or x.payload.get("eventType") == "Ended"
        )

    seen = f"no meter values came for longer than the interval of {interval} s"
    return Debt(seen, interval * s.limits["share"] + s.limits["grace"], pays, ends_by=_changes_the_interval)


@rule("OCPP-J02.R025", "call:TransactionEvent", "result:SetVariables")
def values_keep_to_the_interval(s: Station, m: Message) -> bool | str | None:
    """J02.FR.11: of two periodic events in a row the later one is not several intervals later, by both clocks."""
    kept, tx, interval = s.note("J02.R025"), s.transaction(m), _interval_s(s)
    if m.is_result:
        kept.clear()  # which interval it goes by is not known before it was seen to keep to it
    if tx is None or tx.last is None or not interval or tx.missing or not _follows(tx.last, m):
        return None
    at, before = told_at_s(m), told_at_s(tx.last)
    apart_s = 0.0 if at is None or before is None else min(at - before, (m.t_ns - tx.last.t_ns) / 1e9)
    if apart_s <= interval * s.limits["share"] + s.limits["grace"]:
        kept[tx.id] = m.connection
        return True
    # over another connection another interval may hold, which it took up with a boot
    return f"two periodic values in a row are {apart_s:.0f} s apart" if kept.get(tx.id) == m.connection else None


@rule("OCPP-J02.R016", "call:TransactionEvent")
def registers_never_fall(s: Station, m: Message) -> bool | str | None:
    """J02.FR.16: within a transaction no energy register falls."""
    tx, told = s.transaction(m), registers(m)
    last = dict(tx.registers) if tx is not None else {}
    for at, what, value, _ in told:
        before = last.get(what)
        if before is not None and at > before[0] and value < before[1] - s.limits["fell"]:
            return f"{what[0]} fell from {before[1]:g} Wh to {value:g} Wh within a transaction"
        if before is None or at >= before[0]:
            last[what] = (at, value)
    return True if told else None


@rule("OCPP-J02.R019", "call:TransactionEvent")
def registers_grow_as_fast_as_a_plug_allows(s: Station, m: Message) -> bool | str | None:
    """MeasurandEnumType: an energy register, in the unit that it is told in, is one of a plug that there is."""
    tx, found = s.transaction(m), None
    for at, what, value, _ in registers(m) if tx is not None else ():
        before = tx.registers.get(what) if tx is not None else None
        if before is None or at <= before[0]:
            continue
        found, lasted_s = True, at - before[0]
        if value - before[1] > s.limits["plug"] * (lasted_s + s.limits["moment"]) / 3600:
            return f"{what[0]} grew by {(value - before[1]) / 1000:g} kWh within {lasted_s:.0f} s"
    return found


@rule("OCPP-J02.R017", "call:TransactionEvent:Ended")
def end_repeats_the_begin(s: Station, m: Message) -> bool | str | None:
    """ReadingContextEnumType: the register at the begin of a transaction is the same in its first and last event."""
    tx = s.transaction(m)
    if tx is None or m.payload.get("eventType") != "Ended":
        return None
    found = [(w, at, v) for at, w, v, context in registers(m) if context == "Transaction.Begin" and w in tx.began]
    began = [
        (w, tx.began[w][1], v) for w, at, v in found if abs(at - tx.began[w][0]) <= s.limits["moment"]
    ]  # the same reading
    wrong = [(w[0], before, v) for w, before, v in began if abs(v - before) > s.limits["differs"]]
    if wrong:
        return "{} at the begin was {:g} Wh, and at the end it says {:g} Wh".format(*wrong[0])
    return True if began else None


@rule("OCPP-J02.R018", "call:TransactionEvent")
def energy_follows_power(s: Station, m: Message) -> bool | str | None:
    """MeasurandEnumType: the import's register grows by what its power says, roughly."""
    tx, now = s.transaction(m), power_and_energy(m)
    if tx is None or tx.power is None or now is None or not SPAN_S <= now[0] - tx.power[0] <= s.limits["apart"]:
        return None
    at, register, least, most = tx.power
    hours, grew = (now[0] - at) / 3600, now[2] - register
    low, high, n = max(0.0, min(least, now[1])), max(0.0, most, now[1]), s.limits
    least_wh, most_wh = n["less"] * low * hours - n["below"], n["more"] * high * hours + n["above"]
    if grew < least_wh or grew > most_wh:
        return f"its register grew by {grew:.0f} Wh where its power says {low * hours:.0f} to {high * hours:.0f} Wh"
    return True


@rule("OCPP-J02.R020", "call:TransactionEvent", "call:MeterValues")
def units_fit_what_is_measured(s: Station, m: Message) -> bool | str | None:
    """Appendix, units of measure: a unit fits its measurand."""
    found = None
    for x in samples(m):
        fitting = _family(x.measurand)
        if fitting and x.unit in _UNITS:
            found = True
            if x.unit not in fitting:
                return f"{x.measurand} in {x.unit}"
    return found


@rule("OCPP-J02.R021", "call:TransactionEvent", "call:MeterValues")
def directions_have_no_sign(s: Station, m: Message) -> bool | str | None:
    """MeasurandEnumType: what has a direction in its name is not negative (2.1), a state of charge is a percentage."""
    found = None
    for x in samples(m):
        bounds = _bounds(x.measurand, x.unit, m.version == V21)
        if bounds is not None and x.value is not None:
            found, noise = True, s.limits[bounds[2]]
            if not bounds[0] - noise <= x.value <= bounds[1] + noise:
                return f"{x.measurand} is {x.value:g}"
    return found


@rule("OCPP-J02.R022", "call:MeterValues")
def registers_go_on_beside_the_events(s: Station, m: Message) -> bool | str | None:
    """J02.FR.16: in a transaction no register that MeterValues tell is lower than its events told before."""
    evse, found = m.payload.get("evseId"), None
    running = s.ongoing(evse) if isinstance(evse, int) and evse > 0 else []
    for at, what, value, _ in registers(m) if len(running) == 1 else ():
        before, begin = running[0].registers.get(what), running[0].began.get(what)
        if before is None or begin is None or begin[1] < s.limits["fell"] or at < before[0] + s.limits["moment"]:
            continue  # one that begins each transaction at zero is not recommended, and allowed
        found = True
        if value < before[1] - s.limits["fell"]:
            return f"{what[0]} is {value:g} Wh, and its transaction told {before[1]:g} Wh before"
    return found


@rule("OCPP-J02.R023", "call:TransactionEvent:Started")
def values_of_the_begin_say_so(s: Station, m: Message) -> bool | str | None:
    """E01.FR.09: meter values of the beginning have the context Transaction.Begin."""
    told = {x.context for x in samples(m)} if m.payload.get("eventType") == "Started" else set()
    if not told or m.remark is not None:
        return None
    return True if "Transaction.Begin" in told else f"the values of its beginning are {', '.join(sorted(told))}"


@rule("OCPP-J02.R024", "call:TransactionEvent:Ended")
def values_of_the_end_say_so(s: Station, m: Message) -> bool | str | None:
    """E06.FR.11: sampled values of the end have the context Transaction.End."""
    told = {x.context for x in samples(m)} if m.payload.get("eventType") == "Ended" else set()
    if not told & _SAMPLED or part(m.payload, "transactionInfo", "stoppedReason") in _CUT_OFF:
        return None  # what is aligned to the clock may be told alone; nobody measures at the end of a power failure
    return True if "Transaction.End" in told else f"of the values of its end the contexts are {', '.join(sorted(told))}"


def _follows(last: Message, m: Message) -> bool:
    """Whether of two periodic events the later one comes next, over the same connection."""
    next_one = number_of(m) == (number_of(last) or 0) + 1 and m.connection == last.connection
    both = all(x.payload.get("triggerReason") == _PERIODIC for x in (last, m))
    return both and next_one and not m.payload.get("offline") and _has_periodic(m)


def _interval_s(s: Station) -> int:
    """Seconds between periodic values of a transaction; 0 where there are none, or nobody knows."""
    interval = s.variables.get("sampleddatactrlr.txupdatedinterval", "")
    off = s.variables.get("sampleddatactrlr.enabled", "").lower() == "false"
    nothing = s.variables.get("sampleddatactrlr.txupdatedmeasurands") == ""
    return 0 if off or nothing or not interval.isdigit() else int(interval)


def _changes_the_interval(m: Message) -> bool:
    return m.action == "SetVariables" or part(m.payload, "transactionInfo", "operationMode") is not None


def _has_periodic(m: Message) -> bool:
    """Whether from here on periodic values come: a transaction on an EVSE began, or it told some. In a mode of V2X the
    interval is another (V2XChargingCtrlr)."""
    if part(m.payload, "transactionInfo", "operationMode") not in (None, "ChargingOnly"):
        return False
    begins = m.payload.get("eventType") == "Started" and part(m.payload, "evse", "id") is not None
    return begins or m.payload.get("triggerReason") == "MeterValuePeriodic"


@lru_cache(maxsize=256)
def _family(what: str) -> tuple[str, ...]:
    return next((units for family, units in _FAMILIES.items() if what.startswith(family)), ())


@lru_cache(maxsize=256)
def _bounds(what: str, unit: str | None, has_signs: bool) -> tuple[float, float, str] | None:
    """Between what a value lies by its measurand's name, and the limit that noise may add to it; None: it is open."""
    if what == "SoC":
        return (0.0, 100.0, "SoC") if unit in (None, "Percent") else None
    names = what.split(".")
    one_way = has_signs and {"Import", "Export"} & {*names} and not {*_MAY_BE_NEGATIVE} & {*names}
    return (0.0, inf, names[0]) if one_way and names[0] in _NOISY else None
