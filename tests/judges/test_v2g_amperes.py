"""Amperes and volts at a DC car's contacts against what the car declared, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T
from tests.judges.test_v2g import chosen, loops, opening, v2g

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
SURE = {"dc_i_a": 0.05, "dc_u_v": 0.5, "p_w": 15.0}


def whole(value: float) -> dict[str, Any]:
    return {"Exponent": 0, "Value": int(value)}


def limits_of(into_a: float = 25, out_a: float = 20, most_v: float = 450) -> dict[str, Any]:
    """The currents and the voltage that a car names."""
    names = ("EVMaximumChargeCurrent", "EVMaximumDischargeCurrent", "EVMaximumVoltage")
    return {name: whole(value) for name, value in zip(names, (into_a, out_a, most_v), strict=True)}


def declared(t: T, **limits: float) -> T:
    """A DC_BPT session up to the car's parameters."""
    v2g(
        chosen(opening(t)), "out", "DC_ChargeParameterDiscoveryReq", BPT_DC_CPDReqEnergyTransferMode=limits_of(**limits)
    )
    return v2g(t, "in", "DC_ChargeParameterDiscoveryRes", ResponseCode="OK")


def flows(t: T, amps: float, volts: float = 400.0, for_s: float = 2.0, **limits: float) -> T:
    """Charge loops, ten a second, in which the car names its limits again, and what its contacts show."""
    for n in range(round(for_s * 10)):
        v2g(t, "out", "DC_ChargeLoopReq", BPT_Dynamic_DC_CLReqControlMode=limits_of(**limits))
        shown = {"p_w": amps * volts + n % 3, "dc_u_v": volts + n % 3 / 10, "dc_i_a": amps + n % 3 / 100}
        t.sample("meter", SURE, **shown)
        v2g(t, "in", "DC_ChargeLoopRes", ResponseCode="OK").wait(0.1)
    return t


def contacts(t: T, amps: float, volts: float = 400.0) -> T:
    """A whole session in which so much flows."""
    return flows(declared(t), amps, volts)


def verdict(t: T) -> Verdict:
    return t.claims("v2g.within_the_cars_amperes", "BI-19.8").judged().verdict


@pytest.mark.parametrize(
    ("amps", "volts", "expected"),
    [
        (24.0, 400.0, PASS),
        (25.9, 400.0, PASS),  # an ampere is tolerated
        (27.0, 400.0, FAIL),
        (-19.0, 400.0, PASS),
        (-22.0, 400.0, FAIL),  # from the car it is less
        (10.0, 452.0, PASS),
        (10.0, 457.0, FAIL),
        (-10.0, 457.0, PASS),  # out of a battery that is above its highest charging voltage nothing is wrong
        (0.0, 457.0, PASS),  # nor at rest: the battery has the voltage that it has
    ],
)
def test_current_and_voltage_are_held_against_the_cars_own(amps: float, volts: float, expected: Verdict) -> None:
    """25 A in, 20 A out, 450 V while it is charged."""
    assert verdict(contacts(T(), amps, volts)) is expected


def test_what_the_car_lowers_binds_after_the_response_time() -> None:
    """12 A are fine for ten seconds after the car said 5, and no longer; the same of its voltage."""
    for lowered in ({"into_a": 5}, {"most_v": 380}):
        quick = flows(flows(declared(T()), 12, for_s=2), 12, for_s=8, **lowered)
        assert verdict(flows(quick, 0, for_s=3, **lowered)) is PASS
        assert verdict(flows(flows(declared(T()), 12, for_s=2), 12, for_s=13, **lowered)) is FAIL


def test_a_car_that_gives_nothing_back_names_no_current_out() -> None:
    """Without a discharge current any that comes out is too much."""
    t = chosen(opening(T()))
    only = {k: v for k, v in limits_of().items() if "Discharge" not in k}
    v2g(t, "out", "DC_ChargeParameterDiscoveryReq", DC_CPDReqEnergyTransferMode=only)
    for n in range(20):
        v2g(t, "out", "DC_ChargeLoopReq")
        t.sample("meter", SURE, p_w=-1600.0 + n % 3, dc_u_v=400.0 + n % 3 / 10, dc_i_a=-4.0)
        v2g(t, "in", "DC_ChargeLoopRes", ResponseCode="OK").wait(0.1)
    assert verdict(t) is FAIL


def test_a_meter_that_sees_no_direct_current_says_nothing() -> None:
    """Power at the grid's side is no current at the car."""
    assert verdict(loops(declared(T()), 4000, 2)) is INCONCLUSIVE


def test_without_a_session_nothing_is_said() -> None:
    """The car declared nothing."""
    assert verdict(opening(T())) is INCONCLUSIVE
