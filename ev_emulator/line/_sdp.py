"""SECC discovery (ISO 15118-20, 7.10): ask the link who the charger is, by IPv6 multicast."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from ev_emulator._errors import V2gError
from ev_emulator.line import _v2gtp

MULTICAST = "ff02::1"
PORT = 15118
TLS, NO_TLS = 0x00, 0x10
TCP = 0x00
# [V2G2-159], [V2G2-161]: an unanswered request is repeated every 250 ms, fifty times at most.
REPEAT_S = 0.25
REPEATS = 50


class SdpError(V2gError):
    """The datagram is not an SDP response."""


@dataclass(frozen=True)
class SdpResponse:
    """What the charger said: where it listens and whether with TLS (`security` 0x00 TLS, 0x10 none)."""

    host: str
    port: int
    security: int
    transport: int

    @property
    def tls(self) -> bool:
        """Whether the charger expects TLS."""
        return self.security == TLS


def request(*, tls: bool) -> bytes:
    """An SDP request, header included."""
    return _v2gtp.v2gtp(bytes((TLS if tls else NO_TLS, TCP)), _v2gtp.SDP_REQUEST)


def parse_response(datagram: bytes) -> SdpResponse:
    """Read an SDP response. Raises SdpError."""
    try:
        frames = _v2gtp.FrameReader().feed(datagram)
    except _v2gtp.FramingError as error:
        raise SdpError(str(error)) from error
    if len(frames) != 1 or frames[0].payload_type != _v2gtp.SDP_RESPONSE or len(frames[0].payload) != 20:
        raise SdpError(f"{len(datagram)} octets that are not an SDP response: {datagram[:40].hex()}")
    address, port, security, transport = struct.unpack("!16sHBB", frames[0].payload)
    return SdpResponse(str(ipaddress.IPv6Address(address)), port, security, transport)


class SdpSocket(asyncio.DatagramProtocol):
    """The car's SDP socket; `heard` is called at once with every datagram and its sender."""

    def __init__(self, heard: Callable[[bytes, str], None]) -> None:
        self._heard = heard
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    async def open(cls, interface: str, heard: Callable[[bytes, str], None]) -> SdpSocket:
        """A UDP socket that multicasts on `interface`. Raises OSError when there is no such interface."""
        try:
            scope = socket.if_nametoindex(interface)
        except OSError as error:
            raise OSError(f"no network interface {interface!r}") from error
        made = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        made.setblocking(False)
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, scope)
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
        made.bind(("::", 0))
        loop = asyncio.get_running_loop()
        _, protocol = await loop.create_datagram_endpoint(lambda: cls(heard), sock=made)
        return protocol

    def send(self, datagram: bytes, target: str, interface: str, port: int = PORT) -> None:
        """Send to `target` through `interface`."""
        assert self._transport is not None
        scope = (
            socket.if_nametoindex(interface) if ipaddress.ip_address(target).is_link_local or target == MULTICAST else 0
        )
        self._transport.sendto(datagram, (target, port, 0, scope))

    def close(self) -> None:
        """Close the socket."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio's hook."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """asyncio's hook."""
        self._heard(data, addr[0])
