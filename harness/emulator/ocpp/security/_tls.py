"""TLS as embedded stacks do it: a handshake that fails ends with an alert that says why.

asyncio drops the connection with the alert still in its buffer. Here the alert goes out on the socket before the error
is told to asyncio, which then closes.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from typing import Any


class _Telling(ssl.SSLObject):
    """One TLS connection; `tell` takes the last bytes of a handshake that failed."""

    context_of: TellingContext
    outgoing: ssl.MemoryBIO

    def do_handshake(self) -> None:
        try:
            super().do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except ssl.SSLError:
            self.context_of.tell(self.outgoing.read())
            raise


class TellingContext(ssl.SSLContext):
    """Settings of one connection attempt over the TCP connection `wire`. Without `says_why` it closes silently."""

    sslobject_class: Any = _Telling
    wire: socket.socket | None = None
    says_why: bool = True

    def wrap_bio(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        made = super().wrap_bio(incoming, outgoing, *args, **kwargs)
        assert isinstance(made, _Telling)
        made.context_of, made.outgoing = self, outgoing
        return made

    def tell(self, last_words: bytes) -> None:
        """Send the alert. What was before it has left asyncio's buffers: the other side has answered it."""
        if self.wire is not None and self.says_why and last_words:
            with contextlib.suppress(OSError):
                self.wire.send(last_words)


async def tcp(host: str, port: int) -> socket.socket:
    """A TCP connection to the first address of `host` that answers, for asyncio. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    trouble: OSError = ConnectionError(f"{host} has no address")
    for family, kind, protocol, _name, address in found:
        wire = socket.socket(family, kind, protocol)
        wire.setblocking(False)
        try:
            await loop.sock_connect(wire, address)
        except OSError as error:
            wire.close()
            trouble = error
        except BaseException:
            wire.close()
            raise
        else:
            return wire
    raise trouble
