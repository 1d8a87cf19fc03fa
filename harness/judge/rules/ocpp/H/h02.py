"""OCPP H02: cancelling reservations."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule


@rule("OCPP-H02.R001", "result:CancelReservation", "result:ReserveNow", "call:ReservationStatusUpdate")
def only_what_is_reserved_is_cancelled(s: Station, m: Message) -> bool | str | None:
    """H02.FR.01: a reservation that is over, by its own word, is not cancelled once more."""
    over, identity = s.note("H02.R001"), m.asked.get("reservationId") if m.is_result else m.payload.get("reservationId")
    if m.action == "ReserveNow":
        over.pop(m.asked.get("id"), None)  # refused or not: nobody knows what has become of an earlier one
        return None
    gone = over.get(identity)
    if m.status == "Accepted" or m.is_call:
        over[identity] = "cancelled" if m.is_result else f"told as {m.payload.get('reservationUpdateStatus')}"
    if gone is None or m.is_call or m.call is None:
        return None
    return True if m.status == "Rejected" else f"reservation {identity} was {gone} before, and it answered {m.status}"
