"""OCPP H01: reservations."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._read import reported_states

_NOT_FREE = ("Occupied", "Faulted", "Unavailable")  # a reservation may be replaced (H01.FR.02)


@rule("OCPP-H01.R011", "result:ReserveNow")
def only_what_is_free_is_reserved(s: Station, m: Message) -> bool | Debt | None:
    """H01.FR.11, .12, .14: an EVSE that is not available is not reserved."""
    evse = m.asked.get("evseId")
    states = [state for at, state in s.connectors.items() if at[0] == evse]
    if m.call is None or not states or any(state not in _NOT_FREE for state in states):
        return None
    if m.status != "Accepted":
        return True

    def became_free(x: Message) -> bool:
        return any(at == evse and state == "Available" for at, _, state in reported_states(x))

    seen = f"EVSE {evse} was {states[0]}, and it accepted to reserve it"
    return Debt(seen, 30.0, lambda x: False, ends_by=became_free)  # what was on its way
