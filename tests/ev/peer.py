"""A hand-made charger end: a socket that does what a test tells it, and a codec that needs no Java."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from ev_emulator import v2gtp
from ev_emulator.exi import Deviation, Reading

Script = Callable[["Side"], Awaitable[None]]


class JsonCodec:
    """An ExiCodec whose EXI is JSON: what is tested with it is everything but EXI."""

    def encode(self, message: dict[str, Any], namespace: str) -> bytes:
        return msgspec.json.encode(message)

    encode_as_written = encode

    def read(self, exi: bytes, namespace: str) -> Reading:
        try:
            found = msgspec.json.decode(exi)
        except msgspec.DecodeError as error:
            return Reading(None, (Deviation("form", "", 0, 0, f"not JSON: {error}", True),))
        if not isinstance(found, dict):
            return Reading(None, (Deviation("form", "", 0, 0, "not a message", True),))
        return Reading(found)


class Side:
    """The charger's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def request(self) -> dict[str, Any]:
        """The next request: {name: body}."""
        header = await self.reader.readexactly(8)
        payload = await self.reader.readexactly(int.from_bytes(header[4:], "big"))
        return msgspec.json.decode(payload)

    async def send(self, octets: bytes) -> None:
        self.writer.write(octets)
        await self.writer.drain()


def answer(name: str, payload_type: int = 0x8002, **body: Any) -> bytes:
    """A response frame as the JsonCodec reads it."""
    header = {"SessionID": "0102030405060708", "TimeStamp": 1}
    return v2gtp(msgspec.json.encode({name: {"Header": header, "ResponseCode": "OK"} | body}), payload_type)


async def serve(script: Script, context: ssl.SSLContext | None = None) -> tuple[asyncio.Server, int]:
    """A server on ::1 that runs `script` for each connection; returns it and its port."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await script(Side(reader, writer))
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "::1", 0, ssl=context)
    return server, server.sockets[0].getsockname()[1]
