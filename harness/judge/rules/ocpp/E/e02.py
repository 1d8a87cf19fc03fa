"""OCPP E02: starting with the cable; the driver's authorization."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._read import part, samples


@rule("OCPP-E02.R001", "call:TransactionEvent")
def authorized_events_name_the_token(s: Station, m: Message) -> bool | str | None:
    """E02.FR.01, .20, E03.FR.01: an event about an authorization has the idToken."""
    if m.payload.get("triggerReason") != "Authorized":
        return None
    tx = s.transaction(m)
    if tx is not None and tx.authorized:
        return None  # it is told once for each authorization
    return True if isinstance(m.payload.get("idToken"), dict) else "Authorized without an idToken"


@rule("OCPP-E02.R018", "call:TransactionEvent")
def phases_are_plausible(s: Station, m: Message) -> bool | str | None:
    """E02.FR.18: while charging, the number of phases used is 1 to 3; 0 is told of DC only."""
    phases, state = m.payload.get("numberOfPhasesUsed"), part(m.payload, "transactionInfo", "chargingState")
    if phases is None or state != "Charging":
        return None
    measured = phases == 0 and any(x.phase is not None and x.value for x in samples(m) if "Import" in x.measurand)
    if phases in (0, 1, 2, 3) and not measured:
        return True
    return f"charging with {phases} phases" + (", of which it measures some" if measured else "")
