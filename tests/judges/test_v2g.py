"""ISO 15118-20 sessions by hand: the right service and mode, power to the grid, TLS, the car's limits."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def v2g(t: T, direction: str, name: str, session: int = 1, **content: Any) -> T:
    """One message; "out" is the car's."""
    who = "ev" if direction == "out" else "dut"
    return t.event("v2g.message", who, session=session, dir=direction, name=name, payload={name: content})


def rational(value: float) -> dict[str, Any]:
    """A RationalNumber in tens."""
    return {"Exponent": 1, "Value": int(value / 10)}


def opening(
    t: T, session: int = 1, *, tls: str | None = "TLSv1.3", security: int = 0, answered: int = 0, kind: str = "DC"
) -> T:
    """SDP, TCP, TLS and everything up to the service's choice."""
    t.event("v2g.connection", "ev", session=session, what="sdp", state="asked", security=security)
    t.event("v2g.connection", "dut", session=session, what="sdp", state="answered", security=answered)
    if tls:
        t.event("v2g.connection", "ev", session=session, what="tls", state="open", tls={"version": tls, "cipher": "X"})
    v2g(t, "out", "SessionSetupReq", session)
    v2g(t, "in", "SessionSetupRes", session, ResponseCode="OK")
    ids = [1, 5] if kind == "AC" else [2, 6]
    services = {"Service": [{"ServiceID": n} for n in ids]}
    return v2g(t, "in", "ServiceDiscoveryRes", session, ResponseCode="OK", EnergyTransferServiceList=services)


def chosen(t: T, service: int = 6, session: int = 1, charge_w: float = 11000, discharge_w: float = 10000) -> T:
    """The car chooses a service and declares its limits."""
    v2g(t, "out", "ServiceSelectionReq", session, SelectedEnergyTransferService={"ServiceID": service})
    v2g(t, "in", "ServiceSelectionRes", session, ResponseCode="OK")
    limits = {"EVMaximumChargePower": rational(charge_w), "EVMaximumDischargePower": rational(discharge_w)}
    kind = "AC" if service in (1, 5) else "DC"
    v2g(t, "out", f"{kind}_ChargeParameterDiscoveryReq", session, **{f"BPT_{kind}_CPDReqEnergyTransferMode": limits})
    return v2g(t, "in", f"{kind}_ChargeParameterDiscoveryRes", session, ResponseCode="OK")


def loops(
    t: T,
    watts: float,
    for_s: float,
    *,
    mode: str = "BPT_Dynamic_DC_CLResControlMode",
    limit_w: float | None = None,
    **how: Any,
) -> T:
    """Charge loops and meter readings, ten a second."""
    kind = "AC" if "_AC_" in mode else "DC"
    request = (
        {"BPT_Dynamic_DC_CLReqControlMode": {"EVMaximumChargePower": rational(limit_w)}} if limit_w is not None else {}
    )
    for _ in range(round(for_s * 10)):
        v2g(t, "out", f"{kind}_ChargeLoopReq", **request)
        t.power(watts, **how)
        v2g(t, "in", f"{kind}_ChargeLoopRes", ResponseCode=how.get("code", "OK"), **{mode: {}}).wait(0.1)
    return t


def session(watts: float = -4000, for_s: float = 2.0, **how: Any) -> T:
    """A DC_BPT session with dynamic control in which so much power flows."""
    return loops(loops(chosen(opening(T())), 0, 0.5, **how), watts, for_s, **how)


def verdict(t: T, judge: str = "v2g.discharges", **params: Any) -> Verdict:
    """What the judge finds; for the discharge a DC_BPT session with dynamic control unless told otherwise."""
    wanted = {"service": "DC_BPT", "control": "Dynamic"} if judge == "v2g.discharges" else {}
    criterion = {"v2g.tls_1_3": "BI-19.5", "v2g.within_the_cars_limits": "BI-19.8"}.get(judge, "BI-19.1")
    return t.claims(judge, criterion, **{**wanted, **params}).judged().verdict


def test_a_session_that_discharges_passes() -> None:
    """4 kW to the grid for two seconds, service 6, dynamic."""
    assert verdict(session()) is PASS


@pytest.mark.parametrize(
    ("service", "number", "mode", "control"),
    [
        ("DC_BPT", 6, "BPT_Scheduled_DC_CLResControlMode", "Scheduled"),
        ("AC_BPT", 5, "BPT_Dynamic_AC_CLResControlMode", "Dynamic"),
        ("AC_BPT", 5, "BPT_Scheduled_AC_CLResControlMode", "Scheduled"),
    ],
)
def test_services_and_modes_have_their_numbers_and_names(service: str, number: int, mode: str, control: str) -> None:
    """ISO 15118-20: AC_BPT is service 5, DC_BPT 6; the charge loop's answer names the control mode."""
    t = chosen(opening(T(), kind=service[:2]), number)
    t = loops(loops(t, 0, 0.5, mode=mode), -4000, 2, mode=mode)
    assert verdict(t, service=service, control=control) is PASS


