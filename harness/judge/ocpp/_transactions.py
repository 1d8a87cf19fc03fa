"""TransactionEvents: whose they are, which are retries, and whether a transaction was told in order."""

from __future__ import annotations

from typing import Any

from harness.judge._core import Claim, Finding, Limits, Verdict, judge
from harness.judge._say import found, holds, unseen
from harness.trace import OcppMessage, Trace, exchange_of, messages

_CALL = 2


@judge("core_ocpp.transaction_in_sequence")
def transaction_in_sequence(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Every transaction begun since `since` starts once, ends once, and numbers its events without gap (E01-E07).

    One that was told of before `since` belongs to an earlier case; one that goes on beside an ended one may. Where
    none ended, the TxStopPoint read by GetVariables `stop`, if given, says whether the car's leaving had to end it.
    """
    expected = "a transaction has one Started, one Ended, and sequence numbers without gap or repeat"
    clause = "OCPP 2.0.1 E01.FR.07, E02.FR.07, E06.FR.14 (sequence numbers), E06.FR.02, .03, .06, .07 (end)"
    by_id: dict[str, list[OcppMessage]] = {}
    for message in messages(trace, action="TransactionEvent", direction="in"):
        if message.type == _CALL and message.event.seq <= claim.seq:
            by_id.setdefault(transaction_of(message), []).append(message)
    since = claim.params.get("since", -1)
    by_id = {k: v for k, v in by_id.items() if v[0].event.seq > since}
    if not by_id:
        return unseen(expected, "no transaction was reported", acted="dut", clause=clause)
    if (may_stay := _may_stay_open(trace, claim.params.get("stop"), by_id)) is not None:
        return unseen(expected, may_stay, acted="dut", clause=clause)
    some_ended = any(m.payload.get("eventType") == "Ended" for events in by_id.values() for m in events)
    for identity, events in by_id.items():
        if fault := _sequence_fault(events, may_go_on=some_ended):
            text = f"transaction {identity[:12]}: {fault}"
            return found(Verdict.FAIL, expected, text, *(m.event for m in events[:6]), clause=clause)
    count = sum(len(v) for v in by_id.values())
    last = next(iter(by_id.values()))[-1].event
    return holds(True, expected, f"{len(by_id)} transaction(s), {count} events, all in order", last, clause=clause)


_ENDS_WITH_THE_CAR = {"evconnected", "authorized", "powerpathclosed", "energytransfer"}  # E06.FR.02, .03, .06, .07


def _may_stay_open(trace: Trace, stop: int | None, by_id: dict[str, list[OcppMessage]]) -> str | None:
    """Why a transaction without an end is no fault: after its permission and its car, only a parking bay holds it."""
    if stop is None or any(m.payload.get("eventType") == "Ended" for events in by_id.values() for m in events):
        return None
    value = value_read(trace, stop)
    points = {p.strip().lower() for p in (value or "").split(",")}
    if points & _ENDS_WITH_THE_CAR:
        return None
    return f"no transaction ended, and TxStopPoint is {value!r}"


def value_read(trace: Trace, get: int) -> str | None:
    """What the answer to GetVariables `get` gives as the first variable's value, in small letters; None without one."""
    asked = exchange_of(trace, get)
    results = asked.answer.payload.get("getVariableResult") if asked is not None and asked.answer is not None else None
    first = results[0] if isinstance(results, list) and results else None
    value = first.get("attributeValue") if isinstance(first, dict) else None
    return None if value is None else str(value).strip().lower()


def transaction_of(message: OcppMessage) -> str:
    """The transaction that a TransactionEvent is about."""
    about = message.payload.get("transactionInfo")
    return str(about.get("transactionId") if isinstance(about, dict) else None)


def number_of(message: OcppMessage) -> int:
    """A TransactionEvent's sequence number; -1 for what is none."""
    number = message.payload.get("seqNo")
    return int(number) if isinstance(number, int | float) and not isinstance(number, bool) else -1


def _sequence_fault(events: list[OcppMessage], *, may_go_on: bool) -> str | None:
    events = without_retries(events)
    if any(m.payload.get("offline") is True for m in events):  # a queue may be told in another order (E 1.3.2)
        events = sorted(events, key=number_of)
    kinds = [str(m.payload.get("eventType")) for m in events]
    numbers = [number_of(m) for m in events]
    if kinds.count("Started") != 1 or kinds[0] != "Started":
        return f"its events are {', '.join(kinds)}"
    goes_on = may_go_on and "Ended" not in kinds
    if not goes_on and (kinds.count("Ended") != 1 or kinds[-1] != "Ended"):
        return f"it did not end properly: {', '.join(kinds[-3:])}"
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return f"its sequence numbers are {numbers}"
    return None


def without_retries(events: list[OcppMessage]) -> list[OcppMessage]:
    """TransactionEvents without those sent again because no answer had come (E13.FR.02).

    A retry repeats number, kind and time; its message id may be the old one or a new one (Part 4, 4.1.4 and erratum).
    """
    seen: set[tuple[Any, ...]] = set()
    first: list[OcppMessage] = []
    for each in events:
        key = tuple(each.payload.get(k) for k in ("seqNo", "eventType", "timestamp"))
        if key not in seen:
            seen.add(key)
            first.append(each)
    return first


@judge("core_ocpp.transaction_ended")
def transaction_ended(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Some transaction since `since` has ended before the claim: the usual control of sequence judges."""
    ended = [
        m
        for m in messages(trace.after(claim.params.get("since", -1)), action="TransactionEvent", direction="in")
        if m.type == _CALL and m.payload.get("eventType") == "Ended" and m.event.seq <= claim.seq
    ]
    expected = "a transaction ran and ended"
    if not ended:
        return unseen(expected, "no transaction ended", acted="dut")
    return holds(True, expected, "it ended", ended[-1].event)


@judge("core_ocpp.told_that_it_charges")
def told_that_it_charges(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """A transaction since `since`, in which a car drew power, was told to be in charging state Charging (E02.FR.13)."""
    told = [
        m
        for m in messages(trace.after(claim.params.get("since", -1)), action="TransactionEvent", direction="in")
        if m.type == _CALL and m.event.seq <= claim.seq
    ]
    expected = "while the car charges, a transaction event says so: charging state Charging"
    clause = "OCPP 2.0.1 E01.FR.18, E02.FR.13"
    if not told:
        return unseen(expected, "no transaction was reported", acted="dut", clause=clause)
    states = [str(i.get("chargingState")) for m in told if isinstance(i := m.payload.get("transactionInfo"), dict)]
    said = ", ".join(dict.fromkeys(states)) or "nothing"
    seen = f"it told of the states {said}"
    return holds("Charging" in states, expected, seen, told[0].event, told[-1].event, clause=clause)
