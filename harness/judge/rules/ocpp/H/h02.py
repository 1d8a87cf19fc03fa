"""OCPP H02: cancelling reservations."""

from __future__ import annotations

from typing import Any

from harness.judge.rules import Message, Station, rule

_TELL = ("result:CancelReservation", "result:ReserveNow", "asked:ReserveNow", "call:ReservationStatusUpdate")


@rule("OCPP-H02.R001", *_TELL)
def only_what_is_reserved_is_cancelled(s: Station, m: Message) -> bool | str | None:
    """H02.FR.01: what is no reservation, by its own word, is not cancelled: it was refused, or is over."""
    over = s.note("H02.R001")  # reservation -> why there is none
    if m.action == "ReserveNow":
        _asked_for(s, m, over)
        return None
    identity = m.asked.get("reservationId") if m.is_result else m.payload.get("reservationId")
    gone = over.get(identity)
    if m.status == "Accepted" or m.is_call:
        over[identity] = "cancelled" if m.is_result else f"told as {m.payload.get('reservationUpdateStatus')}"
    if gone is None or m.is_call or m.call is None:
        return None
    return True if m.status == "Rejected" else f"reservation {identity} was {gone} before, and it answered {m.status}"


def _asked_for(s: Station, m: Message, over: dict[Any, Any]) -> None:
    """Of one that was asked for before nobody knows what another answer leaves of it."""
    known = s.note("H02.R001 asked for")  # reservation -> whether there may be an earlier one
    identity = m.asked.get("id") if m.is_result else m.payload.get("id")
    if m.is_call:
        known[identity] = identity in known or identity in over or not (s.from_start and s.booted)
        over.pop(identity, None)
    elif m.status != "Accepted" and known.get(identity) is False:
        over[identity] = f"answered {m.status}"
