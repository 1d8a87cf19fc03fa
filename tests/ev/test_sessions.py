"""Whole sessions against the iso15118 package's own SECC, over real sockets, TLS and EXI."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ev_emulator import ChargingSession, Codec, Evcc, NotOffered, Refused, TlsConfig, load_vehicle
from harness.trace import Event, Recorder
from tests.ev.conftest import PackageSecc
from tests.ev.pki import PASSWORD

CARS = {"DC": "bidirectional_dc_400v", "AC": "bidirectional_ac_11kw"}


def car(service: str, codec: Codec, recorder: Recorder, secc: PackageSecc, **options: Any) -> Evcc:
    vehicle = load_vehicle(CARS[service[:2]])
    return Evcc(vehicle, codec, recorder, "lo", sdp_target="::1", sdp_port=secc.sdp_port, patience_s=15, **options)


def names(recorder: Recorder, direction: str) -> list[str]:
    """Message names one way, repetitions in a row once."""
    found: list[str] = []
    for event in recorder.events:
        if event.kind == "v2g.message" and event.data["dir"] == direction:
            name = event.data["name"]
            if not found or found[-1] != name:
                found.append(name)
    return found


def loops(recorder: Recorder, direction: str) -> list[Event]:
    return [
        e
        for e in recorder.events
        if e.kind == "v2g.message" and e.data["dir"] == direction and "ChargeLoop" in e.data["name"]
    ]


START = [
    "supportedAppProtocolReq",
    "SessionSetupReq",
    "AuthorizationSetupReq",
    "AuthorizationReq",
    "ServiceDiscoveryReq",
    "ServiceDetailReq",
    "ServiceSelectionReq",
]
DC_SEQUENCE = [
    *START,
    "DC_ChargeParameterDiscoveryReq",
    "ScheduleExchangeReq",
    "DC_CableCheckReq",
    "DC_PreChargeReq",
    "PowerDeliveryReq",
    "DC_ChargeLoopReq",
    "PowerDeliveryReq",
    "DC_WeldingDetectionReq",
    "SessionStopReq",
]
AC_SEQUENCE = [
    *START,
    "AC_ChargeParameterDiscoveryReq",
    "ScheduleExchangeReq",
    "PowerDeliveryReq",
    "AC_ChargeLoopReq",
    "PowerDeliveryReq",
    "SessionStopReq",
]


@pytest.mark.parametrize("service", ["DC_BPT", "AC_BPT"])
def test_dynamic_session_follows_the_charger_into_discharge(
    service: str, codec: Codec, recorder: Recorder, secc: PackageSecc
) -> None:
    """In Dynamic mode the charger's setpoint rules: the car charges, then discharges when told, and stops in order."""
    asked: list[float] = []
    pilot: list[str] = []

    async def on_target(power_w: float) -> None:
        asked.append(power_w)

    async def on_pilot(state: str) -> None:
        pilot.append(state)

    async def run() -> None:
        secc.tell("3000")
        evcc = car(service, codec, recorder, secc)
        async with ChargingSession(evcc, service, "Dynamic", on_target=on_target, pilot=on_pilot) as session:
            await session.until(lambda s: abs(s.present.power_w - 3000) < 30, "charging at 3 kW", 10)
            secc.tell("-5000")
            await session.until(lambda s: abs(s.present.power_w + 5000) < 30, "discharging at 5 kW", 10)
            assert session.target.power_w == pytest.approx(-5000, abs=30)
            assert evcc.battery.power_w == session.present.power_w
        assert session.failure is None

    asyncio.run(run())
    assert names(recorder, "out") == (DC_SEQUENCE if service == "DC_BPT" else AC_SEQUENCE)
    assert min(asked) == pytest.approx(-5000, abs=30)
    assert pilot == ["C", "B"]
    assert all(next(iter(e.data["payload"].values()))["ResponseCode"].startswith("OK") for e in loops(recorder, "in"))
    assert [e.data["what"] for e in recorder.events if e.kind == "v2g.connection"][-1] == "closed"
    assert (
        f"BPT_Dynamic_{service[:2]}_CLReqControlMode"
        in loops(recorder, "out")[0].data["payload"][f"{service[:2]}_ChargeLoopReq"]
    )


@pytest.mark.parametrize("service", ["DC_BPT", "AC_BPT"])
def test_scheduled_session_discharges_when_the_car_wants_to(
    service: str, codec: Codec, recorder: Recorder, secc: PackageSecc
) -> None:
    """In Scheduled mode the car decides: it takes over the charger's schedule and discharges by a negative wish."""

    async def run() -> None:
        secc.tell("-5000")
        evcc = car(service, codec, recorder, secc)
        async with ChargingSession(evcc, service, "Scheduled", want_w=-800) as session:
            await session.until(lambda s: abs(s.present.power_w + 800) < 20, "discharging at 800 W", 10)
        assert evcc.offers[0].tuple_id == 1

    asyncio.run(run())
    selected = [
        e.data["payload"]["PowerDeliveryReq"] for e in recorder.events if e.data.get("name") == "PowerDeliveryReq"
    ]
    profile = selected[0]["EVPowerProfile"]
    assert profile["Scheduled_EVPPTControlMode"]["SelectedScheduleTupleID"] == 1
    if service == "DC_BPT":
        last = loops(recorder, "out")[-1].data["payload"]["DC_ChargeLoopReq"]["BPT_Scheduled_DC_CLReqControlMode"]
        assert last["EVTargetCurrent"]["Value"] < 0