@pytest.mark.parametrize("mode", ["BPT_Scheduled_DC_CLResControlMode", "Dynamic_DC_CLResControlMode"])
def test_another_mode_than_asked_fails(mode: str) -> None:
    """Scheduled instead of dynamic; or the mode without bidirectional power."""
    assert verdict(session(mode=mode)) is FAIL


def test_our_car_choosing_wrongly_is_not_the_chargers_fault() -> None:
    """Service 2 where the case wanted 6."""
    t = loops(loops(chosen(opening(T()), 2), 0, 0.5), -4000, 2)
    assert verdict(t) is INCONCLUSIVE


def test_a_charger_that_does_not_offer_the_service_fails() -> None:
    """AC_BPT asked, DC services offered, and there the session ended."""
    assert verdict(opening(T()), service="AC_BPT") is FAIL


def test_a_session_that_our_car_left_is_not_the_chargers_fault() -> None:
    """The charger had answered everything; no charge loop was asked for."""
    assert verdict(chosen(opening(T()))) is INCONCLUSIVE


def test_a_charger_that_does_not_answer_fails() -> None:
    """The last message is the car's."""
    assert verdict(v2g(chosen(opening(T())), "out", "ScheduleExchangeReq")) is FAIL


def test_a_charger_that_is_never_ready_fails() -> None:
    """EVSEProcessing Ongoing to the end."""
    t = v2g(chosen(opening(T())), "in", "ScheduleExchangeRes", ResponseCode="OK", EVSEProcessing="Ongoing")
    assert verdict(t) is FAIL


def test_a_failed_answer_fails() -> None:
    """FAILED_… in the middle of the loops."""
    t = v2g(session(), "in", "DC_ChargeLoopRes", ResponseCode="FAILED_SequenceError")
    assert verdict(t) is FAIL


def test_a_warning_is_no_failure() -> None:
    """WARNING_… leaves the session running."""
    assert verdict(v2g(session(), "in", "PowerDeliveryRes", ResponseCode="WARNING_StandbyNotAllowed")) is PASS


def ended(t: T, by: str = "dut", **more: Any) -> T:
    """The connection's end."""
    return t.event("v2g.connection", by, session=1, what="closed", state="closed", closed_by=by, **more)


def why(t: T) -> str:
    """What the judge says it saw."""
    return t.claims("v2g.discharges", "BI-19.1", service="DC_BPT", control="Dynamic").judged().seen


def test_a_charger_without_iso_15118_20_fails() -> None:
    """Failed_NoNegotiation to a car that offers nothing else: it does not speak the protocol, whoever stopped."""
    t = v2g(T(), "out", "supportedAppProtocolReq")
    t = v2g(t, "in", "supportedAppProtocolRes", ResponseCode="Failed_NoNegotiation")
    assert verdict(t) is FAIL and "takes no ISO 15118-20" in why(t)


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ({"alert": {"level": 2, "code": 116, "name": "certificate_required"}, "detail": "x"}, INCONCLUSIVE),
        ({"alert": {"level": 2, "code": 48, "name": "unknown_ca"}, "detail": "x"}, INCONCLUSIVE),
        ({"alert": {"level": 2, "code": 80, "name": "internal_error"}, "detail": "x"}, FAIL),
        ({"alert": None, "detail": "TLS ended by an alert: TLSV1_ALERT_UNKNOWN_CA"}, FAIL),
        ({"detail": "TLS ended by an alert or a broken record: TLSV1_ALERT_UNKNOWN_CA"}, INCONCLUSIVE),
        ({"detail": "the charger closed the connection"}, FAIL),
    ],
)
def test_a_charger_that_does_not_know_our_cars_root_is_not_to_blame(end: dict[str, Any], expected: Verdict) -> None:
    """TLS 1.3 tells the car after its handshake; which roots a charger trusts is agreed on, not tested.

    What decides is the alert, not the words; only traces of before have nothing but words.
    """
    assert verdict(ended(v2g(T(), "out", "supportedAppProtocolReq"), **end)) is expected


