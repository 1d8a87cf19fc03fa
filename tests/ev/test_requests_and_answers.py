"""Request bodies and what responses mean, without a connection."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ev_emulator import Battery, NotOffered, load_vehicle
from ev_emulator._values import number, rational
from ev_emulator.session import _answers_20 as answers
from ev_emulator.session._requests_20 import Requests20
from ev_emulator.session._schedule import offers
from tests.ev.test_battery_and_values import HandClock


def requests(name: str, **changes: Any) -> Requests20:
    vehicle = msgspec.structs.replace(load_vehicle(name), **changes)
    return Requests20(vehicle, Battery(vehicle.battery.capacity_wh, vehicle.battery.soc_pct, HandClock()))


def test_discharge_limits_are_positive_unless_the_car_says_otherwise() -> None:
    """Discharge limits are written positive; a vehicle may be one that writes them negative."""
    usual = requests("bidirectional_dc_400v").charge_parameters("DC_BPT")["BPT_DC_CPDReqEnergyTransferMode"]
    other = requests("bidirectional_dc_400v", discharge_limits="negative").charge_parameters("DC_BPT")
    assert number(usual["EVMaximumDischargePower"]) == 10_000
    assert number(other["BPT_DC_CPDReqEnergyTransferMode"]["EVMaximumDischargePower"]) == -10_000


def test_a_charging_only_service_says_nothing_of_discharge() -> None:
    """Plain DC carries no discharge limits, no V2X energy, and no negative energy request."""
    made = requests("bidirectional_dc_400v")
    loop = made.charge_loop("DC", "Dynamic", present_w=0, target_a=0, target_v=400)["Dynamic_DC_CLReqControlMode"]
    assert not [key for key in loop if "Discharge" in key or "V2X" in key]
    assert number(loop["EVMinimumEnergyRequest"]) == 0


def test_v2x_window_is_measured_from_the_state_of_charge() -> None:
    """At 60 %, a window from 30 to 70 % of 60 kWh is −18 kWh to +6 kWh away."""
    loop = requests("bidirectional_ac_11kw").charge_loop("AC_BPT", "Dynamic", present_w=-1, target_a=0, target_v=0)
    mode = loop["BPT_Dynamic_AC_CLReqControlMode"]
    assert number(mode["EVMaximumV2XEnergyRequest"]) == 6000
    assert number(mode["EVMinimumV2XEnergyRequest"]) == -18_000
    assert number(mode["EVMinimumEnergyRequest"]) == -24_000  # may go down to 20 %


SCHEDULE = {
    "ScheduleTupleID": 7,
    "ChargingSchedule": {
        "PowerSchedule": {
            "TimeAnchor": 1000,
            "PowerScheduleEntries": {
                "PowerScheduleEntry": [
                    {"Duration": 60, "Power": rational(11_000)},
                    {"Duration": 60, "Power": rational(1000), "Power_L2": rational(1000)},
                ]
            },
        }
    },
}


def test_a_schedule_without_prices_is_a_schedule() -> None:
    """Price schedules may be missing; powers are read over time and over phases, and nothing holds after the end."""
    (offer,) = offers({"Scheduled_SEResControlMode": {"ScheduleTuple": [SCHEDULE]}})
    assert [offer.charge_power_w(at) for at in (999, 1000, 1060, 1120)] == [None, 11_000, 2000, None]
    assert offer.discharge_power_w(1000) is None


def test_a_discharging_schedule_is_negative_whatever_its_sign() -> None:
    """Chargers differ in the sign of a discharging schedule; the car reads it as power that may be given back."""
    both = SCHEDULE | {"DischargingSchedule": SCHEDULE["ChargingSchedule"]}
    (offer,) = offers({"Scheduled_SEResControlMode": {"ScheduleTuple": both}})
    assert offer.discharge_power_w(1000) == -11_000


def test_the_power_profile_takes_the_schedule_over() -> None:
    """In Scheduled mode the profile repeats the offered slots and names the tuple; discharge uses its own schedule."""
    (offer,) = offers({"Scheduled_SEResControlMode": {"ScheduleTuple": [SCHEDULE]}})
    made = requests("bidirectional_dc_400v")
    profile = made.power_profile("DC_BPT", "Scheduled", offer, discharge=False, epoch_s=5)
    assert profile["TimeAnchor"] == 1000
    assert len(profile["EVPowerProfileEntries"]["EVPowerProfileEntry"]) == 2
    assert profile["Scheduled_EVPPTControlMode"]["SelectedScheduleTupleID"] == 7
    dynamic = made.power_profile("DC_BPT", "Dynamic", None, discharge=True, epoch_s=5)
    assert number(dynamic["EVPowerProfileEntries"]["EVPowerProfileEntry"][0]["Power"]) == -10_000


def parameter_set(number_: int, control: int, needs: int, connector: int) -> dict[str, Any]:
    values = {"Connector": connector, "ControlMode": control, "MobilityNeedsMode": needs}
    return {"ParameterSetID": number_, "Parameter": [{"Name": k, "intValue": v} for k, v in values.items()]}


SETS = answers.parameter_sets(
    {
        "ServiceParameterList": {
            "ParameterSet": [
                parameter_set(1, 1, 1, 1),
                parameter_set(2, 1, 1, 2),
                parameter_set(3, 2, 2, 2),
                parameter_set(4, 2, 1, 2),
            ]
        }
    }
)


@pytest.mark.parametrize(
    ("control_mode", "mobility_needs", "phases", "chosen"),
    [
        ("Scheduled", None, 3, 2),
        ("Scheduled", None, 1, 1),
        ("Scheduled", None, None, 1),
        ("Dynamic", None, 3, 4),
        ("Dynamic", "SECC", 3, 3),
        ("Dynamic", None, 1, 4),
    ],
)
def test_the_parameter_set_is_chosen_by_what_it_says(
    control_mode: str, mobility_needs: str | None, phases: int | None, chosen: int
) -> None:
    """Not the first set but the one with the wanted control mode, then connector, then mobility needs."""
    found = answers.choose_parameter_set(SETS, control_mode=control_mode, mobility_needs=mobility_needs, phases=phases)
    assert found.id == chosen


def test_no_fitting_parameter_set() -> None:
    """A control mode nobody offers is refused with what is offered."""
    with pytest.raises(NotOffered, match="offered: Scheduled"):
        answers.choose_parameter_set(SETS[:2], control_mode="Dynamic", mobility_needs=None, phases=None)


def test_target_of_an_ac_response() -> None:
    """AC: the target is the sum over phases, negative to discharge; absent in Scheduled mode means the car decides."""
    block = {f"EVSETargetActivePower{suffix}": rational(-1000) for suffix in ("", "_L2", "_L3")}
    assert answers.read_target({"BPT_Dynamic_AC_CLResControlMode": block}).power_w == -3000
    assert answers.read_target({"BPT_Scheduled_AC_CLResControlMode": {}}).power_w is None


def test_target_of_a_dc_response() -> None:
    """DC: what flows is volts times amperes with their sign; limits are magnitudes whatever sign the charger gave."""
    target = answers.read_target(
        {
            "EVSEPresentVoltage": rational(400),
            "EVSEPresentCurrent": rational(-12.5),
            "BPT_Dynamic_DC_CLResControlMode": {"EVSEMaximumDischargePower": rational(-9000)},
        }
    )
    assert (target.power_w, target.max_discharge_power_w, target.max_charge_power_w) == (-5000, 9000, None)


@pytest.mark.parametrize("service", ["DC_BPT", "AC_BPT"])
def test_a_car_may_lower_its_limits_on_the_way(service: str) -> None:
    """From the next request on it says less, in either direction, and nothing else changes."""
    car = requests("bidirectional_dc_400v" if service == "DC_BPT" else "bidirectional_ac_11kw")
    block = f"BPT_Dynamic_{service[:2]}_CLReqControlMode"
    before = car.charge_loop(service, "Dynamic", present_w=0, target_a=0, target_v=400)[block]
    car.lower(max_charge_power_w=2000, max_discharge_power_w=1500)
    after = car.charge_loop(service, "Dynamic", present_w=0, target_a=0, target_v=400)[block]
    lowered = {"EVMaximumChargePower": rational(2000), "EVMaximumDischargePower": rational(1500)}
    assert after == before | lowered != before


def test_a_dc_car_may_lower_its_currents_alone() -> None:
    """Amperes of a DC car; an AC car has none to lower."""
    for service, vehicle in (("DC_BPT", "bidirectional_dc_400v"), ("AC_BPT", "bidirectional_ac_11kw")):
        car, block = requests(vehicle), f"BPT_Dynamic_{service[:2]}_CLReqControlMode"
        before = car.charge_loop(service, "Dynamic", present_w=0, target_a=0, target_v=400)[block]
        car.lower(max_charge_current_a=5, max_discharge_current_a=4)
        after = car.charge_loop(service, "Dynamic", present_w=0, target_a=0, target_v=400)[block]
        lowered = {"EVMaximumChargeCurrent": rational(5), "EVMaximumDischargeCurrent": rational(4)}
        assert after == (before | lowered if service == "DC_BPT" else before)
