"""OCPP H01: reservations."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule

_NOT_FREE = ("Occupied", "Reserved", "Faulted", "Unavailable")


@rule("OCPP-H01.R011", "result:ReserveNow")
def only_what_is_free_is_reserved(s: Station, m: Message) -> bool | str | None:
    """H01.FR.11, .12, .14: an EVSE that is not available is not reserved."""
    states = [state for at, state in s.connectors.items() if at[0] == m.asked.get("evseId")]
    if m.call is None or not states or any(state not in _NOT_FREE for state in states):
        return None
    return (
        f"EVSE {m.asked['evseId']} was {states[0]}, and it accepted to reserve it" if m.status == "Accepted" else True
    )