def test_a_session_lost_in_the_charge_loop_fails() -> None:
    """Enough power, then no answer: connection closed, 3 s of silence (2 s in Table 215), or rubbish."""
    assert verdict(ended(v2g(session(), "out", "DC_ChargeLoopReq"))) is FAIL
    assert verdict(ended(v2g(session(), "out", "DC_ChargeLoopReq").wait(3), by="ev")) is FAIL
    t = v2g(session(), "out", "DC_ChargeLoopReq")
    t.event("v2g.message", "dut", session=1, dir="in", name=None, payload=None, error="cannot decode 3 bytes")
    assert verdict(ended(t, by="ev")) is FAIL


def test_a_session_that_our_car_broke_off_is_not_lost() -> None:
    """Closed by the car at once, or after the charger had been asked to stop: the power that flowed counts."""
    assert verdict(ended(v2g(session(), "out", "DC_ChargeLoopReq").wait(0.1), by="ev")) is PASS
    assert verdict(ended(v2g(session(), "out", "SessionStopReq"))) is PASS


def notified(notification: str) -> T:
    """A session in which the charger asks for something in its last loops."""
    status = {"NotificationMaxDelay": 10, "EVSENotification": notification}
    return v2g(session(0), "in", "DC_ChargeLoopRes", BPT_Dynamic_DC_CLResControlMode={}, EVSEStatus=status)


@pytest.mark.parametrize(("notification", "expected"), [("ScheduleRenegotiation", INCONCLUSIVE), ("Terminate", FAIL)])
def test_what_our_car_cannot_follow_is_not_held_against_the_charger(notification: str, expected: Verdict) -> None:
    """A charger may offer a renegotiation in EVSEStatus; our car does not come along, so it proves nothing."""
    assert verdict(notified(notification)) is expected
    refused = v2g(notified(notification), "in", "DC_ChargeLoopRes", ResponseCode="FAILED")
    assert verdict(refused) is expected


def test_what_the_charger_allowed_is_said() -> None:
    """A discharge limit of 60 W tells why nothing flowed; exponents and signs of a limit are the charger's choice."""
    limit = {"EVSEMaximumDischargePower": {"Exponent": -2, "Value": -6000}}
    t = v2g(session(0), "in", "DC_ChargeLoopRes", BPT_Dynamic_DC_CLResControlMode=limit)
    assert verdict(t) is FAIL and "it allowed 60 W" in why(t)


def test_variety_that_the_standard_permits_passes() -> None:
    """Parameter sets in any order, several times Ongoing, warnings, and responses without their optional elements."""
    sets = [
        {"ParameterSetID": n, "Parameter": [{"Name": "Pricing", "intValue": 0}, {"Name": "ControlMode", "intValue": m}]}
        for n, m in ((9, 1), (4, 2))
    ]
    t = v2g(opening(T()), "in", "ServiceDetailRes", ServiceID=6, ServiceParameterList={"ParameterSet": sets})
    for _ in range(3):
        v2g(t, "in", "ScheduleExchangeRes", ResponseCode="OK", EVSEProcessing="Ongoing").wait(1)
        v2g(t, "in", "DC_CableCheckRes", ResponseCode="OK", EVSEProcessing="Ongoing").wait(1)
    t = loops(loops(chosen(t), 0, 0.5), -4000, 2)
    paused = {"NotificationMaxDelay": 60, "EVSENotification": "Pause"}
    v2g(t, "in", "DC_ChargeLoopRes", ResponseCode="OK", BPT_Dynamic_DC_CLResControlMode={}, EVSEStatus=paused)
    assert verdict(v2g(t, "in", "SessionStopRes", ResponseCode="OK")) is PASS


def test_tls_over_which_no_session_began_proves_nothing() -> None:
    """TLS 1.3 and then Failed_NoNegotiation: no session of ISO 15118-20 was encrypted."""
    t = T().event(
        "v2g.connection", "ev", session=1, what="tls", state="open", tls={"version": "TLSv1.3", "cipher": "X"}
    )
    t = v2g(
        v2g(t, "out", "supportedAppProtocolReq"), "in", "supportedAppProtocolRes", ResponseCode="Failed_NoNegotiation"
    )
    assert verdict(t, "v2g.tls_1_3") is INCONCLUSIVE


@pytest.mark.parametrize("watts", [4000, 0, -105])
def test_no_power_to_the_grid_fails(watts: float) -> None:
    """Charging, resting, or so little that the meter cannot tell."""
    assert verdict(session(watts)) is FAIL


def test_a_blip_of_export_fails() -> None:
    """Half a second where one is asked for."""
    assert verdict(session(-4000, 0.5)) is FAIL


def test_a_silent_meter_proves_no_discharge() -> None:
    """Loops without readings; or with readings far apart."""
    t = chosen(opening(T()))
    for _ in range(20):
        v2g(t, "in", "DC_ChargeLoopRes", ResponseCode="OK", BPT_Dynamic_DC_CLResControlMode={}).wait(0.1)
    assert verdict(t) is INCONCLUSIVE


