"""Our car against our emulated charger's SECC: discovery by multicast, charging without discharge, pause and return."""

from __future__ import annotations

from typing import Any

import pytest

from harness.trace import Trace
from tests.ev.conftest import EmulatedRun

PLAIN = [("DC", "Dynamic", 3000), ("DC", "Scheduled", 4000), ("AC", "Dynamic", 3000), ("AC", "Scheduled", 4000)]


def bodies(trace: Trace, name: str) -> list[dict[str, Any]]:
    return [e.data["payload"][name] for e in trace.of("v2g.message") if e.data["name"] == name]


def test_found_by_sdp(emulated: EmulatedRun) -> None:
    """With a network namespace of its own the car finds the charger by multicast; without one by asking ::1."""
    sdp = [e.data for e in emulated.trace("DC-Dynamic").of("v2g.connection") if e.data["what"] == "sdp"]
    assert sdp[0]["to"] == ("ff02::1" if emulated.where == "veth" else "::1")
    assert sdp[-1]["address"].startswith("fe80::" if emulated.where == "veth" else "::1")


@pytest.mark.parametrize(("service", "mode", "power_w"), PLAIN)
def test_a_car_that_only_charges(emulated: EmulatedRun, service: str, mode: str, power_w: float) -> None:
    """AC and DC without bidirectional transfer: the charger's power or limit is followed, and the end is in order."""
    happened = emulated.happened[f"{service}-{mode}"]
    assert happened["selected"] == [[service, mode.lower()]]
    assert happened["power_w"] == pytest.approx(power_w, abs=50)
    assert happened["clean"] == [True]
    assert happened["failure"] == "None"


@pytest.mark.parametrize(("service", "mode", "power_w"), PLAIN)
def test_nothing_about_discharge_is_said(emulated: EmulatedRun, service: str, mode: str, power_w: float) -> None:
    """A plain service carries no BPT block and no discharge limit, and energy requests are never negative."""
    trace = emulated.trace(f"{service}-{mode}")
    sent = [e.data["payload"] for e in trace.of("v2g.message") if e.data["dir"] == "out"]
    assert "BPT" not in str(sent)
    assert "Discharge" not in str(sent)
    loops = bodies(trace, f"{service}_ChargeLoopReq")
    blocks = [each[f"{mode}_{service}_CLReqControlMode"] for each in loops]
    assert blocks
    assert all(block["EVMinimumEnergyRequest"]["Value"] >= 0 for block in blocks)
    answers = [e.data for e in trace.of("v2g.message") if e.data["dir"] == "in" and "Res" in e.data["name"]]
    codes = {str(each["payload"][each["name"]]["ResponseCode"]) for each in answers}
    assert codes <= {"OK", "OK_NewSessionEstablished", "OK_SuccessfulNegotiation"}


def test_pause_and_return(emulated: EmulatedRun) -> None:
    """The car comes back under the paused session's id; a charger that starts anew, as this one does, is followed."""
    happened, trace = emulated.happened["pause"], emulated.trace("pause")
    assert [each["ChargingSession"] for each in bodies(trace, "SessionStopReq")] == ["Pause", "Terminate"]
    assert happened["actions"] == ["pause", "terminate"]
    paused, resumed = happened["ids"]
    first, second = bodies(trace, "SessionSetupReq")
    assert first["Header"]["SessionID"] == "0" * 16
    assert second["Header"]["SessionID"] == paused
    assert [each["ResponseCode"] for each in bodies(trace, "SessionSetupRes")] == ["OK_NewSessionEstablished"] * 2
    assert resumed != paused
    assert {each["Header"]["SessionID"] for each in bodies(trace, "DC_ChargeLoopReq")} == {paused, resumed}
    assert happened["failures"] == ["None", "None"]


def test_the_battery_goes_on_after_a_pause(emulated: EmulatedRun) -> None:
    """Two sessions, one car: what was discharged before the pause is gone after it."""
    trace = emulated.trace("pause")
    energies = [
        each["BPT_Dynamic_DC_CLReqControlMode"]["EVTargetEnergyRequest"] for each in bodies(trace, "DC_ChargeLoopReq")
    ]
    wanted_wh = [each["Value"] * 10 ** each["Exponent"] for each in energies]
    assert wanted_wh == sorted(wanted_wh)
    assert emulated.happened["pause"]["soc_pct"] < 60
