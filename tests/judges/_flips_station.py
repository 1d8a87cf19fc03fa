"""Traces about the station itself, its connection, pilot, firmware and papers, for each limit that decides there."""

from __future__ import annotations

from typing import Any

from tests.documents.test_duties import edition, register
from tests.judges import test_composite as composite
from tests.judges._flips import Flip
from tests.judges._trace import T
from tests.judges.test_connectivity import back, beats, cut
from tests.judges.test_core_ocpp import boots, has_it_wait, reset
from tests.judges.test_firmware import alive, boot, fetched, offered, tells
from tests.judges.test_patience import given, turned_away
from tests.judges.test_pilot import left
from tests.judges.test_security import event, hello, met, shakes, there


def duty(criterion: str, certified: str, purchased: str = "2023-01-15") -> T:
    """A change that is not implemented, certification available since a day; judged as of the end of November 2026."""
    severity = "major" if criterion == "GEN-03.1" else "minor"
    _, held = register(edition("3.0", severity, certified), purchased=purchased)
    t = T().event("evaluation.date", "harness", date="2026-11-30").event("duties.register", "operator", **held)
    return t.claims("duties.none_overdue", criterion, severity=severity)


def installed(after_s: float) -> T:
    """Firmware that runs after so long."""
    t = tells(fetched(offered()), "Downloading", "Downloaded", "SignatureVerified", "Installing", "Installed")
    return boot(t.wait(after_s), "1.5.0").claims("firmware.installs", "GEN-03.3", call="@update", version="1.5.0")


def refused(criterion: str, after_s: float) -> T:
    """Firmware that is refused after so long."""
    t = alive(tells(fetched(offered()).wait(after_s), "Downloaded", "InvalidSignature"))
    how: dict[str, Any] = {"call": "@update", "statuses": ["InvalidSignature"], "running": "1.4.2"}
    return t.claims("firmware.refuses", criterion, **how)


def reconnected(after_s: float) -> T:
    """The network comes back, and so does the charger."""
    return back(cut(), after_s).claims("connectivity.reconnects", "SC-05.1", cut="@cut", restored="@restored")


def tries(after_s: float) -> T:
    """Turned away twice, it comes back after so long."""
    t = turned_away(1, 1, after_s)
    return t.claims("connectivity.keeps_trying", "SC-05.1", since="@cut", settings="@settings")


def silent(for_s: float) -> T:
    """Given a heartbeat interval of 5 s, it says nothing for so long, and then a little more often."""
    t = given(5, for_s, 5, 5)
    return t.claims("core_ocpp.keeps_the_heartbeat_interval", "SC-09.1", since="@since")


def unmarked(after_cut_s: float) -> T:
    """Of what happened offline, one event does not say that it did."""
    t = back(cut()).tells("Updated", 2, at_s=2 + after_cut_s).tells("Ended", 3, at_s=11.0, offline=True)
    return t.claims("connectivity.offline_events_delivered", "SC-05.2", cut="@cut", restored="@restored")


def share(away_s: float) -> T:
    """An hour, and some of it away."""
    t = beats(T().connects(1), 1800)
    if away_s:
        t.closes(1).wait(away_s).connects(2)
    return beats(t, 1800).claims("connected_share.at_least_98_percent", "SC-05.3")


def mute(for_s: float) -> T:
    """Half an hour on one connection, and nothing heard at the end of it."""
    t = beats(T().connects(1), 1800).wait(for_s)
    return t.claims("connected_share.at_least_98_percent", "SC-05.3")


def old_server(outcome: str, **more: Any) -> T:
    """The good server by TLS 1.3, then one that speaks only TLS 1.1."""
    t = there(version="TLSv1.3", cipher="X")
    by = "dut" if outcome == "refused" else None
    return shakes(t, "old_tls", outcome, by, **more).claims("security.refuses", "SC-06.4", scenario="old_tls")


def told_of(after_s: float) -> T:
    """A security event after so long."""
    t = event(met(T()).wait(after_s), at_s=1.0)
    return t.claims("security.reports_event", "SC-06.5", types=["InvalidCsmsCertificate"], after="@met")


