"""OCPP E06: the end of a transaction."""

from __future__ import annotations

from typing import Any

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._owed import wants_register
from harness.judge.rules._read import part, reported_states
from harness.judge.rules._transactions import number_of

# what ends a transaction other than its driver at the station
_NOT_THE_DRIVER = frozenset(
    (
        *("AbnormalCondition", "Deauthorized", "EnergyLimitReached", "CostLimitReached", "EVConnectTimeout"),
        *("RemoteStop", "ResetCommand", "SoCLimitReached", "TimeLimitReached", "UnlockCommand"),
    )
)

# the one reason that what triggered the end leaves: E05.FR.10 (E10.FR.02: a cable that stayed out), B12.FR.04 and .08
# by the errata 2025-04; ReasonEnumType
_REASONS = {
    "Deauthorized": ("DeAuthorized", "EVDisconnected", "ReqEnergyTransferRejected"),
    "EVConnectTimeout": ("Timeout",),
    "ResetCommand": ("ImmediateReset",),
}
_FAULTS = ("GroundFault", "OvercurrentFault")
_CONNECTED = ("Charging", "SuspendedEV")  # energy is offered, so nobody has stopped it
_CHANGED = "ChargingStateChanged"
_OF_ANOTHER_END = ("Local", "MasterPass", "Remote", "Timeout")


@rule("OCPP-E06.R008", "call:TransactionEvent:Ended")
def tells_why_it_ended(s: Station, m: Message) -> bool | str | None:
    """E06.FR.08: where the driver did not end it, the end has its reason."""
    trigger = m.payload.get("triggerReason")
    if m.payload.get("eventType") != "Ended" or trigger not in _NOT_THE_DRIVER:
        return None
    told = part(m.payload, "transactionInfo", "stoppedReason")
    return True if told else f"a transaction that {trigger} ended has no stoppedReason"


@rule("OCPP-E06.R016", "call:TransactionEvent:Ended")
def is_not_charging_at_its_end(s: Station, m: Message) -> bool | str | None:
    """E06.FR.02: what ended because its cable was disconnected is not in the state Charging."""
    state, reason = (part(m.payload, "transactionInfo", name) for name in ("chargingState", "stoppedReason"))
    if m.payload.get("eventType") != "Ended" or state is None or reason != "EVDisconnected":
        return None
    if m.payload.get("triggerReason") != "EVCommunicationLost":
        return None  # told later, when another car may charge
    return "its cable was disconnected, and its state is Charging" if state == "Charging" else True


@rule("OCPP-E06.R017", "call:TransactionEvent:Ended")
def reason_fits_the_trigger(s: Station, m: Message) -> bool | str | None:
    """E05.FR.10, B12.FR.04: the reason of the end is that of what triggered it."""
    trigger, told = m.payload.get("triggerReason"), part(m.payload, "transactionInfo", "stoppedReason")
    wanted = _REASONS.get(str(trigger))
    if m.payload.get("eventType") != "Ended" or wanted is None or told is None:
        return None
    return True if told in wanted else f"a transaction that {trigger} ended says as its reason {told}"


@rule("OCPP-E06.R020", "call:TransactionEvent", "call:StatusNotification", "call:NotifyEvent")
def a_fault_is_told_as_such(s: Station, m: Message) -> bool | str | None:
    """E06.FR.16: what a fault ended has the trigger AbnormalCondition, and no mere change of its state."""
    kept, tx, trigger = s.note("E06.R020"), s.transaction(m), m.payload.get("triggerReason")
    for evse, connector, state in reported_states(m):
        kept[evse, connector] = m.t_ns if state == "Faulted" else -1
    if tx is None or m.payload.get("eventType") != "Ended" or m.payload.get("offline"):
        return None
    reason, told_ns = part(m.payload, "transactionInfo", "stoppedReason"), kept.get((tx.evse, tx.connector), -1)
    fault = told_ns >= 0 and m.t_ns - told_ns <= s.limits["moment"] * 1e9
    if not (reason in _FAULTS or (reason == "Other" and fault)) or trigger not in ("AbnormalCondition", _CHANGED):
        return None
    return True if trigger != _CHANGED else f"a fault ended it ({reason}), and it says {trigger}"


@rule("OCPP-E06.R018", "call:TransactionEvent", "asked:RequestStopTransaction")
def a_car_that_left_is_no_stop(s: Station, m: Message) -> bool | str | None:
    """E06.FR.08, ReasonEnumType: a car that goes while energy is offered is not told as a stop by somebody."""
    tx, asked = s.transaction(m), s.note("E06.R018")  # the transactions that the backend asked to stop
    if m.is_call and m.action == "RequestStopTransaction":
        asked[m.payload.get("transactionId")] = True
        return None
    told, number = part(m.payload, "transactionInfo", "stoppedReason"), m.payload.get("seqNo")
    gone = m.payload.get("triggerReason") in ("EVCommunicationLost", "EVDeparted") and "idToken" not in m.payload
    if tx is None or not gone or told is None or m.payload.get("eventType") != "Ended" or tx.id in asked:
        return None
    if not tx.authorized or tx.state not in _CONNECTED or tx.missing or number != (tx.seq_no or 0) + 1:
        return None
    return f"its car went while energy was offered, and it says {told}" if told in _OF_ANOTHER_END else True


@rule("OCPP-E06.R015", "call:TransactionEvent:Caused")
def a_refused_token_is_the_trigger(s: Station, m: Message) -> bool | str | None:
    """E06.FR.15, E05.FR.10: what ended because the backend refused its token says so by its trigger too."""
    tx, trigger, kept = s.transaction(m), m.payload.get("triggerReason"), s.note("E06.R015")
    if tx is not None and trigger == "Deauthorized":
        kept[tx.id] = True  # told before its end, which something else may bring about
    reason = part(m.payload, "transactionInfo", "stoppedReason")
    if tx is None or m.payload.get("eventType") != "Ended" or reason != "DeAuthorized" or m.payload.get("offline"):
        return None
    if trigger == "Deauthorized":
        return True
    if tx.id in kept or tx.missing or number_of(m) != (tx.seq_no or 0) + 1 or not _stops_at_once(s, trigger):
        return None
    return f"its token was refused, and it says {trigger}"


def _stops_at_once(s: Station, trigger: Any) -> bool:
    """A session that a refused token only suspends may end by that, or later by whatever comes."""
    return s.variables.get("txctrlr.stoptxoninvalidid", "").lower() == "true" or trigger in (
        "StopAuthorized",
        "RemoteStop",
    )


@rule("OCPP-E06.R011", "call:TransactionEvent:Ended")
def ends_with_its_meter_values(s: Station, m: Message) -> bool | str | None:
    """E06.FR.11: Ended has the values that TxEndedMeasurands asks for."""
    tx = s.transaction(m)
    if m.payload.get("eventType") != "Ended" or m.payload.get("offline") or tx is None or tx.evse is None:
        return None
    if not wants_register(s, "txendedmeasurands"):
        return None
    return True if m.payload.get("meterValue") else "Ended has no meter values, and TxEndedMeasurands asks for them"