def test_export_that_was_there_before_proves_nothing() -> None:
    """A meter that already showed export before the loop began may be stuck, or somebody else's."""
    t = chosen(opening(T().flows(-4000, 2)))
    assert verdict(loops(t, -4000, 2)) is INCONCLUSIVE


def test_no_session_proves_nothing() -> None:
    """And a session before `since` is none."""
    assert verdict(T()) is INCONCLUSIVE
    assert verdict(session().named("since"), since="@since") is INCONCLUSIVE


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, PASS),
        ({"tls": "TLSv1.2"}, FAIL),
        ({"tls": None}, FAIL),
        ({"tls": None, "answered": 0x10}, FAIL),
        ({"tls": None, "security": 0x10, "answered": 0x10}, INCONCLUSIVE),
    ],
)
def test_tls_1_3_is_read_at_the_socket(how: dict[str, Any], expected: Verdict) -> None:
    """1.2 and none fail; none because our car asked for none says nothing."""
    assert verdict(chosen(opening(T(), **how)), "v2g.tls_1_3") is expected


def test_every_session_must_be_encrypted() -> None:
    """The first of two had TLS 1.2."""
    t = opening(opening(T(), 1, tls="TLSv1.2"), 2)
    assert verdict(t, "v2g.tls_1_3") is FAIL


def test_an_unrecorded_connection_proves_no_tls() -> None:
    """Messages without a word on how they were connected."""
    assert verdict(v2g(T(), "out", "SessionSetupReq"), "v2g.tls_1_3") is INCONCLUSIVE


@pytest.mark.parametrize(
    ("watts", "expected"),
    [(-4000, PASS), (-10300, PASS), (-10360, INCONCLUSIVE), (-12000, FAIL), (12000, INCONCLUSIVE)],
)
def test_the_cars_limits_bind_in_both_directions(watts: float, expected: Verdict) -> None:
    """10 kW out, 350 W tolerance. 12 kW in (of 11) is measured at the grid's side of a DC charger, with its losses."""
    assert verdict(session(watts), "v2g.within_the_cars_limits") is expected


def test_at_a_dc_cars_contacts_there_are_no_losses() -> None:
    """With a meter on the DC side 12 kW of 11 kW fail, and 12 kW at the grid for 11 kW in the car do not."""
    for amps, expected in ((30.0, FAIL), (27.5, PASS)):
        t = chosen(opening(T()))
        for _ in range(20):
            v2g(t, "out", "DC_ChargeLoopReq")
            t.sample("meter", {"dc_i_a": 0.05, "dc_u_v": 0.5, "p_w": 15.0}, p_w=12000.0, dc_u_v=400.0, dc_i_a=amps)
            v2g(t, "in", "DC_ChargeLoopRes", ResponseCode="OK").wait(0.1)
        assert verdict(t, "v2g.within_the_cars_limits") is expected


def test_an_ac_cars_charging_limit_is_the_meters() -> None:
    """12 kW of 11 kW on AC fail: there is nothing between meter and car."""
    t = loops(chosen(opening(T(), kind="AC"), 5), 12000, 2, mode="BPT_Dynamic_AC_CLResControlMode")
    assert verdict(t, "v2g.within_the_cars_limits") is FAIL


def test_a_limit_that_the_car_lowers_binds_after_the_response_time() -> None:
    """9 kW are fine under 10, and for ten seconds after the car said 5; then no more."""
    t = loops(chosen(opening(T())), 9000, 2, limit_w=10000)
    quick = loops(loops(t, 9000, 5, limit_w=5000), 4900, 5, limit_w=5000)
    assert verdict(quick, "v2g.within_the_cars_limits") is PASS
    t = loops(chosen(opening(T(), kind="AC"), 5), 9000, 2, mode="BPT_Dynamic_AC_CLResControlMode", limit_w=10000)
    slow = loops(t, 9000, 12, mode="BPT_Dynamic_AC_CLResControlMode", limit_w=5000)
    assert verdict(slow, "v2g.within_the_cars_limits") is FAIL


def test_a_session_without_discharge_power_may_not_discharge() -> None:
    """A car that declares no discharge at all: 1 kW out is beyond its limits."""
    t = loops(chosen(opening(T()), discharge_w=0), -1000, 2)
    assert verdict(t, "v2g.within_the_cars_limits") is FAIL


