"""SECC discovery: tells a car on the link where to connect, and whether with TLS."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import struct
from typing import Any

from iso15118.shared.exceptions import InvalidSDPRequestError, InvalidV2GTPMessageError
from iso15118.shared.messages.enums import ISOV2PayloadTypes, Protocol
from iso15118.shared.messages.sdp import SDPRequest, Security, create_sdp_response
from iso15118.shared.messages.v2gtp import V2GTPMessage

from harness.emulator.secc.controller._power import EvseController

SDP_PORT = 15118
_GROUP = "ff02::1"


class SdpServer(asyncio.DatagramProtocol):
    """Answers every valid request, also during a session: a car that lost its connection starts here again."""

    def __init__(self, controller: EvseController, host: str, plain_port: int | None, tls_port: int | None) -> None:
        self._controller = controller
        self._host = socket.inet_pton(socket.AF_INET6, host)
        self._plain_port = plain_port
        self._tls_port = tls_port
        self._transport: asyncio.DatagramTransport | None = None
        self.answering = False

    async def bind(self, interface: str) -> None:
        """Bind UDP 15118 on one interface. Raises OSError that says who is in the way."""
        listening = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        try:
            with contextlib.suppress(PermissionError):  # older kernels: only root; then all interfaces are heard
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode() + b"\0")
            try:
                listening.bind(("::", SDP_PORT))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise OSError(
                        errno.EADDRINUSE, f"UDP {SDP_PORT} on {interface} is taken: another SECC runs in this network"
                    ) from error
                raise
            member = socket.inet_pton(socket.AF_INET6, _GROUP) + struct.pack("@I", socket.if_nametoindex(interface))
            with contextlib.suppress(OSError):  # lo does no multicast; unicast requests are answered all the same
                listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, member)
            listening.setblocking(False)
            loop = asyncio.get_running_loop()
            self._transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=listening)
        except BaseException:
            listening.close()
            raise

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """Answer a request; anything else is dropped in silence, as the standards ask."""
        if not self.answering:
            return
        try:
            message = V2GTPMessage.from_bytes(Protocol.UNKNOWN, data)
            if message.payload_type != ISOV2PayloadTypes.SDP_REQUEST:
                return
            request = SDPRequest.from_payload(message.payload)
        except (InvalidV2GTPMessageError, InvalidSDPRequestError, ValueError, IndexError):
            return
        asked_tls = request.security == Security.TLS
        tls = self._tls_port is not None and (asked_tls or self._plain_port is None)
        port = self._tls_port if tls else self._plain_port
        response = create_sdp_response(request, self._host, port, tls)
        answer = V2GTPMessage(Protocol.ISO_15118_2, ISOV2PayloadTypes.SDP_RESPONSE, response.to_payload())
        if self._transport is not None:
            self._transport.sendto(answer.to_bytes(), addr)
        self._controller.tell("sdp", remote=str(addr[0]), asked_tls=asked_tls, port=port, tls=tls)

    def close(self) -> None:
        """Stop listening."""
        if self._transport is not None:
            self._transport.close()
