"""The network between station and CSMS, as the CSMS's end can play it: refused, closed, or dead without a word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol

from harness.trace import Recorder

Cut = Literal["reset", "close", "blackhole", "busy"]
_CUTS = ("reset", "close", "blackhole", "busy")


class Freezable(Protocol):
    """A connection, as far as its network can be taken away."""

    def freeze(self) -> None: ...
    def thaw(self) -> None: ...
    def abort(self, who: str | None, reason: str) -> None: ...


class Sockets(Protocol):
    """The listener whose network this is."""

    recorder: Recorder

    @property
    def connections(self) -> Sequence[Freezable]: ...
    async def listen(self) -> None: ...
    async def unlisten(self) -> None: ...
    async def disconnect(self, identity: str | None = None, reason: str = ...) -> Any: ...


class Network:
    """`cut` and `restore`. Each is recorded as a `bench.action` of the role "csms.network"."""

    def __init__(self, csms: Sockets) -> None:
        self._csms = csms
        self.down: Cut | None = None

    async def cut(self, how: Cut = "reset") -> None:
        """Take the network away.

        "reset": TCP connections are reset and new ones refused; the station notices at once.
        "close": WebSockets are closed properly first, then new connections are refused.
        "blackhole": nothing is closed, nothing is answered any more, also not to new connections; the station
        notices only by its own pings or timeouts.
        "busy": connections are reset, and whoever comes is turned away with HTTP 503, as by a backend under repair:
        each attempt is seen. Raises ValueError for anything else.
        """
        if how not in _CUTS:
            raise ValueError(f"cut {how!r} is not known; there are: {', '.join(_CUTS)}")
        self._csms.recorder.record("provoked", "harness", {"what": "the network is cut", "how": how})
        self._tell(f"cut:{how}")
        self.down = how
        if how == "blackhole":
            for conn in self._csms.connections:
                conn.freeze()
            return
        if how != "busy":
            await self._csms.unlisten()
        if how == "close":
            await self._csms.disconnect(reason="the network is about to be cut")
        for conn in self._csms.connections:
            conn.abort("harness", "the network was cut")

    async def restore(self, existing: Literal["reset", "resume", "leave"] = "reset") -> None:
        """Give the network back.

        After a "blackhole", connections that outlived it are reset (as after a router's restart), resumed (as TCP
        does after a short loss), or left as they are: dead, and nobody has told the station (half-open).
        """
        was, self.down = self.down, None
        self._tell(f"restore:{existing}" if was == "blackhole" else "restore")
        if was == "blackhole":
            for conn in self._csms.connections:
                if existing == "resume":
                    conn.thaw()
                elif existing == "reset":
                    conn.abort("harness", "lost while the network was cut")
        await self._csms.listen()

    def joined(self, conn: Freezable) -> None:
        """A TCP connection came; in a blackhole nobody answers it."""
        if self.down == "blackhole":
            conn.freeze()

    def _tell(self, command: str) -> None:
        self._csms.recorder.record(
            "bench.action", "harness", {"role": "csms.network", "command": command, "reply": "done"}
        )
