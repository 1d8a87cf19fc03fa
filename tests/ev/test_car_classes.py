"""The kinds of car that come with the program: what each says fits the schema, and what is odd about it shows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from ev_emulator import Battery, Codec, Evcc, Vehicle, load_vehicle, vehicle_names
from ev_emulator._names import namespace_of
from ev_emulator._values import number as number_of
from ev_emulator.session._answers_20 import Target
from ev_emulator.session._drive import Drive
from ev_emulator.session._requests_20 import Requests20
from tests.ev.test_battery_and_values import HandClock

HEADER = {"SessionID": "0102030405060708", "TimeStamp": 1}
SPOKEN = [
    (name, service, mode)
    for name in vehicle_names()
    for service in load_vehicle(name).services
    for mode in load_vehicle(name).control_modes
    if f"ISO 15118-20 {service[:2]}" in load_vehicle(name).protocols
]


def parts(name: str) -> tuple[Vehicle, Requests20]:
    vehicle = load_vehicle(name)
    data = vehicle.battery
    battery = Battery(data.capacity_wh, data.soc_pct, HandClock(), empty_v=data.empty_v, full_v=data.full_v)
    return vehicle, Requests20(vehicle, battery)


def number(value: Any) -> float:
    read = number_of(value)
    assert read is not None
    return read


def loop_of(made: Requests20, service: str, mode: str) -> dict[str, Any]:
    body = made.charge_loop(service, mode, present_w=0, target_a=5, target_v=400)
    bpt = "BPT_" if service.endswith("_BPT") else ""
    return cast("dict[str, Any]", body[f"{bpt}{mode}_{service[:2]}_CLReqControlMode"])


def drive(name: str, service: str) -> Drive:
    car = SimpleNamespace(
        vehicle=load_vehicle(name), service=service, control_mode="Dynamic", offers=[], evse_limits={}, battery=None
    )
    return Drive(cast("Evcc", car))


def test_there_are_twelve() -> None:
    """As many kinds of car as the matrix of vehicles and chargers asks for, each with an identity of its own."""
    cars = [load_vehicle(name) for name in vehicle_names()]
    assert len(cars) >= 12
    assert len({car.evccid for car in cars}) == len({car.mac for car in cars}) == len(cars)


@pytest.mark.parametrize(("name", "service", "mode"), SPOKEN)
def test_what_it_says_fits_the_schema(name: str, service: str, mode: str, codec: Codec) -> None:
    """Charge parameters, schedule exchange and charge loop of every car come out of the codec as they went in."""
    _, made = parts(name)
    said = {
        f"{service[:2]}_ChargeParameterDiscoveryReq": made.charge_parameters(service),
        "ScheduleExchangeReq": made.schedule_exchange(service, mode),
        f"{service[:2]}_ChargeLoopReq": made.charge_loop(service, mode, present_w=0, target_a=5, target_v=400),
    }
    for message, body in said.items():
        whole = {message: {"Header": HEADER} | body}
        read = codec.read(codec.encode(whole, namespace_of(message)), namespace_of(message))
        assert not read.deviations
        assert read.message is not None
        assert read.message.keys() == whole.keys()


@pytest.mark.parametrize(("name", "service", "mode"), [each for each in SPOKEN if each[1].startswith("DC")])
def test_its_limits_hold_its_battery(name: str, service: str, mode: str) -> None:
    """The battery's voltage lies between the limits that the car tells, and what it may be given is above its least."""
    vehicle, made = parts(name)
    loop = loop_of(made, service, mode)
    assert number(loop["EVMinimumVoltage"]) <= vehicle.battery.empty_v
    assert number(loop["EVMaximumVoltage"]) >= vehicle.battery.full_v
    assert number(loop["EVMaximumChargePower"]) > number(loop["EVMinimumChargePower"])


def test_a_car_of_another_sign_says_so() -> None:
    """Negative discharge limits, of power and of current, and an identity in small letters."""
    vehicle, made = parts("negative_limits_dc_400v")
    loop = loop_of(made, "DC_BPT", "Dynamic")
    assert number(loop["EVMaximumDischargePower"]) == -9000
    assert number(loop["EVMaximumDischargeCurrent"]) == -24
    assert vehicle.evccid.islower()


@pytest.mark.parametrize(
    ("asked_w", "flows_w"), [(3000.0, 2990.0), (-3000.0, -2990.0), (1300.0, 0.0), (-1379.0, 0.0), (9000.0, 7360.0)]
)
def test_a_small_car_moves_in_steps_and_rests_below_its_least(asked_w: float, flows_w: float) -> None:
    """1 A on one phase is 230 W: it takes the next smaller step, and nothing below 6 A."""
    flows = drive("small_ac_v2g_7kw", "AC_BPT").flows_w(None, Target(power_w=asked_w))
    assert flows == pytest.approx(flows_w)


@pytest.mark.parametrize(("name", "least_w"), [("van_ac_22kw_dc_100kw", 4140.0), ("hybrid_ac_4kw", 1380.0)])
def test_a_car_rests_below_six_amperes(name: str, least_w: float) -> None:
    """A van on three phases and a hybrid on one hold nothing below 6 A; at 6 A both charge."""
    flows = drive(name, "AC").flows_w
    assert (flows(None, Target(power_w=least_w - 1)), flows(None, Target(power_w=least_w))) == (0.0, least_w)


def test_some_cars_insist() -> None:
    """One knows schedules alone, one none; a bus starts at 10 kW and its battery is beyond a 500 V charger."""
    assert load_vehicle("schedule_only_dc_400v").control_modes == ("Scheduled",)
    assert load_vehicle("high_minimum_dc_400v").control_modes == ("Dynamic",)
    bus = loop_of(parts("city_bus_dc_700v")[1], "DC", "Scheduled")
    assert (number(bus["EVMinimumVoltage"]), number(bus["EVMaximumVoltage"])) == (600, 800)
    discovery = parts("high_minimum_dc_400v")[1].charge_parameters("DC_BPT")["BPT_DC_CPDReqEnergyTransferMode"]
    assert number(discovery["EVMinimumDischargePower"]) == 3000
    fast = loop_of(parts("bidirectional_dc_800v")[1], "DC_BPT", "Dynamic")
    assert number(fast["EVMaximumDischargeCurrent"]) == 20
