"""The listener of the CSMS: it accepts connections, admits stations and keeps one handle for each identity."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from harness.csms._config import CsmsConfig
from harness.csms._schemas import book_for
from harness.csms.door._admission import admission
from harness.csms.door._purse import Spending
from harness.csms.door._strangers import Strangers
from harness.csms.files._files import FileServer
from harness.csms.line._connection import Connection
from harness.csms.line._hub import Refusal
from harness.csms.line._local_process import process_at
from harness.csms.line._network import Network
from harness.csms.line._websocket import Oversize, Text
from harness.csms.pki._pki import Pki
from harness.csms.station._answers import DEFAULT_ANSWERS
from harness.csms.station._backend import Answerer, Asking, Guard
from harness.csms.station._signing import Signings
from harness.csms.station._station import Station
from harness.csms.tls._contexts import server_context
from harness.csms.tls._old_tls import OldTlsPipe
from harness.csms.tls._tls_pipe import TlsPipe
from harness.trace import Recorder

_WIRE = ("ocpp.", "tls.")
_MOST_STATIONS = 1000  # identities that may ever connect, when any may


class Listener:
    """The CSMS below its face: sockets, TLS, admission, and who is connected. See Csms."""

    def __init__(self, recorder: Recorder, config: CsmsConfig | None = None) -> None:
        self.recorder = recorder
        self.config = config or CsmsConfig()
        self.versions = self.config.versions
        for version in self.versions:  # loaded here: in the middle of a session it would hold everything up
            book_for(version)
        self.allowed_energy_transfer = self.config.allowed_energy_transfer
        self.scenario = "good"
        self.stations: dict[str, Station] = {}
        self.changed = asyncio.Event()
        self.guard: Guard | None = None
        self.network = Network(self)
        tls = self._files_context if self.config.secure else None
        self.files = FileServer(
            recorder, self.config.listen_host, self.config.host_names[0], tls, self.config.budgets, self._has_logged_in
        )
        self._connections: dict[int, Connection] = {}
        self._hosts: set[str] = set()  # from where somebody logged in
        self._numbers = max((e.data.get("conn") or 0 for e in recorder.events if e.kind.startswith(_WIRE)), default=0)
        self.charger_process: int | None = None  # its number, when a campaign started the charger itself
        self._processes: dict[int, None] = {}  # that have connected
        self._handshakes_after = -1
        self._answers: dict[str, Answerer] = {}
        self._server: asyncio.Server | None = None
        self._port = self.config.port
        self._pki: Pki | None = None
        self._temporary: TemporaryDirectory[str] | None = None
        self._control_ports: dict[int, tuple[str, int]] = {}  # the kind of certificate to show there, and its turn
        self._turn = 0  # of the hostile scenario: how many handshakes began in it, but for our own client's
        self._signings = Signings(lambda: self.pki, lambda: self.config)
        budgets = self.config.budgets
        self._strangers = Strangers(
            recorder, "attempts to connect", budgets.attempts, budgets.addresses, budgets.all_attempts
        )
        self._shared = Spending(budgets)  # of all, where any identity is let in

    # --- life -------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Make the certificates if TLS asks for them, and listen. Raises OSError when the port is taken."""
        if self.config.secure:  # RSA keys take their time, and the bench goes on meanwhile
            await asyncio.to_thread(lambda: self.pki)
        await self.files.start()
        await self.listen()

    async def stop(self) -> None:
        """Close every connection and the listener."""
        await self.unlisten()
        self._signings.cancel()
        for conn in list(self._connections.values()):
            conn.close(1001, "the CSMS is shutting down")
        loop = asyncio.get_running_loop()
        deadline = loop.time() + 1.0
        while self._connections and loop.time() < deadline:
            await self._change(0.1)
        for conn in list(self._connections.values()):
            conn.abort("harness", "the CSMS is shutting down")
        while self._connections and loop.time() < deadline + 1.0:
            await self._change(0.1)
        self._strangers.close()
        await self.files.stop()
        if self._temporary is not None:
            self._temporary.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def listen(self) -> None:
        """Open the listener (again, on the same port)."""
        if self._server is not None:
            return
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._accepted, self.config.listen_host, self._port, reuse_address=True)
        self._port = int(self._server.sockets[0].getsockname()[1])

    async def unlisten(self) -> None:
        """Close the listener; new connections are refused by the operating system."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _files_context(self) -> ssl.SSLContext:
        return server_context(self.pki, "good", None, client_certificates=False)

    # --- where and with what a station connects ---------------------------------------------------------------------

    @property
    def port(self) -> int:
        """The TCP port that is listened on."""
        return self._port

    def url(self, identity: str = "", host: str | None = None) -> str:
        """The OCPP-J endpoint URL; with an identity the connection URL of that station."""
        name = host or self.host_name
        where = f"[{name}]" if ":" in name else name
        scheme = "wss" if self.config.secure else "ws"
        tail = f"/{quote(identity, safe='')}" if identity else ""
        return f"{scheme}://{where}:{self.port}{self.config.path}{tail}"

    @property
    def host_name(self) -> str:
        """What a station reaches this CSMS by: the first of `host_names` when TLS or a wildcard needs a name."""
        listen = self.config.listen_host
        return self.config.host_names[0] if self.config.secure or listen in ("0.0.0.0", "::") else listen

    @property
    def pki(self) -> Pki:
        """The certificates of this CSMS; made when first asked for, in `config.pki_dir` or a folder of its own."""
        if self._pki is None:
            folder = self.config.pki_dir
            if folder is None:
                self._temporary = TemporaryDirectory(prefix="chargeproof-pki-")
                folder = Path(self._temporary.name)
            self._pki = Pki.create(folder, host_names=self.config.host_names, algorithm=self.config.key_algorithm)
        return self._pki

    def now(self) -> str:
        """The time this CSMS tells stations: UTC, milliseconds (OCPP allows three decimals)."""
        return self.recorder.clock.utc()[:23] + "Z"

    async def disconnect(
        self, identity: str | None = None, reason: str = "asked to reconnect", code: int = 1001
    ) -> None:
        """Close the WebSocket of a station (of all without identity) and wait until it is gone; it should come back."""
        open_now = [c for c in self._connections.values() if c.is_open and identity in (None, c.identity)]
        for conn in open_now:
            conn.close(code, reason)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + 5.0
        while any(c.number in self._connections for c in open_now) and loop.time() < deadline:
            await self._change(0.1)

    def answerer(self, action: str) -> Answerer | None:
        """What answers `action`; None when a CSMS does not receive it."""
        return self._answers.get(action) or DEFAULT_ANSWERS.get(action)

    # --- what connections ask and tell (the Hub) --------------------------------------------------------------------

    def tls_pipe(self, scenario: str, port: int) -> TlsPipe:
        """A TLS server for the connection from `port`: the kind of certificate that the client can use is shown."""

        def context_of(kind: str | None) -> ssl.SSLContext:
            mutual = self.config.security_profile == 3
            return server_context(self.pki, scenario, kind, client_certificates=mutual, turn=turn)

        kind, turn = self._control_ports.get(port, (None, self._turn))
        if kind is None and scenario != "good":
            self._turn += 1
        if scenario == "old_tls":  # old suites follow other rules: OpenSSL chooses among both kinds
            return OldTlsPipe(context_of, (kind,) if kind else ())
        return TlsPipe(context_of, (kind,) if kind else self.pki.kinds)

    def is_control(self, port: int) -> bool:
        """Whether the connection from this port is our own control client's."""
        return port in self._control_ports

    def process_at(self, remote: tuple[Any, ...], local: tuple[Any, ...] | None) -> int | None:
        """The process on this machine at the other end; None when it is elsewhere, or not known."""
        started = () if self.charger_process is None else (self.charger_process,)
        found = process_at(remote, local, (*started, *self._processes)) if local is not None else None
        if found is not None:
            self._processes[found] = None
        return found

    def is_started(self, process: int | None) -> bool | None:
        """Whether that is the charger that the campaign started itself; None when it started none, or not known."""
        return None if process is None or self.charger_process is None else process == self.charger_process

    def admit(self, conn: Connection, identity: str, authorization: str | None) -> Refusal | None:
        """None when identity and credentials are right."""
        if identity not in self.stations and len(self.stations) >= _MOST_STATIONS:
            return Refusal(503, f"{_MOST_STATIONS} identities have connected already")
        elsewhere = self.config.other_path and (conn.path or "").startswith(f"{self.config.other_path}/")
        if self.network.down == "busy" and not elsewhere:
            return Refusal(503, "the backend is under repair")
        spent = self.stations[identity].spending.spent if identity in self.stations else None
        der = conn.tls.peer_certificate() if conn.tls is not None else None
        refusal = admission(self.config, identity, authorization, der)
        if refusal is None and spent:
            return Refusal(503, f"it has used up what it may have ({spent}); it may come again later")
        return refusal

    def spending(self) -> Spending:
        """The purses of a charger that comes for the first time."""
        return self._shared if self.config.identities is None else Spending(self.config.budgets)

    def may_tell(self, conn: Connection) -> bool:
        """Whether the trace shall tell of an attempt from this address, should it not come to a login."""
        return self._strangers.may_tell(conn.host)

    def choose(self, offered: list[str]) -> str | None:
        """The station's most preferred version that is spoken here."""
        return next((version for version in offered if version in self.versions), None)

    def attached(self, conn: Connection) -> bool:
        """A TCP connection was accepted; False when there are too many.

        Who has logged in stays. Of the others the oldest gives way, of the address that has most of them: whoever
        holds connections in stock cannot keep out one who comes and logs in.
        """
        self._connections[conn.number] = conn
        self.network.joined(conn)
        there = [each for each in self._connections.values() if not each.going]
        if len(there) <= self.config.max_connections:
            return True
        pending = [each for each in there if each.pending and not each.control]
        if pending == [conn]:
            return False
        held = Counter(each.host for each in pending)
        victim = max((each for each in pending if each is not conn), key=lambda each: (held[each.host], -each.number))
        victim.give_way(f"too many connections at once, {held[victim.host]} of them from this address")
        return True

    def opened(self, conn: Connection) -> None:
        """A station's WebSocket is open: the newest connection of an identity is the one that counts."""
        assert conn.identity is not None
        if len(self._hosts) < self.config.budgets.addresses:
            self._hosts.add(conn.host)
            self._strangers.favour(conn.host, self.config.budgets.known_attempts)
        station = self.stations.get(conn.identity)
        if station is None:
            station = self.stations[conn.identity] = Station(self, conn.identity)
        for each in self._connections.values():  # one that was asked to go, and takes its time
            if each is not conn and each.identity == conn.identity and each.ended is not None and not each.going:
                each.abort("harness", "replaced")
        older = station.attach(conn)
        if older is not None and older.frozen:  # it was left dead: nobody is there to be asked to go
            older.abort("harness", "lost when the network was cut")
        elif older is not None and older.is_open:
            older.ended = ("harness", f"replaced by connection {conn.number} of the same identity")
            older.cause = "replaced"
            older.close(1001, "replaced by a newer connection")
        self.changed.set()

    def received(self, conn: Connection, text: Text) -> None:
        """A message came."""
        if conn.identity is not None and conn.identity in self.stations:
            self.stations[conn.identity].take(conn, text)

    def aside(self, conn: Connection, frames: int) -> None:
        """So many frames came that are no message."""
        if conn.identity is not None and conn.identity in self.stations:
            self.stations[conn.identity].take_asides(conn, frames)

    def oversize(self, conn: Connection, huge: Oversize) -> None:
        """A message came that was too large to take in."""
        if conn.identity is not None and conn.identity in self.stations:
            self.stations[conn.identity].take_oversize(conn, huge)

    def lost(self, conn: Connection) -> None:
        """The TCP connection is gone."""
        self._connections.pop(conn.number, None)
        if conn.identity is not None and conn.identity in self.stations:
            self.stations[conn.identity].detach(conn)
        self.changed.set()

    def _has_logged_in(self, host: str) -> bool:
        """Whether somebody logged in from this address; True also where nobody has yet, and none can be told apart."""
        return host in self._hosts or not self._hosts

    def sign_later(self, station: Asking, payload: dict[str, Any]) -> bool:
        """Sign the CSR of a SignCertificate and push the chain back (A02/A03); False when too many wait already."""
        return self._signings.take(station, payload)

    @property
    def connections(self) -> list[Connection]:
        """All TCP connections there are."""
        return list(self._connections.values())

    def _accepted(self) -> Connection:
        self._numbers += 1
        return Connection(self, self._numbers)

    async def _change(self, within_s: float) -> None:
        self.changed.clear()
        try:
            await asyncio.wait_for(self.changed.wait(), within_s)
        except TimeoutError:
            return