def test_the_backend_is_told_what_the_car_needs() -> None:
    """NotifyEVChargingNeeds after the session began passes; none fails; one of an earlier session does not count."""
    needs = {"evseId": 1, "chargingNeeds": {"requestedEnergyTransfer": "DC"}}
    assert verdict(session().says("NotifyEVChargingNeeds", needs), "v2g.tells_the_backend") is PASS
    assert verdict(session(), "v2g.tells_the_backend") is FAIL
    early = T().says("NotifyEVChargingNeeds", needs)
    assert verdict(loops(chosen(opening(early)), 0, 1), "v2g.tells_the_backend") is FAIL


def told(needs: dict[str, Any], *, kind: str = "DC", evse_w: float | None = None) -> Verdict:
    """The finding where a car that declared 11 kW in and 10 kW out is told of so."""
    t = chosen(opening(T(version="ocpp2.1"), kind=kind), 6 if kind == "DC" else 5)
    if evse_w is not None:
        bounds = {"EVSEMaximumChargePower": rational(evse_w), "EVSEMaximumDischargePower": rational(evse_w)}
        v2g(t, "in", f"{kind}_ChargeParameterDiscoveryRes", **{f"BPT_{kind}_CPDResEnergyTransferMode": bounds})
    t.says("NotifyEVChargingNeeds", {"evseId": 1, "chargingNeeds": needs})
    return verdict(t, "v2g.tells_the_backend")


@pytest.mark.parametrize(
    ("bounds", "evse_w", "wanted"),
    [
        ({"maxChargePower": 11000, "maxDischargePower": 10000}, None, PASS),
        ({"maxChargePower": 5000, "maxChargePower_L2": 3000, "maxChargePower_L3": 3000}, None, PASS),
        ({}, None, PASS),
        ({"maxDischargePower": 11040}, None, FAIL),
        ({"maxDischargePower": 7000}, 7000, PASS),
        ({"maxDischargePower": 6000}, 7000, FAIL),
        ({"maxChargePower": 22080}, 22080, FAIL),
        ({"maxChargeCurrent": 32}, None, PASS),
    ],
)
def test_the_backend_is_told_the_cars_own_bounds(
    bounds: dict[str, float], evse_w: float | None, wanted: Verdict
) -> None:
    """The car's values, or the lower of car and charger; what is left out, or was never declared, is no fault."""
    assert told({"requestedEnergyTransfer": "DC_BPT", "v2xChargingParameters": bounds}, evse_w=evse_w) is wanted


def test_the_backend_is_told_what_2_0_1_has_words_for() -> None:
    """Without bidirectional words the direct-current parameters count, in whole numbers; and AC is not DC."""
    fit = {"evMaxPower": 10999, "evMaxCurrent": 20, "evMaxVoltage": 500}
    assert told({"requestedEnergyTransfer": "DC", "dcChargingParameters": fit}) is PASS
    assert told({"requestedEnergyTransfer": "DC", "dcChargingParameters": fit | {"evMaxPower": 50000}}) is FAIL
    assert told({"requestedEnergyTransfer": "AC_three_phase"}) is FAIL
    assert told({"requestedEnergyTransfer": "AC_three_phase"}, kind="AC") is PASS


def test_a_car_that_never_said_what_it_needs_proves_nothing() -> None:
    """The session ended before the car could."""
    assert verdict(opening(T()), "v2g.tells_the_backend") is INCONCLUSIVE


def shown(**tls: Any) -> T:
    """The car meets the charger's TLS; what it noted."""
    return T().event("v2g.connection", "dut", session=1, what="tls", **tls)


@pytest.mark.parametrize(
    ("tls", "expected"),
    [
        ({"state": "open", "tls": {"peer_valid": ["2026-01-01T00:00:00+00:00", "2027-01-01T00:00:00+00:00"]}}, PASS),
        ({"state": "open", "tls": {"peer_valid": ["2025-01-01T00:00:00+00:00", "2026-01-01T00:00:00+00:00"]}}, FAIL),
        ({"state": "open", "tls": {"peer_valid": ["2026-12-01T00:00:00+00:00", "2027-01-01T00:00:00+00:00"]}}, FAIL),
        ({"state": "refused", "tls": None, "out_of_date": "it has expired"}, FAIL),
        ({"state": "refused", "tls": None, "out_of_date": None}, INCONCLUSIVE),
        ({"state": "open", "tls": {"version": "TLSv1.3"}}, INCONCLUSIVE),
    ],
)
def test_a_charger_shows_cars_a_certificate_in_date(tls: dict[str, Any], expected: Verdict) -> None:
    """By what the car turned away, or by the dates that it could read; what was not seen decides nothing."""
    assert verdict(shown(**tls), "v2g.certificate_in_date", since=0) is expected
