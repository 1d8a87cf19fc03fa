"""OCPP K01: setting charging profiles."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule


@rule("OCPP-K01.R009", "result:SetChargingProfile")
def limits_of_no_transaction_are_refused(s: Station, m: Message) -> bool | str | None:
    """K01.FR.09, .33: a TxProfile for a transaction that has ended is rejected."""
    profile = m.asked.get("chargingProfile") or {}
    tx = s.transactions.get(profile.get("transactionId", ""))
    if m.call is None or profile.get("chargingProfilePurpose") != "TxProfile" or tx is None or tx.ended_ns is None:
        return None
    if tx.ended_ns > m.call.t_ns:
        return None
    return True if m.status == "Rejected" else f"a limit for a transaction that had ended was {m.status}"


@rule("OCPP-K01.R028", "result:SetChargingProfile")
def limits_of_no_evse_are_refused(s: Station, m: Message) -> bool | str | None:
    """K01.FR.28: a limit for an EVSE that there is not is rejected."""
    known, evse = {e for e, _ in s.connectors}, m.asked.get("evseId")
    if not known or not isinstance(evse, int) or evse <= max(known) + s.limits["unreported"]:
        return None  # not all of them may have been reported
    return True if m.status == "Rejected" else f"a limit for EVSE {evse}, which there is not, was {m.status}"
