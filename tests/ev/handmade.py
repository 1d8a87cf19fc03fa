"""A hand-made ISO 15118-20 charger that speaks JSON for EXI, found by SDP, for whole sessions without a SECC."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import struct
from collections.abc import AsyncIterator
from typing import Any

from ev_emulator import v2gtp
from tests.ev.peer import Side, answer, serve

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
    """Answers every request with OK; `joins`: a known id is joined, and then only charge parameters may follow.

    `codes` names the ResponseCodes of some answers, by what is asked ("Authorization").
    """

    def __init__(self, *, joins: bool = False, codes: dict[str, str] | None = None) -> None:
        self.joins, self.codes, self.heard, self.connections = joins, codes or {}, list[str](), 0

    async def serve_one(self, side: Side) -> None:
        self.connections += 1
        joined = False
        while True:
            name, body = next(iter((await side.request()).items()))
            self.heard.append(name)
            stem = name.removesuffix("Req")
            code = self.codes.get(stem, "OK")
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


@contextlib.asynccontextmanager
async def serving(charger: Charger) -> AsyncIterator[dict[str, Any]]:
    """The charger on ::1; gives the options with which a car finds it."""
    server, port = await serve(charger.serve_one)
    udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    udp.bind(("::1", 0))
    sdp, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: Sdp(port), sock=udp)
    try:
        yield {"sdp_target": "::1", "sdp_port": udp.getsockname()[1], "patience_s": 5}
    finally:
        sdp.close()
        server.close()
