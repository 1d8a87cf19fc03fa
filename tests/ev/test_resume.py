"""A paused session taken up again, with hand-made chargers that join the old session or start a new one."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import struct
from typing import Any

import pytest

from ev_emulator import ChargingSession, Evcc, V2gError, load_vehicle, v2gtp
from harness.trace import Recorder
from tests.ev.peer import JsonCodec, Side, answer, serve

OLD = "0102030405060708"  # the id in every answer of the hand-made charger
SERVICE = {"Name": "ControlMode", "intValue": 2}
CONTENTS: dict[str, dict[str, Any]] = {
    "supportedAppProtocol": {"ResponseCode": "OK_SuccessfulNegotiation", "SchemaID": 1},
    "Authorization": {"EVSEProcessing": "Finished"},
    "ServiceDiscovery": {"EnergyTransferServiceList": {"Service": [{"ServiceID": 5}]}},
    "ServiceDetail": {"ServiceParameterList": {"ParameterSet": [{"ParameterSetID": 3, "Parameter": [SERVICE]}]}},
    "ScheduleExchange": {"EVSEProcessing": "Finished", "Dynamic_SEResControlMode": {}},
    "AC_ChargeLoop": {"BPT_Dynamic_AC_CLResControlMode": {"EVSETargetActivePower": {"Exponent": 0, "Value": -3000}}},
}


class Charger:
    """Answers every request with OK; `joins`: a known id is joined, and then only charge parameters may follow."""

    def __init__(self, *, joins: bool) -> None:
        self.joins, self.heard, self.connections = joins, list[str](), 0

    async def serve_one(self, side: Side) -> None:
        self.connections += 1
        joined = False
        while True:
            name, body = next(iter((await side.request()).items()))
            self.heard.append(name)
            stem = name.removesuffix("Req")
            code = "OK"
            if stem == "SessionSetup":
                joined = self.joins and body["Header"]["SessionID"] == OLD
                code = "OK_OldSessionJoined" if joined else "OK_NewSessionEstablished"
            elif joined and stem in ("AuthorizationSetup", "ServiceDiscovery"):
                code = "FAILED_SequenceError"
            await side.send(answer(f"{stem}Res", **({"ResponseCode": code} | CONTENTS.get(stem, {}))))


class Sdp(asyncio.DatagramProtocol):
    """Says to everybody where the charger is."""

    def __init__(self, port: int) -> None:
        self._answer = v2gtp(struct.pack("!16sHBB", ipaddress.IPv6Address("::1").packed, port, 0x10, 0), 0x9001)

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._transport.sendto(self._answer, addr)


def pause_and_return(recorder: Recorder, charger: Charger, *, forgets: bool = False) -> ChargingSession:
    """Two sessions of one car with a pause between them; the second one, ended in order. `forgets`: another car."""

    async def run() -> ChargingSession:
        server, port = await serve(charger.serve_one)
        udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        udp.bind(("::1", 0))
        sdp, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: Sdp(port), sock=udp)
        where: dict[str, Any] = {"sdp_target": "::1", "sdp_port": udp.getsockname()[1], "patience_s": 5}
        car = load_vehicle("bidirectional_ac_11kw")
        evcc = Evcc(car, JsonCodec(), recorder, "lo", **where)
        try:
            async with ChargingSession(evcc, "AC_BPT", "Dynamic", period_s=0.02) as first:
                await first.until(lambda s: s.cycles > 1, "two loops", 5)
                await first.stop("Pause")
            if forgets:
                evcc = Evcc(car, JsonCodec(), recorder, "lo", **where)
                evcc.session_id = OLD
            charger.heard.clear()
            async with ChargingSession(evcc, "AC_BPT", "Dynamic", period_s=0.02, resume=True) as second:
                await second.until(lambda s: s.present.power_w == -3000, "discharge", 5)
            return second
        finally:
            sdp.close()
            server.close()

    return asyncio.run(run())


def once(names: list[str]) -> list[str]:
    """Repetitions in a row once."""
    return [name for at, name in enumerate(names) if at == 0 or names[at - 1] != name]


LATER = ["AC_ChargeParameterDiscoveryReq", "ScheduleExchangeReq", "PowerDeliveryReq", "AC_ChargeLoopReq"]
END = ["PowerDeliveryReq", "SessionStopReq"]


def test_a_joined_session_goes_on_with_its_charge_parameters(recorder: Recorder) -> None:
    """After OK_OldSessionJoined ChargeParameterDiscovery is the one request allowed [V2G20-1032], [V2G20-1843]."""
    charger = Charger(joins=True)
    session = pause_and_return(recorder, charger)
    assert session.failure is None
    assert once(charger.heard) == ["supportedAppProtocolReq", "SessionSetupReq", *LATER, *END]
    assert charger.connections == 2


def test_a_charger_that_starts_anew_is_followed_through_all_steps(recorder: Recorder) -> None:
    """A charger may answer with a new session [V2G20-2626]: then authorisation and service are agreed on again."""
    charger = Charger(joins=False)
    assert pause_and_return(recorder, charger).failure is None
    begun = ["supportedAppProtocolReq", "SessionSetupReq", "AuthorizationSetupReq", "AuthorizationReq"]
    chosen = ["ServiceDiscoveryReq", "ServiceDetailReq", "ServiceSelectionReq"]
    assert once(charger.heard) == [*begun, *chosen, *LATER, *END]


def test_a_car_that_never_agreed_on_a_service_says_so(recorder: Recorder) -> None:
    """Joined to a session whose service this car does not know, it says what is missing and asks for nothing more."""
    charger = Charger(joins=True)
    with pytest.raises(V2gError, match="no service selected"):
        pause_and_return(recorder, charger, forgets=True)
    assert charger.heard == ["supportedAppProtocolReq", "SessionSetupReq"]
