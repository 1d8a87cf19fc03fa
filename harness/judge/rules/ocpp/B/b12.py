"""OCPP B12: reset with an ongoing transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.judge.rules import Debt, Message, Passed, Station, rule
from harness.judge.rules._owed import still_ran
from harness.judge.rules._read import is_old, part, reported_states

_STATES = ("call:StatusNotification", "call:NotifyEvent")
_BUSY = ("Occupied", "Reserved")
# errata of 2025-06: a station with a firmware update, an upload or a reservation is not idle
_KEEP_IT_BUSY = frozenset(
    (
        *("Reset", "UpdateFirmware", "FirmwareStatusNotification", "GetLog", "LogStatusNotification", "ReserveNow"),
        *("PublishFirmware", "PublishFirmwareStatusNotification"),
    )
)


@rule("OCPP-B12.R001", "result:Reset")
def reset_on_idle_waits(s: Station, m: Message) -> bool | Debt | None:
    """B12.FR.01: asked to reset when idle during a transaction, it schedules the reset."""
    running = s.ongoing(m.asked.get("evseId"))
    if m.asked.get("type") != "OnIdle" or not running:
        return None
    seen = "a transaction ran, and it accepted a reset for when it is idle at once"
    return still_ran(s, m, seen, *running) if m.status == "Accepted" else True


@rule("OCPP-B12.R004", "result:Reset")
def immediate_reset_ends_transactions(s: Station, m: Message) -> list[Debt]:
    """B12.FR.04, .08: before an immediate reset it ends the transactions that run, and tells so."""
    if m.asked.get("type") != "Immediate" or m.status != "Accepted":
        return []
    return [_end_of(s, tx.id, m.t_ns, s.limits) for tx in s.ongoing(m.asked.get("evseId"))]


def _end_of(s: Station, identity: str, reset_ns: int, limits: Mapping[str, float]) -> Debt:
    def is_end(later: Message) -> bool:
        mine = part(later.payload, "transactionInfo", "transactionId") == identity
        return mine and later.payload.get("eventType") == "Ended"

    def goes_on(later: Message) -> bool:  # 2.1, E17: TxResumed tells that the reset did not end it
        mine = part(later.payload, "transactionInfo", "transactionId") == identity
        return mine and later.payload.get("triggerReason") == "TxResumed"

    def was_not_ended(later: Message) -> str | None:
        since_ns = s.boot_answered_ns or 0
        if part(later.payload, "transactionInfo", "transactionId") != identity or goes_on(later):
            return None
        live = (
            since_ns > reset_ns
            and later.t_ns - since_ns > limits["queued"] * 1e9
            and not is_old(s, later, limits["fresh"])
        )
        told = live and later.payload.get("eventType") == "Updated"
        return f"reset at once and booted again, it went on with transaction {identity}" if told else None

    def is_of_another(later: Message) -> bool:  # told live, booted again: what was queued could have gone before it
        booted = (s.boot_answered_ns or 0) > reset_ns and s.registration == "Accepted"
        return booted and later.action == "TransactionEvent" and not is_old(s, later, limits["fresh"])

    seen = f"reset at once, it did not tell the end of transaction {identity}"
    over = Passed(int(limits["others"]), 0, is_of_another)
    return Debt(seen, limits["told"], is_end, was_not_ended, goes_on, survives=True, passed=over)


@rule("OCPP-B12.R003", "result:Reset", "call:BootNotification", "call:TransactionEvent:Ended", *_STATES)
def scheduled_resets_are_made(s: Station, m: Message) -> Debt | None:
    """B12.FR.03, .01: a reset that was scheduled is made once all transactions have ended and no cable is left."""
    kept, ended = s.note("B12.R003"), part(m.payload, "transactionInfo", "transactionId")
    if m.action in ("Reset", "BootNotification"):
        kept.clear()
        if m.status == "Scheduled" and m.asked.get("type") == "OnIdle" and "evseId" not in m.asked:
            kept["waits"] = bool(s.from_start and s.booted)  # else there may be a transaction that nobody saw begin
        return None
    left = [t for t in s.transactions.values() if t.ended_ns is None and t.id != ended]
    if not kept.get("waits") or not _ends(s, m, kept) or left or not _is_idle(s, m, kept):
        return None
    kept.clear()
    seen = "the last transaction ended, and the reset that it had scheduled did not come"
    return Debt(seen, s.limits["idle"], lambda x: x.action == "BootNotification", ends_by=_goes_on, survives=True)


def _ends(s: Station, m: Message, kept: dict[Any, Any]) -> bool:
    """Whether a message is a state, or the end of a transaction, whose EVSE is kept then."""
    if m.action != "TransactionEvent":
        return True
    tx = s.transaction(m)
    if m.payload.get("eventType") != "Ended" or m.payload.get("offline") or tx is None or tx.evse is None:
        return False
    kept["ended", tx.evse] = True
    return True


def _is_idle(s: Station, m: Message, kept: dict[Any, Any]) -> bool:
    """Whether no cable is left where a transaction ended, and nothing is occupied or reserved elsewhere (errata of
    2025-06 on OnIdle)."""
    ended = [key[1] for key in kept if key[0] == "ended"]
    states = s.connectors | {told[:2]: told[2] for told in reported_states(m)}
    there = {state for (evse, _), state in states.items() if evse in ended}
    return there == {"Available"} and not set(_BUSY).intersection(states.values())


def _goes_on(m: Message) -> bool:
    """Another transaction, another reset, or what else keeps it from being idle."""
    busy = m.action in _KEEP_IT_BUSY or any(told[2] in _BUSY for told in reported_states(m))
    return busy or m.payload.get("eventType") in ("Started", "Updated")