def offers(*versions: str) -> T:
    """A ClientHello."""
    t = there(client_hello=hello(*versions))
    return t.claims("security.client_hello_is_modern", "SC-06.6")


def stamped(ahead_s: float) -> T:
    """Messages whose times are so far ahead."""
    t = T(skew_s=ahead_s).connects(1)
    for number in range(5):
        t.tells("Updated", number).is_answered().wait(1)
    return t.claims("clock.agrees", "SC-09.10", since=0)


def powerless(*, slow_s: float = 1, left_w: float = 0) -> T:
    """Power goes so long after a fault of the pilot, down to so many watts."""
    t = T().flows(5000, 2).acts("pilot", "STATE E").named("fault").flows(5000, slow_s).flows(left_w, 5)
    return t.claims("power_off.goes", "SC-07.10", since="@fault")


def lingering(for_s: float) -> T:
    """Voltage stays for a while after the car left state C."""
    t = T().stays("A", False, 5).stays("C", True, 1).stays("B", True, for_s).stays("B", False, 5)
    return t.claims("pilot.no_voltage_in", "SC-07.2", states=["A", "B"], since=0)


def duty_cycle(percent: float, current_a: float) -> T:
    """A duty cycle where `current_a` is the limit."""
    return T().stays("C", True, 1.5, duty=percent).claims("pilot.duty_advertises", "SC-07.4", current_a=current_a)


def off(criterion: str, on_for_s: float) -> T:
    """The voltage goes so long after the car left state C, or after the fault."""
    return left(on_for_s).claims("pilot.switches_off", criterion, since="@left")


def waits(for_s: float) -> T:
    """Told to wait 5 s, it asks again after so long."""
    t = boots(has_it_wait(boots(reset())).wait(for_s)).is_answered({"status": "Accepted", "interval": 60})
    return t.claims("core_ocpp.boots_in_order", "SC-09.1", since="@reset")


def schedule(criterion: str, value: float, unit: str = "A") -> T:
    """20 A (or as much in W) for the station, and what the charger says it follows."""
    base = 20 if unit == "A" else 13800
    t = composite.says(composite.sets(composite.clean(), base, unit, purpose=composite.MAX), (0, value), unit=unit)
    return composed(t, criterion)


def stepped(criterion: str, step_s: int) -> T:
    """18 A for two minutes, then 16 A: the charger says when."""
    return composed(composite.says(composite.two_sources(), (0, 18), (step_s, 16)), criterion)


def composed(t: T, criterion: str) -> T:
    """The claim about a composite schedule."""
    return t.claims("composite.equals_own_calculation", criterion, call="@call", phases=3, nominal_v=230.0)


def _refusal(criterion: str) -> dict[tuple[str, str], Flip]:
    return {(criterion, "refusal"): Flip(lambda: refused(criterion, 5), lambda: refused(criterion, 400))}


def _off(criterion: str, good_s: float, bad_s: float) -> dict[tuple[str, str], Flip]:
    return {(criterion, "off"): Flip(lambda: off(criterion, good_s), lambda: off(criterion, bad_s))}


def _composite(criterion: str) -> dict[tuple[str, str], Flip]:
    return {
        (criterion, "schedule_current"): Flip(lambda: schedule(criterion, 20.05), lambda: schedule(criterion, 21)),
        (criterion, "schedule_power"): Flip(
            lambda: schedule(criterion, 13830, "W"), lambda: schedule(criterion, 15000, "W")
        ),
        (criterion, "schedule_time"): Flip(lambda: stepped(criterion, 120), lambda: stepped(criterion, 130), 0, 30),
    }


