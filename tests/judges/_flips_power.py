"""Traces about power, metering and the car, for each limit that decides there."""

from __future__ import annotations

from typing import Any

from tests.judges._flips import Flip
from tests.judges._trace import T
from tests.judges.test_light import session as lit
from tests.judges.test_light import shine
from tests.judges.test_metering import report, sampled, steady
from tests.judges.test_sampled import THREE, phases, stamped, watts
from tests.judges.test_v2g import chosen, ended, loops, opening, v2g
from tests.judges.test_v2g_amperes import contacts

AMPS, WATTS = "A", "W"
_W = 690.0  # of one ampere on three phases of 230 V


def holds(criterion: str, amps: float, *, to: float = 10, unit: str = AMPS, slow_s: float = 1) -> T:
    """A limit of `to` A (given in A or in W) is followed after `slow_s`, down to `amps`."""
    t = T().draws(16, 2).limits_to(to if unit == AMPS else to * _W, unit).draws(16, slow_s).draws(amps, 13)
    return t.claims("setpoints.limit_holds", criterion, limit="@limit")


def rises(criterion: str, amps: float, *, unit: str = AMPS, slow_s: float = 1) -> T:
    """13 A are allowed after nothing."""
    scale = 1 if unit == AMPS else _W
    t = T().draws(0, 2).limits_to(13 * scale, unit).draws(0, slow_s).draws(amps, 13)
    return t.claims("setpoints.rises_to", criterion, limit="@limit", value=11 * scale)


def rises_to_other(amps: float, *, unit: str = AMPS, slow_s: float = 1, criterion: str = "PR-15.2") -> T:
    """The lower of two limits goes; 14 A are left."""
    scale = 1 if unit == AMPS else _W
    t = T().limits_to(14 * scale, unit, number=1, purpose="ChargingStationMaxProfile").draws(9, 2)
    t.asks("ClearChargingProfile", {}).named("clear").answers().draws(9, slow_s).draws(amps, 13)
    return t.claims("setpoints.rises_to_other", criterion, since="@clear", limit="@limit", value=12 * scale)


def local(amps: float, *, slow_s: float = 1) -> T:
    """The site's own limit of 7 A."""
    t = T().draws(14, 2).acts("ems", "LIMIT 4830").named("told").draws(14, slow_s).draws(amps, 13)
    return t.claims("setpoints.local_limit_holds", "PR-15.4", since="@told", value=7 * _W)


def before(amps: float, unit: str = AMPS) -> T:
    """9 A are set before a car comes."""
    t = T().draws(0, 1).limits_to(9 if unit == AMPS else 9 * _W, unit).draws(0, 2).draws(amps, 4)
    return t.claims("setpoints.never_above", "SC-04.6", limit="@limit")


def setpoint(criterion: str, watts: float, *, to: float = -5000, start: float = 0, slow_s: float = 1) -> T:
    """A signed setpoint is followed."""
    t = T(version="ocpp2.1").flows(start, 2).limits_to(None, WATTS, setpoint=to, purpose="TxProfile")
    t.flows(start, slow_s).flows(watts, 13)
    return t.claims("setpoints.setpoint_followed", criterion, limit="@limit")


def answered(criterion: str, after_s: float) -> T:
    """The answer to a limit takes so long."""
    t = T().limits_to(10, answer=None).wait(after_s).answers()
    return t.claims("timing.answered", criterion, call="@limit")


def reported(watts: float) -> T:
    """700 W at the meter, and a report."""
    t = report(T().tells("Started", 0).flows(700, 3), sampled(watts))
    return t.flows(700, 2).claims("metering.reported_agrees", "SC-04.7", since=0)


def light(judge: str, criterion: str, **how: Any) -> T:
    """The light during a session with export."""
    return lit(**how).claims(f"light.{judge}", criterion)


def mistaken(for_s: float) -> T:
    """For a while the light shows export while the car charges."""
    t = shine(shine(shine(T(), 3000, "cyan", 6), 3000, "purple", for_s), 3000, "cyan", 6)
    return shine(shine(t, -5000, "purple", 8), 0, "blue", 8).claims("light.distinct", "BI-18.3")


_SERVICES = {
    "BI-19.1": ("DC_BPT", 6, "Dynamic"),
    "BI-19.2": ("DC_BPT", 6, "Scheduled"),
    "BI-19.3": ("AC_BPT", 5, "Dynamic"),
    "BI-19.4": ("AC_BPT", 5, "Scheduled"),
}