def test_tls_13_with_the_cars_own_certificate(codec: Codec, recorder: Recorder, secc: PackageSecc) -> None:
    """Over TLS the trace holds version, cipher, group and the charger's name, read at the socket."""
    tls = TlsConfig(
        secc.pki.v2g_root, certificate=secc.pki.ev_chain, key=secc.pki.ev_key, key_password=PASSWORD.decode()
    )

    async def run() -> None:
        evcc = car("DC_BPT", codec, recorder, secc, tls=tls)
        await evcc.discover()
        await evcc.connect()
        await evcc.negotiate()
        response = await evcc.session_setup()
        assert response["ResponseCode"] == "OK_NewSessionEstablished"
        await evcc.session_stop()
        await evcc.close()

    asyncio.run(run())
    facts = next(e.data["tls"] for e in recorder.events if e.data.get("what") == "tls")
    assert facts["version"] == "TLSv1.3"
    assert facts["cipher"].startswith("TLS_")
    assert facts["group"] == "secp256r1"
    assert facts["peer_subject"] == "commonName=SECC"
    assert facts["verified"] is True


def test_wrong_session_id_is_put_on_the_wire_and_refused(codec: Codec, recorder: Recorder, secc: PackageSecc) -> None:
    """A step's session id, fields and octets can be replaced; the answer comes back whatever its code."""

    async def run() -> None:
        evcc = car("DC_BPT", codec, recorder, secc)
        await evcc.discover()
        await evcc.connect()
        await evcc.negotiate()
        await evcc.session_setup(edit=lambda m: m | {"SessionSetupReq": m["SessionSetupReq"] | {"EVCCID": "EDITED"}})
        response = await evcc.authorization_setup(session_id="1111111111111111")
        assert response["ResponseCode"] == "FAILED_UnknownSession"
        await evcc.close()

    asyncio.run(run())
    sent = [e.data["payload"] for e in recorder.events if e.kind == "v2g.message" and e.data["dir"] == "out"]
    assert sent[1]["SessionSetupReq"]["EVCCID"] == "EDITED"
    assert sent[2]["AuthorizationSetupReq"]["Header"]["SessionID"] == "1111111111111111"


def test_terminate_from_the_charger_ends_the_session_in_order(
    codec: Codec, recorder: Recorder, secc: PackageSecc
) -> None:
    """EVSENotification Terminate makes the car stop power, say goodbye and close by itself."""

    async def run() -> None:
        secc.tell("2000")
        async with ChargingSession(car("AC_BPT", codec, recorder, secc), "AC_BPT", "Dynamic") as session:
            secc.tell("notify Terminate")
            await session.until(lambda s: not s.running or s.notification == "Terminate", "the notification", 10)
        assert session.notification == "Terminate"
        assert session.failure is None

    try:
        asyncio.run(run())
    finally:
        secc.tell("notify")
    assert names(recorder, "out")[-2:] == ["PowerDeliveryReq", "SessionStopReq"]


def test_a_failed_answer_ends_the_session_with_its_code(codec: Codec, recorder: Recorder, secc: PackageSecc) -> None:
    """A FAILED response code inside the loop is kept as the session's failure, and nothing more is sent."""

    async def run() -> None:
        async with ChargingSession(car("AC_BPT", codec, recorder, secc), "AC_BPT", "Dynamic") as session:
            session.evcc.session_id = "2222222222222222"
            with pytest.raises(Refused) as refused:
                await session.until(lambda s: False, "the refusal", 10)
            assert refused.value.code == "FAILED_UnknownSession"

    asyncio.run(run())
    assert names(recorder, "out")[-1] == "AC_ChargeLoopReq"


def test_a_service_that_is_not_offered(codec: Codec, recorder: Recorder, secc: PackageSecc) -> None:
    """Asking for what the charger lacks names what it does offer, and the session is stopped in order."""

    async def run() -> None:
        evcc = car("DC_BPT", codec, recorder, secc)
        with pytest.raises(NotOffered, match="offered: Dynamic, Scheduled"):
            async with ChargingSession(evcc, "DC_BPT", "Scheduled", mobility_needs="SECC"):
                raise AssertionError("entered a session that was not offered")

    asyncio.run(run())
    assert names(recorder, "out")[-1] == "SessionStopReq"
