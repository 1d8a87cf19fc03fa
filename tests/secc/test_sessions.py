"""Whole sessions with an independent car: the iso15118 package's own EVCC in its own process."""

from __future__ import annotations

from typing import Any

import pytest

from tests.secc.conftest import SESSIONS

NAMES = [str(session["name"]) for session in SESSIONS]


def answers(cars: dict[str, Any], session: str, message: str) -> list[dict[str, Any]]:
    """The bodies of all answers with this name, as the car decoded them."""
    found = []
    for each in next(s for s in cars["sessions"] if s["name"] == session)["answers"]:
        body = each["V2G_Message"]["Body"] if "V2G_Message" in each else each
        if message in body:
            found.append(body[message])
    return found


def events(cars: dict[str, Any], session: str, what: str) -> list[dict[str, Any]]:
    """The data of all events of this kind in a session."""
    return [e["data"] for e in cars["events"] if e["name"] == session and e["what"] == what]


def number(value: dict[str, Any]) -> float:
    """A RationalNumber or PhysicalValue."""
    return float(value["Value"] * 10.0 ** value.get("Exponent", value.get("Multiplier", 0)))


@pytest.mark.parametrize("session", NAMES)
def test_every_protocol_ends_in_an_orderly_stop(cars: dict[str, Any], session: str) -> None:
    """SessionStop is answered with OK, the station hears one clean end, and power was on and off once."""
    stop = answers(cars, session, "SessionStopRes")
    why = next(s["reason"] for s in cars["sessions"] if s["name"] == session)
    assert [s["ResponseCode"] for s in stop] == ["OK"], why
    ended = events(cars, session, "session_stopped")
    assert len(ended) == 1 and ended[0]["clean"] and ended[0]["action"] == "terminate"
    assert len(events(cars, session, "power_on")) == len(events(cars, session, "power_off")) == 1


@pytest.mark.parametrize("session", NAMES)
def test_every_answer_is_positive(cars: dict[str, Any], session: str) -> None:
    """A correct car hears nothing but OK codes."""
    told = next(s for s in cars["sessions"] if s["name"] == session)["answers"]
    bodies = [next(iter((a["V2G_Message"]["Body"] if "V2G_Message" in a else a).values())) for a in told]
    assert bodies and all(body["ResponseCode"].startswith("OK") for body in bodies)


def test_the_station_hears_protocol_service_and_mode(cars: dict[str, Any]) -> None:
    """Protocol, EVCCID, service and control mode of each session, in the package's and the standard's names."""
    said = {n: (events(cars, n, "session_started")[0], events(cars, n, "service_selected")[0]) for n in NAMES}
    assert {n: (p["protocol"], s["service"], s["control_mode"]) for n, (p, s) in said.items()} == {
        "dc_bpt_dynamic": ("ISO_15118_20_DC", "DC_BPT", "dynamic"),
        "dc_bpt_scheduled": ("ISO_15118_20_DC", "DC_BPT", "scheduled"),
        "ac_bpt_dynamic": ("ISO_15118_20_AC", "AC_BPT", "dynamic"),
        "v2_ac": ("ISO_15118_2", "AC", "scheduled"),
        "din_dc": ("DIN_SPEC_70121", "DC", "scheduled"),
    }
    assert said["dc_bpt_dynamic"][0]["evccid"] == "WMIV1234567890ABCDEX"


def test_dc_dynamic_discharges_at_the_setpoint(cars: dict[str, Any]) -> None:
    """A setpoint of -5 kW: told in the bounds, wanted from the power stage, and seen as negative current."""
    loops = answers(cars, "dc_bpt_dynamic", "DC_ChargeLoopRes")
    mode = loops[-1]["BPT_Dynamic_DC_CLResControlMode"]
    assert number(mode["EVSEMaximumDischargePower"]) == 5000 and number(mode["EVSEMaximumChargePower"]) == 0
    assert {e["wanted_w"] for e in events(cars, "dc_bpt_dynamic", "loop")} == {-5000.0}
    assert number(loops[-1]["EVSEPresentCurrent"]) == pytest.approx(-5000 / 350, abs=0.1)
    assert number(loops[-1]["EVSEPresentVoltage"]) == 350