def discharge(criterion: str, watts: float, silent_s: float | None = None) -> T:
    """The car discharges; at the end it may wait for an answer in vain, and close."""
    service, number, control = _SERVICES[criterion]
    kind, mode = service[:2], f"BPT_{control}_{service[:2]}_CLResControlMode"
    t = loops(loops(chosen(opening(T(), kind=kind), number), 0, 0.5, mode=mode), watts, 2, mode=mode)
    if silent_s is not None:
        ended(v2g(t, "out", f"{kind}_ChargeLoopReq").wait(silent_s), by="ev")
    return t.claims("v2g.discharges", criterion, service=service, control=control)


def car_limits(watts: float) -> T:
    """A car that declares 10 kW of discharge."""
    t = loops(loops(chosen(opening(T())), 0, 0.5), watts, 2)
    return t.claims("v2g.within_the_cars_limits", "BI-19.8")


def lowered(for_s: float) -> T:
    """The car says 5 kW where it said 10; the power follows after a while."""
    mode = "BPT_Dynamic_AC_CLResControlMode"
    t = loops(chosen(opening(T(), kind="AC"), 5), 9000, 2, mode=mode, limit_w=10000)
    t = loops(loops(t, 9000, for_s, mode=mode, limit_w=5000), 4900, 2, mode=mode, limit_w=5000)
    return t.claims("v2g.within_the_cars_limits", "BI-19.8")


def at_the_contacts(amps: float, volts: float = 400.0) -> T:
    """A DC car that declared 25 A in, 20 A out and 450 V at most, and what its contacts show."""
    return contacts(T(), amps, volts).claims("v2g.within_the_cars_amperes", "BI-19.8")


def tls(version: str) -> T:
    """A session over this version of TLS."""
    return chosen(opening(T(), tls=version)).claims("v2g.tls_1_3", "BI-19.5")


def _limit_flips(
    criterion: str, *, to: float = 10, tolerance: str = "current_tolerance"
) -> dict[tuple[str, str], Flip]:
    """A limit that is lowered to `to` A."""
    return {
        (criterion, "response"): Flip(
            lambda: holds(criterion, to - 0.1 if to else 0, to=to),
            lambda: holds(criterion, to - 0.1 if to else 0, to=to, slow_s=12),
        ),
        (criterion, tolerance): Flip(
            lambda: holds(criterion, to + 0.2, to=to), lambda: holds(criterion, to + 1.5, to=to), loose=3
        ),
        (criterion, "power_tolerance"): Flip(
            lambda: holds(criterion, to + 0.2, to=to, unit=WATTS),
            lambda: holds(criterion, to + 1.5, to=to, unit=WATTS),
            loose=2000,
        ),
    }


def _rise_flips(criterion: str) -> dict[tuple[str, str], Flip]:
    return {
        (criterion, "response"): Flip(lambda: rises(criterion, 12.8), lambda: rises(criterion, 12.8, slow_s=12)),
        (criterion, "current_tolerance"): Flip(lambda: rises(criterion, 13.2), lambda: rises(criterion, 15), loose=3),
        (criterion, "power_tolerance"): Flip(
            lambda: rises(criterion, 13.2, unit=WATTS), lambda: rises(criterion, 15, unit=WATTS), loose=2000
        ),
    }


def _setpoint_flips(criterion: str, to: float = -5000, start: float = 0) -> dict[tuple[str, str], Flip]:
    return {
        (criterion, "response"): Flip(
            lambda: setpoint(criterion, to, to=to, start=start),
            lambda: setpoint(criterion, to, to=to, start=start, slow_s=12),
        ),
        (criterion, "power_tolerance"): Flip(
            lambda: setpoint(criterion, to + 100, to=to, start=start),
            lambda: setpoint(criterion, to + 1000, to=to, start=start),
            loose=1500,
        ),
    }


def _discharge_flips(criterion: str) -> dict[tuple[str, str], Flip]:
    return {
        (criterion, "export"): Flip(lambda: discharge(criterion, -4000), lambda: discharge(criterion, -60), loose=10),
        (criterion, "message"): Flip(lambda: discharge(criterion, -4000, 1), lambda: discharge(criterion, -4000, 3)),
    }


def capped(to: float, *, slow_s: float = 0) -> T:
    """4 kW to the grid, a limit of 2 kW, and so much after a while."""
    body = {"priority": 5, "pctMaxDischargePower": 20}
    request = {"isDefault": True, "controlId": "c", "controlType": "LimitMaxDischarge", "limitMaxDischarge": body}
    t = T(version="ocpp2.1").flows(-4000, 2).asks("SetDERControl", request).named("set").wait(0.05).answers()
    t.flows(-4000, 1 + slow_s).flows(to, 15)
    return t.claims("der_power.capped", "BI-20.3", call="@set", rated_w=10000)


