"""OCPP F06: triggering messages."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import passed_over, wants_register
from harness.judge.rules._read import TRIGGERED
from harness.judge.rules._transactions import state_of


@rule("OCPP-F06.R007", "call:TransactionEvent:Caused")
def triggered_events_tell_the_state(s: Station, m: Message) -> bool | str | None:
    """F06.FR.07: an event that was triggered tells the charging state."""
    if m.payload.get("triggerReason") != "Trigger":
        return None
    return True if state_of(m) else "a triggered event tells no charging state"


@rule("OCPP-F06.R018", "call:TransactionEvent:Caused")
def triggered_events_tell_what_is_measured(s: Station, m: Message) -> bool | str | None:
    """F06.FR.07: an event that was triggered has the values that TxUpdatedMeasurands asks for."""
    tx = s.transaction(m)
    if m.payload.get("triggerReason") != "Trigger" or m.payload.get("offline") or tx is None or tx.evse is None:
        return None
    if not wants_register(s, "txupdatedmeasurands"):
        return None
    return True if m.payload.get("meterValue") else "a triggered event tells no meter values"


@rule("OCPP-F06.R010", "result:TriggerMessage")
def accepted_messages_are_sent(s: Station, m: Message) -> bool | Debt | None:
    """F06.FR.07, F06.FR.10: a message whose trigger was accepted is sent."""
    wanted = str(m.asked.get("requestedMessage"))
    actions = TRIGGERED.get(wanted, ())
    if m.status != "Accepted" or m.call is None or not actions:
        return None
    if any(s.has_sent(action, m.call.t_ns) for action in actions):
        return True
    seen = f"it accepted to send {wanted} and did not"
    return Debt(
        seen,
        s.limits["signed" if "SignCertificate" in actions else "sent"],
        lambda later: later.is_call and later.action in actions and _is_what_was_triggered(later),
    )


@rule("OCPP-F06.R004", "result:TriggerMessage")
def answers_before_it_sends(s: Station, m: Message) -> bool | Debt | None:
    """F06.FR.04: the trigger is answered first, and then the message is sent."""
    wanted = str(m.asked.get("requestedMessage"))
    actions = TRIGGERED.get(wanted, ())
    if m.status != "Accepted" or m.call is None or not actions or wanted == "TransactionEvent":
        return None  # an event of a transaction says itself that it was triggered
    if not any(s.has_sent(action, m.call.t_ns) for action in actions):
        return True
    seen = f"it sent {wanted} before it answered the trigger, and not after it"
    # one that was due by itself is followed by what was triggered
    return Debt(seen, s.limits["sent"], lambda x: x.is_call and x.action in actions, passed=passed_over(s))


def _is_what_was_triggered(m: Message) -> bool:
    """F06.FR.07: an event of a transaction says itself that it was triggered."""
    return m.action != "TransactionEvent" or m.payload.get("triggerReason") == "Trigger"


@rule("OCPP-F06.R017", "result:TriggerMessage")
def no_second_boot_is_triggered(s: Station, m: Message) -> bool | str | None:
    """F06.FR.17: once accepted, it refuses to send BootNotification again."""
    if m.asked.get("requestedMessage") != "BootNotification" or s.registration != "Accepted":
        return None
    return True if m.status != "Accepted" else "accepted already, it agreed to send BootNotification again"
