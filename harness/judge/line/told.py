"""What a station tells of sessions and connectors as drivers use them: stopped, left, paused, offline, broken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge.line.connectivity import opened_after
from harness.judge.ocpp._transactions import number_of, transaction_of, value_read, without_retries
from harness.judge.ocpp._variables import name_of
from harness.trace import Event, OcppMessage, Trace, messages

_CALL = 2
_OUT_OF_ORDER = ("Faulted", "Unavailable")


@judge("told.afterwards")
def afterwards(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """A session that ran between `cut` and `restored` alone is told after it, from Started to Ended, as offline.

    In what order its events come is up to the station; their numbers tell the order that counts (E 1.3.2).
    `leaving` is the GetVariables that read whether the car's leaving ends it (E10).
    """
    expected = "a session that began and ended offline is told afterwards, from its start to its end"
    clause = "OCPP 2.0.1 E04.FR.01, E04.FR.02, E04.FR.03, E12.FR.01"
    restored = trace.by_seq(claim.params["restored"])
    if opened_after(trace, restored.seq, claim.seq) is None:
        return unseen(expected, "it did not come back to be told anything", acted="dut", clause=clause)
    known: dict[str, list[OcppMessage]] = {}
    for each in _events(trace.up_to(claim.seq)):
        known.setdefault(transaction_of(each), []).append(each)
    late = {k: _as_they_happened(v) for k, v in known.items() if v[0].event.seq > restored.seq}
    if not late:
        return holds(False, expected, "of no such session it told anything", restored, clause=clause)
    sound = [v for v in late.values() if _kinds(v)[0] == "Started" and "Ended" in _kinds(v) and _complete(v)]
    told = [each.event for v in late.values() for each in v][:6]
    seen = "; ".join(", ".join(_kinds(v)) for v in late.values())
    if not sound:
        begun = any("Started" in _kinds(v) for v in late.values())
        if begun and (keeps := value_read(trace, claim.params["leaving"])) != "true":
            seen = f"{seen}; and StopTxOnEVSideDisconnect is {keeps!r}: the car may come back"
            return unseen(expected, seen, acted="dut", clause=clause)
        return holds(False, expected, f"it told {seen}", *told, clause=clause)
    marked = all(each.payload.get("offline") is True for each in sound[0][:1])
    return holds(marked, expected, f"it told {seen}" + ("" if marked else ", not as offline"), *told, clause=clause)


@judge("told.not_free_while_plugged")
def not_free_while_plugged(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Between `since` and `out` (the plug comes out) the connector is not told as Available; after `out` it is."""
    expected = "its connector is told as available once the plug is out, and not before"
    clause = "OCPP 2.0.1 G01.FR.03, G01.FR.04"
    out, states = claim.params["out"], list(_states(trace.after(claim.params["since"]).up_to(claim.seq), claim))
    early = [e for state, e in states if state == "Available" and e.seq < out]
    if early:
        return holds(False, expected, "it was told as Available with the plug in", early[0], clause=clause)
    after = [e for state, e in states if state == "Available" and e.seq > out]
    said = ", ".join(state for state, _ in states) or "nothing"
    return holds(bool(after), expected, f"it told {said}", *after[:1], clause=clause)