def test_dc_dynamic_ran_over_mutual_tls13(cars: dict[str, Any]) -> None:
    """The independent car and the charger trust each other's certificates over TLS 1.3."""
    tls = events(cars, "dc_bpt_dynamic", "connected")[0]["tls"]
    assert tls["version"] == "TLSv1.3" and "WCPEV" in tls["peer_subject"]


def test_dc_scheduled_follows_the_cars_command(cars: dict[str, Any]) -> None:
    """The car commands -10 A at a battery of 350 V; the schedule it chose covers both directions."""
    assert {e["wanted_w"] for e in events(cars, "dc_bpt_scheduled", "loop")} == {-3500.0}
    offer = answers(cars, "dc_bpt_scheduled", "ScheduleExchangeRes")[0]["Scheduled_SEResControlMode"]["ScheduleTuple"][
        0
    ]
    entry = offer["DischargingSchedule"]["PowerSchedule"]["PowerScheduleEntries"]["PowerScheduleEntry"][0]
    assert number(entry["Power"]) == 11040 and entry["Duration"] >= 86400


def test_ac_dynamic_targets_stay_within_the_station(cars: dict[str, Any]) -> None:
    """Asked for -12.5 kW with 10 kW permitted, EVSETargetActivePower says -10 kW."""
    loops = answers(cars, "ac_bpt_dynamic", "AC_ChargeLoopRes")
    targets = {number(r["BPT_Dynamic_AC_CLResControlMode"]["EVSETargetActivePower"]) for r in loops}
    assert targets == {-10_000}


def test_bidirectional_parameter_sets_are_complete(cars: dict[str, Any]) -> None:
    """BPT services name channel, generator mode and, for AC, islanding detection (Tables 206 and 208)."""
    sets = answers(cars, "ac_bpt_dynamic", "ServiceDetailRes")[0]["ServiceParameterList"]["ParameterSet"]
    names = [{p["Name"] for p in each["Parameter"]} for each in sets]
    needed = {"BPTChannel", "GeneratorMode", "GridCodeIslandingDetectionMethod", "ControlMode", "Connector"}
    assert len(names) == 2 and all(needed <= each for each in names)


def test_a_limit_binds_iso_15118_2_from_the_start(cars: dict[str, Any]) -> None:
    """6900 W on three phases is 10 A, in ChargeParameterDiscoveryRes and in every ChargingStatusRes."""
    first = answers(cars, "v2_ac", "ChargeParameterDiscoveryRes")[0]["AC_EVSEChargeParameter"]["EVSEMaxCurrent"]
    later = [r["EVSEMaxCurrent"] for r in answers(cars, "v2_ac", "ChargingStatusRes")]
    assert later and {number(v) for v in [first, *later]} == {10}


def test_iso_15118_2_ran_over_tls12_without_a_car_certificate(cars: dict[str, Any]) -> None:
    """Cars of ISO 15118-2 have no TLS certificate; they are served over TLS 1.2."""
    assert events(cars, "v2_ac", "connected")[0]["tls"]["version"] == "TLSv1.2"
    assert events(cars, "v2_ac", "connected")[0]["tls"]["peer_subject"] is None


def test_din_checks_the_cable_before_it_precharges(cars: dict[str, Any]) -> None:
    """Cable check, precharge and power come in this order, and the present voltage is the output's."""
    order = [e["what"] for e in cars["events"] if e["name"] == "din_dc"]
    assert order.index("cable_check") < order.index("precharge") < order.index("power_on") < order.index("loop")
    assert number(answers(cars, "din_dc", "PreChargeRes")[-1]["EVSEPresentVoltage"]) == 500


def test_nobody_waits_for_the_java_machine(cars: dict[str, Any]) -> None:
    """The codec is warm when the SECC reports ready: the first car, slow itself, has its session within seconds."""
    at = {e["what"]: e["t_s"] for e in reversed(cars["events"]) if e["name"] == NAMES[0]}
    assert at["session_started"] - at["connected"] < 5.0
