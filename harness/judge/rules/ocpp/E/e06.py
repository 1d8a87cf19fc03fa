"""OCPP E06: the end of a transaction."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._read import part

# what ends a transaction other than its driver at the station
_NOT_THE_DRIVER = frozenset(
    (
        *("AbnormalCondition", "Deauthorized", "EnergyLimitReached", "CostLimitReached", "EVConnectTimeout"),
        *("RemoteStop", "ResetCommand", "SoCLimitReached", "TimeLimitReached", "UnlockCommand"),
    )
)


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
