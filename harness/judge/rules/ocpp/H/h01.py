"""OCPP H01: reservations."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import passed_over
from harness.judge.rules._read import moment_s, reported_states

_NOT_FREE = ("Occupied", "Faulted", "Unavailable")


@rule("OCPP-H01.R011", "result:ReserveNow")
def only_what_is_free_is_reserved(s: Station, m: Message) -> bool | Debt | None:
    """H01.FR.11, .12, .14: an EVSE that is not available is not reserved."""
    kept, evse, mine = s.note("H01.R011"), m.asked.get("evseId"), m.asked.get("id")
    states, held = [state for at, state in s.connectors.items() if at[0] == evse], kept.get(evse)
    if m.status == "Accepted":
        kept[evse] = mine
    others = held not in (None, mine)  # its own reservation may be replaced (H01.FR.02)
    if not states or any(state not in _NOT_FREE and not (others and state == "Reserved") for state in states):
        return None
    free = _was_free(evse, states[0], s.limits["told"], held if others else None)
    return free if m.status == "Accepted" else True


def _was_free(evse: object, state: str, within_s: float, held: object) -> Debt:
    """What is wrong unless it is told as free next, which may have been on its way; that the reservation it `held` can
    still be cancelled shows that it was not."""

    def told(x: Message, state: str) -> bool:
        return any(at == evse and now == state for at, _, now in reported_states(x))

    def still_there(x: Message) -> bool:
        cancelled = x.action == "CancelReservation" and x.is_result and x.status == "Accepted"
        return cancelled and held is not None and x.asked.get("reservationId") == held

    seen = f"EVSE {evse} was {state}, and it accepted to reserve it"
    return Debt(
        seen,
        within_s,
        lambda x: False,
        lambda x: seen if told(x, "Reserved") or still_there(x) else None,
        lambda x: told(x, "Available"),
    )


@rule("OCPP-H01.R023", "result:ReserveNow")
def what_is_reserved_is_told_so(s: Station, m: Message) -> list[Debt] | None:
    """H01.FR.23: all connectors of an EVSE that was free and is reserved are told as Reserved."""
    mine, until_s = (
        [at for at in s.connectors if at[0] == m.asked.get("evseId")],
        moment_s(m.asked.get("expiryDateTime")),
    )
    if m.status != "Accepted" or not mine or any(s.connectors[at] != "Available" for at in mine):
        return None
    if m.utc_ns is None or until_s is None or until_s - m.utc_ns / 1e9 < 2 * s.limits["told"]:
        return None  # it is over soon, by one clock or the other
    return [_told_as_reserved(s, at, mine) for at in mine]


def _told_as_reserved(s: Station, at: tuple[int, int], mine: list[tuple[int, int]]) -> Debt:
    ends = ("CancelReservation", "ReserveNow", "ReservationStatusUpdate", "TransactionEvent", "BootNotification")

    def is_over(x: Message) -> bool:
        other = any(told[:2] in mine and told[2] != "Reserved" for told in reported_states(x))
        return other or x.action in (*ends, "ChangeAvailability", "Reset")

    seen = f"EVSE {at[0]} was reserved, and its connector {at[1]} not told as Reserved"
    told = (*at, "Reserved")
    return Debt(seen, s.limits["told"], lambda x: told in reported_states(x), ends_by=is_over, passed=passed_over(s))
