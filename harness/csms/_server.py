"""The CSMS: one listener that charging stations connect to, its stations, and its misbehaviour on request."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any
from urllib.parse import quote

from cryptography import x509
from cryptography.x509.oid import NameOID

from harness.csms._answers import DEFAULT_ANSWERS, Answerer
from harness.csms._basic import basic_credentials
from harness.csms._config import CsmsConfig
from harness.csms._connection import Connection
from harness.csms._contexts import server_context
from harness.csms._control import shake_hands
from harness.csms._exchange import NotSeen
from harness.csms._files import FileServer
from harness.csms._hub import Refusal
from harness.csms._network import Network
from harness.csms._old_tls import OldTlsPipe
from harness.csms._pki import SCENARIOS, Pki
from harness.csms._signing import push_certificate
from harness.csms._station import Station
from harness.csms._tls_pipe import TlsPipe
from harness.csms._websocket import Oversize, Text
from harness.trace import Event, Recorder


class Csms:
    """The backend role. `async with Csms(recorder, config) as csms:` listens; everything it sees goes to the recorder.

    `versions`, `allowed_energy_transfer` may be changed while it runs. Lives in the loop it was started in.
    """

    def __init__(self, recorder: Recorder, config: CsmsConfig | None = None) -> None:
        self.recorder = recorder
        self.config = config or CsmsConfig()
        self.versions = self.config.versions
        self.allowed_energy_transfer = self.config.allowed_energy_transfer
        self.scenario = "good"
        self.stations: dict[str, Station] = {}
        self.changed = asyncio.Event()
        self.network = Network(self)
        self.files = FileServer(recorder, self.config.listen_host, self.config.host_names[0])
        self._connections: dict[int, Connection] = {}
        self._numbers = 0
        self._answers: dict[str, Answerer] = {}
        self._server: asyncio.Server | None = None
        self._port = self.config.port
        self._pki: Pki | None = None
        self._temporary: TemporaryDirectory[str] | None = None
        self._control_ports: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    # --- life -------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Make the certificates if TLS asks for them, and listen. Raises OSError when the port is taken."""
        if self.config.secure:
            _ = self.pki
        await self.files.start()
        await self.listen()

    async def stop(self) -> None:
        """Close every connection and the listener."""
        await self.unlisten()
        for task in list(self._tasks):
            task.cancel()
        for conn in list(self._connections.values()):
            conn.close(1001, "the CSMS is shutting down")
        loop = asyncio.get_running_loop()
        deadline = loop.time() + 1.0
        while self._connections and loop.time() < deadline:
            await asyncio.sleep(0.01)
        for conn in list(self._connections.values()):
            conn.abort("harness", "the CSMS is shutting down")
        while self._connections and loop.time() < deadline + 1.0:
            await asyncio.sleep(0.01)
        await self.files.stop()
        if self._temporary is not None:
            self._temporary.cleanup()

    async def __aenter__(self) -> Csms:
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

    # --- stations ---------------------------------------------------------------------------------------------------

    async def station(self, identity: str | None = None, within_s: float = 60.0) -> Station:
        """The station of this identity (or the first to come) once it is connected and has booted.

        A station that is up already and does not boot again counts after it has spoken, or `boot_grace_s` after it
        connected. Raises NotSeen.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within_s

        def found() -> Station | None:
            return next((s for s in self.stations.values() if identity in (None, s.identity) and s.ready), None)

        ready = found()
        if ready is not None:
            return ready
        who = identity or "a charging station"
        with self.recorder.waiting(f"{who} to connect and boot", "dut", within_s):
            while (ready := found()) is None:
                left_s = deadline - loop.time()
                if left_s <= 0:
                    raise NotSeen(f"{who} did not connect and boot within {within_s:g} s")
                await self._change(min(left_s, 0.25))
        return ready

    def answer_with(self, action: str, answerer: Answerer) -> Callable[[], None]:
        """Answer CALLs of `action` with `answerer(payload, station)` from now on; returns what undoes it.

        It may return a payload, a CallError, None (say nothing), or an awaitable of these.
        """
        before = self._answers.get(action)
        self._answers[action] = answerer

        def undo() -> None:
            if before is None:
                self._answers.pop(action, None)
            else:
                self._answers[action] = before

        return undo

    def answerer(self, action: str) -> Answerer | None:
        """What answers `action`; None when a CSMS does not receive it."""
        return self._answers.get(action) or DEFAULT_ANSWERS.get(action)

    async def disconnect(self, identity: str | None = None, reason: str = "asked to reconnect") -> None:
        """Close the WebSocket of a station (of all without identity) and wait until it is gone; it should come back."""
        open_now = [c for c in self._connections.values() if c.is_open and identity in (None, c.identity)]
        for conn in open_now:
            conn.close(1001, reason)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + 5.0
        while any(c.number in self._connections for c in open_now) and loop.time() < deadline:
            await self._change(0.1)

    # --- misbehaviour -----------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def misbehaving(self, scenario: str) -> AsyncIterator[Csms]:
        """The next TLS handshakes are hostile, until left; then what was let in under it is disconnected.

        "wrong_host", "unknown_ca", "expired" present such a certificate; "old_tls" speaks TLS 1.1 at most.
        Raises ValueError for another scenario, or without TLS.
        """
        if scenario not in SCENARIOS:
            raise ValueError(f"scenario {scenario!r} is not known; there are: {', '.join(SCENARIOS)}")
        if not self.config.secure:
            raise ValueError("misbehaving in TLS needs security_profile 2 or 3")
        before, self.scenario = self.scenario, scenario
        try:
            yield self
        finally:
            self.scenario = before
            for conn in list(self._connections.values()):
                if conn.scenario == scenario != before:
                    conn.abort("harness", f"the {scenario} scenario is over")

    async def control_handshake(self, scenario: str | None = None, within_s: float = 10.0) -> Event:
        """Let a client that accepts everything shake hands here: the positive control of a hostile scenario.

        Returns its `tls.handshake` event, recorded with peer "control_client". `scenario` None is the current one.
        Raises NotSeen, and ValueError without TLS.
        """
        if not self.config.secure:
            raise ValueError("a TLS control handshake needs security_profile 2 or 3")
        before, self.scenario = self.scenario, scenario or self.scenario
        try:
            return await shake_hands(self, self._control_ports, within_s)
        finally:
            self.scenario = before

    async def next_handshake(
        self,
        peer: str = "dut",
        within_s: float = 60.0,
        since: Event | int | None = None,
        scenario: str | None = None,
    ) -> Event:
        """The next `tls.handshake` event of "dut" or "control_client"; after `since` if given, else from now on.

        Only handshakes that began under `scenario` count (None: the one that is on now). Raises NotSeen.
        """
        after = len(self.recorder.events) - 1 if since is None else (since if isinstance(since, int) else since.seq)
        under = scenario or self.scenario

        def fits(event: Event) -> bool:
            data = event.data
            return (
                event.kind == "tls.handshake"
                and event.seq > after
                and (data.get("peer"), data.get("scenario")) == (peer, under)
            )

        return await self.until_event(fits, f"a TLS handshake of the {peer} ({under})", within_s, after)

    async def until_event(
        self, fits: Callable[[Event], bool], what: str, within_s: float, after: int, on: str = "dut"
    ) -> Event:
        """The first event after number `after` that fits, waiting at most `within_s`. Raises NotSeen."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Event] = loop.create_future()

        def settle(event: Event) -> None:
            if not future.done():
                future.set_result(event)

        def see(event: Event) -> None:
            if not future.done() and fits(event):
                loop.call_soon_threadsafe(settle, event)

        undo = self.recorder.listen(see)
        try:
            for event in self.recorder.events[after + 1 :]:
                if fits(event):
                    return event
            with self.recorder.waiting(what, on, within_s):
                return await asyncio.wait_for(future, within_s)
        except TimeoutError:
            raise NotSeen(f"no sign of {what} within {within_s:g} s") from None
        finally:
            undo()

    # --- what connections ask and tell (the Hub) --------------------------------------------------------------------

    def tls_pipe(self, scenario: str) -> TlsPipe:
        """A TLS server for one connection."""
        context = server_context(self.pki, scenario, client_certificates=self.config.security_profile == 3)
        return OldTlsPipe(context) if scenario == "old_tls" else TlsPipe(context)

    def is_control(self, port: int) -> bool:
        """Whether the connection from this port is our own control client's."""
        return port in self._control_ports

    def admit(self, conn: Connection, identity: str, authorization: str | None) -> Refusal | None:
        """None when identity and credentials are right (OCPP-J Part 4, 3.3; A00.FR.204, .207, .404, .405)."""
        known = self.config.identities
        if not identity:
            return Refusal(404, "the path does not end in a charging station identity")
        if known is not None and identity not in known:
            return Refusal(404, f"identity {identity!r} is not known to this CSMS")
        profile = self.config.security_profile
        if profile in (1, 2):
            return self._check_password(identity, known.get(identity) if known is not None else None, authorization)
        return self._check_certificate(conn, identity) if profile == 3 else None

    def choose(self, offered: list[str]) -> str | None:
        """The station's most preferred version that is spoken here."""
        return next((version for version in offered if version in self.versions), None)

    def attached(self, conn: Connection) -> bool:
        """A TCP connection was accepted; False when there are too many."""
        self._connections[conn.number] = conn
        self.network.joined(conn)
        return len(self._connections) <= self.config.max_connections

    def opened(self, conn: Connection) -> None:
        """A station's WebSocket is open: the newest connection of an identity is the one that counts."""
        assert conn.identity is not None
        station = self.stations.get(conn.identity)
        if station is None:
            station = self.stations[conn.identity] = Station(self, conn.identity)
        older = station.attach(conn)
        if older is not None and older.is_open:
            older.ended = ("harness", f"replaced by connection {conn.number} of the same identity")
            older.close(1001, "replaced by a newer connection")
        self.changed.set()

    def received(self, conn: Connection, text: Text) -> None:
        """A message came."""
        if conn.identity is not None and conn.identity in self.stations:
            self.stations[conn.identity].take(conn, text.text, text.t_ns, text.faults)

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

    def sign_later(self, station: Station, payload: dict[str, Any]) -> None:
        """Sign the CSR of a SignCertificate and push the chain back (A02/A03)."""
        task = asyncio.ensure_future(push_certificate(self, station, payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def connections(self) -> list[Connection]:
        """All TCP connections there are."""
        return list(self._connections.values())

    # --- inside -----------------------------------------------------------------------------------------------------

    def _accepted(self) -> Connection:
        self._numbers += 1
        return Connection(self, self._numbers)

    def _check_password(self, identity: str, password: str | None, authorization: str | None) -> Refusal | None:
        challenge = {"WWW-Authenticate": 'Basic realm="ocpp"'}
        if password is None:
            return None
        if not authorization:
            return Refusal(401, "no HTTP Basic credentials were sent", challenge)
        given = basic_credentials(authorization)
        if given is None:
            return Refusal(401, "the Authorization header is not HTTP Basic", challenge)
        if given[0] != identity:
            return Refusal(401, f"user name {given[0][:60]!r} is not the identity {identity!r} in the path", challenge)
        if not hmac.compare_digest(given[1].encode(), password.encode()):
            return Refusal(401, f"wrong password for {identity!r}", challenge)
        return None

    def _check_certificate(self, conn: Connection, identity: str) -> Refusal | None:
        der = conn.tls.peer_certificate() if conn.tls is not None else None
        if der is None:
            return Refusal(403, "no client certificate was presented")
        subject = x509.load_der_x509_certificate(der).subject
        names = [str(a.value) for a in subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
        owners = [str(a.value) for a in subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
        wanted = self.config.serials.get(identity)
        if self.config.identities is not None and not {wanted or identity} & set(names):
            return Refusal(403, f"the certificate's CN is {names}, not the serial number {wanted or identity!r}")
        if self.config.organization is not None and self.config.organization not in owners:
            return Refusal(403, f"the certificate's O is {owners}, not {self.config.organization!r}")
        return None

    async def _change(self, within_s: float) -> None:
        self.changed.clear()
        try:
            await asyncio.wait_for(self.changed.wait(), within_s)
        except TimeoutError:
            return