@judge("told.fault")
def fault(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """From event `since` on, where a fault stands, a connector's state or a monitored event tells of it."""
    expected = "it tells that the connector is out of order: Faulted, or an event about the problem"
    clause = "OCPP 2.0.1 B01 (a fault of station or EVSE), G01.FR.01"
    part = trace.after(claim.params["since"]).up_to(claim.seq)
    states = list(_states(part, claim))
    if bad := [e for state, e in states if state in _OUT_OF_ORDER]:
        return holds(True, expected, "it did", bad[0], clause=clause)
    alerts = [m for m in messages(part, action="NotifyEvent", direction="in") if m.type == _CALL and _alerts(m)]
    said = ", ".join(state for state, _ in states) or "nothing"
    return holds(
        bool(alerts), expected, f"of its connector it told {said}", *(m.event for m in alerts[:1]), clause=clause
    )


@judge("told.state")
def state(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """What the running transaction was last told to be in fits what happened since `since`.

    One of `fits` was told since, or stands; one of `wrong` that stands is a fail, and any other decides nothing. A
    transaction that has ended is in no state.
    """
    fits, wrong = list(claim.params["fits"]), list(claim.params["wrong"])
    expected = f"it tells the charging state {' or '.join(fits)}"
    clause = "OCPP 2.0.1 E01.FR.18, ChargingStateEnumType"
    told = [(m, str(i.get("chargingState"))) for m in _events(trace.up_to(claim.seq)) if (i := _info(m))]
    if not told or told[-1][0].payload.get("eventType") == "Ended":
        return unseen(expected, "no transaction was told to be running", acted="dut", clause=clause)
    running = transaction_of(told[-1][0])
    mine = [(m, s) for m, s in told if transaction_of(m) == running and s != "None"]
    if not mine:
        return unseen(expected, "it told of no charging state", acted="dut", clause=clause)
    last, stands = mine[-1]
    good = [(m, s) for m, s in mine if s in fits and (m is last or m.event.seq > claim.params["since"])]
    if good:
        return holds(True, expected, f"it told {good[-1][1]}", good[-1][0].event, clause=clause)
    if stands in wrong:
        return holds(False, expected, f"it told {stands}, and nothing else since", last.event, clause=clause)
    return unseen(expected, f"it told {stands}", acted="dut", clause=clause)


@judge("told.out_of_service")
def out_of_service(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After the boot that followed event `since`, the last state told of the connector is Unavailable."""
    expected = "after the restart its connector is told as unavailable, as it was before"
    clause = "OCPP 2.0.1 G03.FR.08"
    part = trace.after(claim.params["since"]).up_to(claim.seq)
    boots = [m for m in messages(part, action="BootNotification", direction="in") if m.type == _CALL]
    if not boots:
        return unseen(expected, "it was not seen to restart", acted="dut", clause=clause)
    states = list(_states(part.after(boots[0].event.seq), claim))
    if not states:
        return unseen(expected, "it told no state after its restart", acted="dut", clause=clause)
    last, event = states[-1]
    if last == "Faulted":
        return unseen(expected, "it told Faulted", acted="dut", clause=clause)
    return holds(last == "Unavailable", expected, f"it told {last}", boots[0].event, event, clause=clause)


@judge("told.taken_out")
def taken_out(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After event `since` asked for it in a session, the connector is told as Unavailable once that has ended.

    Where the session was not told as ended, it may still wait (G03.FR.05). Available is wrong at any time after that.
    """
    expected = "once the session has ended its connector is told as unavailable, and not as available"
    clause = "OCPP 2.0.1 G01.FR.05, G03.FR.05, G04.FR.06"
    part = trace.after(claim.params["since"]).up_to(claim.seq)
    ended = [m for m in _events(part) if m.payload.get("eventType") == "Ended"]
    if not ended:
        return unseen(expected, "no session was told as ended", acted="dut", clause=clause)
    states = list(_states(part, claim))
    free = [told for told in states if told[0] == "Available"]
    if not states:
        return holds(False, expected, "it told no state", ended[-1].event, clause=clause)
    last, event = (free or states)[-1]
    if last == "Faulted":
        return unseen(expected, "it told Faulted", acted="dut", clause=clause)
    return holds(last == "Unavailable", expected, f"it told {last}", ended[-1].event, event, clause=clause)


@judge("told.kept")
def kept(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """GetVariables `get` reads `value`, set before a reset; unless GetReport `report` says that it is not kept.

    A variable is kept over a reset where its attribute says that it is persistent (2.4.1).
    """
    clause = "OCPP 2.0.1 VariableAttributeType.persistent"
    component, variable, value = (str(claim.params[k]) for k in ("component", "variable", "value"))
    expected = f"{component}.{variable}, which it calls persistent, is {value} after the reset, as it was set"
    told = [
        attribute.get("persistent") is True
        for part in messages(
            trace.after(claim.params["report"]).up_to(claim.seq), action="NotifyReport", direction="in"
        )
        for entry in part.payload.get("reportData") or []
        if name_of(entry) == f"{component}.{variable}".lower()
        for attribute in entry.get("variableAttribute") or []
    ]
    if not told:
        return unseen(expected, "it did not report that setting", acted="dut", clause=clause)
    reading = trace.by_seq(claim.params["get"])
    if not any(told):
        return holds(True, expected, "it says that it does not keep it", reading, clause=clause)
    now = value_read(trace, claim.params["get"])
    return holds(now == value, expected, f"it is {now}", reading, clause=clause)


@judge("told.version_kept")
def version_kept(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After the reset `since` it tells firmware `version` at its boot, or in GetVariables `get`, as it did before."""
    version, since = str(claim.params["version"]), int(claim.params["since"])
    expected, clause = f"after a reset it still runs {version}", "OCPP 2.0.1 L01.FR.28, B01.FR.01"
    heard = messages(trace.up_to(claim.seq), direction="in")
    before = [m for m in heard if m.event.seq < since and _names(m, version)]
    if not before:
        return unseen(expected, f"before it, it did not tell that it ran {version}", acted="dut", clause=clause)
    boots = [m for m in heard if m.event.seq > since and m.type == _CALL and m.action == "BootNotification"]
    if not boots:
        return unseen(expected, "it was not seen to restart", acted="dut", clause=clause)
    at_boot = (boots[0].payload.get("chargingStation") or {}).get("firmwareVersion")
    now = str(at_boot).lower() if at_boot else value_read(trace, claim.params["get"])
    if now is None:
        return unseen(expected, "it told no version after it", acted="dut", clause=clause)
    return holds(now == version.lower(), expected, f"it told {now}", before[-1].event, boots[0].event, clause=clause)


def _names(message: OcppMessage, version: str) -> bool:
    return message.action in ("BootNotification", "GetVariables") and version in str(message.payload)


@judge("told.goes_on")
def goes_on(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Since event `since` transaction `transaction` was not told as ended, and the station did not start anew."""
    expected = "the session goes on, and the station does not start anew"
    part = trace.after(claim.params["since"]).up_to(claim.seq)
    number = str(claim.params["transaction"])
    ends = [m for m in _events(part) if m.payload.get("eventType") == "Ended" and transaction_of(m) == number]
    boots = [m for m in messages(part, action="BootNotification", direction="in") if m.type == _CALL]
    seen = "it ended" if ends else "the station announced itself anew" if boots else "it goes on"
    events = [m.event for m in (*ends, *boots)]
    return holds(not events, expected, seen, *events[:2], clause="OCPP 2.0.1 L01.FR.06")


def _events(trace: Trace) -> list[OcppMessage]:
    return [m for m in messages(trace, action="TransactionEvent", direction="in") if m.type == _CALL]


def _as_they_happened(events: list[OcppMessage]) -> list[OcppMessage]:
    return sorted(without_retries(events), key=number_of)


def _info(message: OcppMessage) -> dict[str, Any]:
    info = message.payload.get("transactionInfo")
    return info if isinstance(info, dict) else {}


def _kinds(events: list[OcppMessage]) -> list[str]:
    return [str(m.payload.get("eventType")) for m in events]


def _complete(events: list[OcppMessage]) -> bool:
    numbers = sorted(number_of(m) for m in events)
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _states(trace: Trace, claim: Claim) -> Iterator[tuple[str, Event]]:
    """The states told of connector `connector_id` of `evse_id`, in order."""
    at = (claim.params["evse_id"], claim.params["connector_id"])
    for message in messages(trace, direction="in"):
        if message.type != _CALL:
            continue
        told = message.payload
        if message.action == "StatusNotification" and (told.get("evseId"), told.get("connectorId")) == at:
            yield str(told.get("connectorStatus")), message.event
        for data in _data(message):
            evse = (data.get("component") or {}).get("evse") or {}
            if (
                name_of(data) == "connector.availabilitystate"
                and (evse.get("id"), evse.get("connectorId", at[1])) == at
            ):
                yield str(data.get("actualValue")), message.event


def _data(message: OcppMessage) -> list[dict[str, Any]]:
    data = message.payload.get("eventData") if message.action == "NotifyEvent" else None
    return [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []


def _alerts(message: OcppMessage) -> bool:
    """Whether it tells of a problem, in whatever component, or of a threshold that was passed."""
    return any(
        name_of(each).endswith((".problem", ".fault")) or each.get("trigger") == "Alerting" for each in _data(message)
    )