POWER: dict[tuple[str, str], Flip] = {
    ("SC-04.1", "answer"): Flip(lambda: answered("SC-04.1", 0.1), lambda: answered("SC-04.1", 8)),
    ("SC-09.5", "answer"): Flip(lambda: answered("SC-09.5", 0.1), lambda: answered("SC-09.5", 8)),
    **_limit_flips("SC-04.2"),
    **_limit_flips("SC-04.3", to=0, tolerance="zero_current"),
    **_rise_flips("SC-04.4"),
    ("SC-04.5", "response"): Flip(
        lambda: holds("SC-04.5", 9.9, unit=WATTS), lambda: holds("SC-04.5", 9.9, unit=WATTS, slow_s=12)
    ),
    ("SC-04.5", "power_tolerance"): Flip(
        lambda: holds("SC-04.5", 10.2, unit=WATTS), lambda: holds("SC-04.5", 11.5, unit=WATTS), loose=2000
    ),
    ("SC-04.6", "over"): Flip(lambda: before(8.9), lambda: before(12)),
    ("SC-04.6", "over_power"): Flip(lambda: before(8.9, WATTS), lambda: before(12, WATTS)),
    ("SC-04.7", "agreement"): Flip(lambda: steady(sampled(6700)), lambda: steady(sampled(6000))),
    ("SC-04.7", "floor"): Flip(lambda: reported(840), lambda: reported(1000)),
    ("SC-04.7", "stamp"): Flip(lambda: stamped(1.5), lambda: stamped(-3600)),
    ("SC-04.7", "phase_voltage"): Flip(lambda: phases(watts(3680), THREE[0]), lambda: phases(watts(11040), THREE[0])),
    ("SC-04.7", "phase_power"): Flip(lambda: phases(watts(3680), THREE[0]), lambda: phases(watts(11040), THREE[0])),
    **_limit_flips("PR-15.1"),
    ("PR-15.2", "response"): Flip(lambda: rises_to_other(13.9), lambda: rises_to_other(13.9, slow_s=12)),
    ("PR-15.2", "current_tolerance"): Flip(lambda: rises_to_other(14.2), lambda: rises_to_other(16), loose=2.5),
    ("PR-15.2", "power_tolerance"): Flip(
        lambda: rises_to_other(14.2, unit=WATTS), lambda: rises_to_other(16, unit=WATTS), loose=2000
    ),
    **_rise_flips("PR-15.3"),
    ("PR-15.4", "response"): Flip(lambda: local(6.9), lambda: local(6.9, slow_s=12)),
    ("PR-15.4", "current_tolerance"): Flip(
        lambda: rises_to_other(14.2, criterion="PR-15.4"), lambda: rises_to_other(16, criterion="PR-15.4"), loose=2.5
    ),
    ("PR-15.4", "power_tolerance"): Flip(lambda: local(7.2), lambda: local(8.5), loose=2000),
    **_setpoint_flips("BI-16.1"),
    **_setpoint_flips("BI-16.2", to=0, start=-5000),
    **_setpoint_flips("BI-16.3"),
    **_setpoint_flips("BI-20.2"),
    ("BI-20.3", "response"): Flip(lambda: capped(-2000), lambda: capped(-2000, slow_s=12)),
    ("BI-20.3", "power_tolerance"): Flip(lambda: capped(-2100), lambda: capped(-3000), loose=1500),
    ("BI-18.1", "follow"): Flip(
        lambda: light("shows_export", "BI-18.1"), lambda: light("shows_export", "BI-18.1", late_s=3), 0.1, 4
    ),
    ("BI-18.2", "follow"): Flip(
        lambda: light("silent_otherwise", "BI-18.2"), lambda: light("silent_otherwise", "BI-18.2", stale_s=3), 0.1, 4
    ),
    ("BI-18.3", "follow"): Flip(lambda: mistaken(1), lambda: mistaken(3), 0.1, 4),
    **_discharge_flips("BI-19.1"),
    **_discharge_flips("BI-19.2"),
    **_discharge_flips("BI-19.3"),
    **_discharge_flips("BI-19.4"),
    ("BI-19.5", "least_tls"): Flip(lambda: tls("TLSv1.3"), lambda: tls("TLSv1.2")),
    ("BI-19.8", "over_current"): Flip(lambda: at_the_contacts(24), lambda: at_the_contacts(30)),
    ("BI-19.8", "over_voltage"): Flip(lambda: at_the_contacts(10), lambda: at_the_contacts(10, 460)),
    ("BI-19.8", "over"): Flip(lambda: car_limits(-4000), lambda: car_limits(-12000)),
    ("BI-19.8", "response"): Flip(lambda: lowered(5), lambda: lowered(12), tight=0),
}