STATION: dict[tuple[str, str], Flip] = {
    ("GEN-03.1", "months"): Flip(
        lambda: duty("GEN-03.1", "2026-01-31"), lambda: duty("GEN-03.1", "2024-05-31"), tight=1, loose=120
    ),
    ("GEN-03.1", "years"): Flip(
        lambda: duty("GEN-03.1", "2023-01-16", "2018-01-15"),
        lambda: duty("GEN-03.1", "2023-01-15", "2018-01-15"),
        tight=100,
        loose=1,
    ),
    ("GEN-03.2", "months"): Flip(
        lambda: duty("GEN-03.2", "2026-09-30"), lambda: duty("GEN-03.2", "2024-05-31"), tight=1, loose=120
    ),
    ("GEN-03.3", "install"): Flip(lambda: installed(30), lambda: installed(1000)),
    **_refusal("GEN-03.4"),
    **_refusal("GEN-03.5"),
    **_refusal("GEN-03.6"),
    ("SC-05.1", "reconnect"): Flip(lambda: reconnected(3), lambda: reconnected(200)),
    ("SC-05.1", "attempt"): Flip(lambda: tries(8), lambda: tries(40)),
    ("SC-05.2", "notice"): Flip(lambda: unmarked(1), lambda: unmarked(5)),
    ("SC-05.3", "alive"): Flip(lambda: mute(60), lambda: mute(200), 0.1, 300, given={"window": 0.01}),
    ("SC-05.3", "share"): Flip(lambda: share(0), lambda: share(600), given={"window": 0.01}),
    ("SC-06.4", "least_tls"): Flip(
        lambda: old_server("refused", alert="protocol_version"),
        lambda: old_server("completed", version="TLSv1.1", cipher="X"),
    ),
    ("SC-06.5", "event"): Flip(lambda: told_of(3), lambda: told_of(40)),
    ("SC-06.6", "least_tls"): Flip(lambda: offers("TLSv1.3", "TLSv1.2"), lambda: offers("TLSv1.3", "TLSv1.1")),
    ("SC-07.2", "off"): Flip(lambda: lingering(0.3), lambda: lingering(0.8), loose=2),
    ("SC-07.4", "duty_tolerance"): Flip(lambda: duty_cycle(22, 13), lambda: duty_cycle(26, 13)),
    ("SC-07.4", "duty_shortfall"): Flip(lambda: duty_cycle(21, 13), lambda: duty_cycle(16, 13)),
    ("SC-07.4", "low_range_factor"): Flip(lambda: duty_cycle(21.6, 13), lambda: duty_cycle(26.6, 13), 0.9, 0.48),
    ("SC-07.4", "high_range_factor"): Flip(lambda: duty_cycle(87, 57.5), lambda: duty_cycle(87, 46), 3, 2),
    ("SC-07.4", "high_range_offset"): Flip(lambda: duty_cycle(87, 57.5), lambda: duty_cycle(87, 52.5), 60, 66),
    ("SC-07.4", "range_change"): Flip(lambda: duty_cycle(87, 57.5), lambda: duty_cycle(87, 52.2), 90, 90),
    ("SC-07.4", "least_duty"): Flip(lambda: duty_cycle(8, 6), lambda: duty_cycle(7, 6), 10, 7),
    ("SC-07.4", "least_current"): Flip(lambda: duty_cycle(9, 6), lambda: duty_cycle(9, 5), 50, 0),
    **_off("SC-07.5", 0.1, 0.7),
    **_off("SC-07.6", 0.1, 4),
    **_off("SC-07.8", 0.0, 0.4),
    ("SC-07.10", "off"): Flip(powerless, lambda: powerless(slow_s=4), 0.1),
    ("SC-07.10", "power_tolerance"): Flip(lambda: powerless(left_w=100), lambda: powerless(left_w=800), loose=1000),
    **_off("SC-07.9", 0.1, 4),
    ("SC-09.1", "heartbeat_delay"): Flip(lambda: silent(6), lambda: silent(20), -5.5, 25),
    ("SC-09.1", "early"): Flip(lambda: waits(4.5), lambda: waits(2)),
    ("SC-09.10", "clock"): Flip(lambda: stamped(2), lambda: stamped(60), 0.5),
    **_composite("SC-09.5"),
    **_composite("PR-15.5"),
}
