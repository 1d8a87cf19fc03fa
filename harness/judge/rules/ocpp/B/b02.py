"""OCPP B02: a station that is told to wait."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule

_WAITING = ("Pending", "Rejected")
_LASTING = ("FirmwareStatusNotification", "LogStatusNotification", "NotifyReport", "PublishFirmwareStatusNotification")


@rule("OCPP-B02.R002", "call:*")
def sends_only_what_it_was_asked_for(s: Station, m: Message) -> bool | str | None:
    """B02.FR.02: while told to wait, nothing but BootNotification and what the backend asked for."""
    if s.registration != "Pending":
        return None
    if m.action == "BootNotification" or _asked_meanwhile(s, m, s.limits["asked"]):
        return True
    return f"it sent {m.action} while it was told to wait (Pending)"


@rule("OCPP-B02.R004", "call:BootNotification")
def keeps_to_the_interval(s: Station, m: Message) -> bool | str | None:
    """B02.FR.04: it does not ask again before the interval is over, unless asked to."""
    if s.registration not in _WAITING or not s.interval_s or s.boot_answered_ns is None:
        return None
    asked = _asked_meanwhile(s, m, s.limits["asked"])
    if asked or s.boot_answered_on != m.connection or not s.connections_known:
        return None  # it may have started anew
    if s.boot_answered_ns - s.boot_sent_ns > s.limits["given_up"] * 1e9:
        return None
    waited_s = (m.t_ns - s.boot_answered_ns) / 1e9
    early = waited_s < s.interval_s * s.limits["share"] - s.limits["grace"]
    return f"told to wait {s.interval_s:g} s, it asked again after {waited_s:.1f} s" if early else True


@rule("OCPP-B02.R005", "result:RequestStartTransaction", "result:RequestStopTransaction")
def refuses_transactions_while_waiting(s: Station, m: Message) -> bool | str | None:
    """B02.FR.05: while told to wait, it rejects requests to start or stop a transaction."""
    if s.registration != "Pending":
        return None
    return True if m.status == "Rejected" else f"told to wait, it answered {m.action} with {m.status}"


@rule("OCPP-B02.R008", "told:BootNotification")
def asks_again_after_the_interval(s: Station, m: Message) -> Debt | None:
    """B02.FR.08, B03.FR.06: told to wait, it asks again when the interval is over."""
    interval = m.payload.get("interval")
    if m.status not in _WAITING or not isinstance(interval, int | float) or interval <= 0:
        return None
    seen = f"told to wait {interval:g} s, it did not ask again"
    return Debt(
        seen, interval * s.limits["share"] + s.limits["grace"], lambda later: later.action == "BootNotification"
    )


def _asked_meanwhile(s: Station, m: Message, within_s: float) -> bool:
    """Whether the backend asked for it since the station waits, or shortly before: what was asked for and triggered
    before a boot is over; a report or an update that was begun then may go on."""
    waits_s = (m.t_ns - s.waits_since_ns) / 1e9 + s.limits["before"]
    return s.was_asked_for(m.action, within_s if m.action in _LASTING else min(within_s, waits_s))
