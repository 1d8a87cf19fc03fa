"""OCPP E06: the end of a transaction."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._owed import wants_register
from harness.judge.rules._read import part

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
_CONNECTED = ("Charging", "SuspendedEV")  # energy is offered, so nobody has stopped it
_OF_ANOTHER_END = ("Local", "MasterPass", "Remote", "Timeout")


@rule("OCPP-E06.R008", "call:TransactionEvent")
def tells_why_it_ended(s: Station, m: Message) -> bool | str | None:
    """E06.FR.08: where the driver did not end it, the end has its reason."""
    trigger = m.payload.get("triggerReason")
    if m.payload.get("eventType") != "Ended" or trigger not in _NOT_THE_DRIVER:
        return None
    told = part(m.payload, "transactionInfo", "stoppedReason")
    return True if told else f"a transaction that {trigger} ended has no stoppedReason"


@rule("OCPP-E06.R016", "call:TransactionEvent")
def is_not_charging_at_its_end(s: Station, m: Message) -> bool | str | None:
    """E06.FR.02: what ended because its cable was disconnected is not in the state Charging."""
    state, reason = (part(m.payload, "transactionInfo", name) for name in ("chargingState", "stoppedReason"))
    if m.payload.get("eventType") != "Ended" or state is None or reason != "EVDisconnected":
        return None
    if m.payload.get("triggerReason") != "EVCommunicationLost":
        return None  # told later, when another car may charge
    return "its cable was disconnected, and its state is Charging" if state == "Charging" else True


@rule("OCPP-E06.R017", "call:TransactionEvent")
def reason_fits_the_trigger(s: Station, m: Message) -> bool | str | None:
    """E05.FR.10, B12.FR.04: the reason of the end is that of what triggered it."""
    trigger, told = m.payload.get("triggerReason"), part(m.payload, "transactionInfo", "stoppedReason")
    wanted = _REASONS.get(str(trigger))
    if m.payload.get("eventType") != "Ended" or wanted is None or told is None:
        return None
    return True if told in wanted else f"a transaction that {trigger} ended says as its reason {told}"


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


@rule("OCPP-E06.R011", "call:TransactionEvent")
def ends_with_its_meter_values(s: Station, m: Message) -> bool | str | None:
    """E06.FR.11: Ended has the values that TxEndedMeasurands asks for."""
    tx = s.transaction(m)
    if m.payload.get("eventType") != "Ended" or m.payload.get("offline") or tx is None or tx.evse is None:
        return None
    if not wants_register(s, "txendedmeasurands"):
        return None
    return True if m.payload.get("meterValue") else "Ended has no meter values, and TxEndedMeasurands asks for them"
