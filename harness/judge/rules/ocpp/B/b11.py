"""OCPP B11: reset without an ongoing transaction."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import passed_over
from harness.judge.rules._read import reported_states
from harness.judge.rules.ocpp.G._service import OPERATIVE, TELLS, Connector, out_of_service


@rule("OCPP-B11.R003", "result:Reset", "call:*")
def accepted_resets_lead_to_a_boot(s: Station, m: Message) -> bool | Debt | None:
    """B11.FR.03, .04: an accepted reset of the whole station is followed by a boot."""
    if m.is_call:
        if s.reset is None or m.connection == s.reset_on:
            return None
        if m.action == "BootNotification":
            return True
    elif m.status != "Accepted" or m.call is None or "evseId" in m.asked:
        return None
    within_s = s.limits["connected" if m.is_call else "accepted"]
    again = " and connected again" if m.is_call else ""
    seen = f"it accepted a reset{again}, and did not boot within {within_s:g} s"
    reset = s.reset.asked if m.is_call and s.reset is not None else m.asked
    over = passed_over(s) if reset.get("type") == "Immediate" else None
    return Debt(seen, within_s, lambda later: later.action == "BootNotification", passed=over)


@rule("OCPP-B11.R002", "told:BootNotification", *TELLS)
def out_of_service_outlasts_a_boot(s: Station, m: Message) -> list[Debt] | None:
    """B11.FR.02: what was taken out of service is told as Unavailable after a boot, too."""
    kept = out_of_service(s, m)
    if m.action != "BootNotification" or m.status != "Accepted" or m.asked.get("reason") == "Triggered":
        return None
    return [_stays_out(s, at, s.limits["settles"], s.limits["told"]) for at in kept]


def _stays_out(s: Station, at: Connector, settles_s: float, within_s: float) -> Debt:
    seen, since = f"EVSE {at[0]} was out of service, and after a boot its connector {at[1]} is in service", list[int]()

    def is_back(x: Message) -> str | None:
        since.extend(x.t_ns for told in reported_states(x) if told[:2] == at and told[2] in OPERATIVE)
        if s.waits_for("ChangeAvailability"):
            since.clear()
        return seen if since and x.t_ns - since[0] > settles_s * 1e9 else None

    def is_out(x: Message) -> bool:
        return any(told[:2] == at and told[2] not in OPERATIVE for told in reported_states(x))

    ends = ("ChangeAvailability", "BootNotification")
    return Debt("", within_s, is_out, is_back, lambda x: x.action in ends)
