"""The car's contact with a charger: discovery, TCP and TLS, protocol negotiation, and one exchange at a time."""

from __future__ import annotations

import asyncio
import inspect
import itertools
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any, TypedDict, Unpack

from ev_emulator import _names
from ev_emulator._codec import ExiCodec
from ev_emulator._errors import (
    ConnectionLost,
    NotOffered,
    TlsRefused,
    V2gError,
    V2gTimeout,
    alert_in,
)
from ev_emulator._witness import Clock, Witness
from ev_emulator.line import _sdp
from ev_emulator.line._link import Link
from ev_emulator.line._message import Message, name_of
from ev_emulator.line._misread import misread, under_reading
from ev_emulator.line._sdp import SdpResponse
from ev_emulator.line._tls import TlsConfig
from ev_emulator.line._v2gtp import SAP_OR_EXI_2
from ev_emulator.line._wire import Wire
from ev_emulator.vehicle._battery import Battery
from ev_emulator.vehicle._vehicle import Vehicle

Body = dict[str, Any]
Edit = Callable[[Body], Body]
AfterSend = Callable[[], Awaitable[None]]
_numbers = itertools.count(1)
_ANSWERS_TOLD, _OCTETS_TOLD = 50, 200  # SDP datagrams that the trace tells of in one discovery, and how much of each


class How(TypedDict, total=False):
    """How to do a step otherwise than well.

    `edit` gets the whole message and returns the one to encode, which need not follow the schema; `raw` goes out
    instead, octet for octet, header included; `session_id` (hex) replaces the agreed one; `within_s` replaces the car's
    patience.
    """

    edit: Edit | None
    raw: bytes | None
    session_id: str | None
    within_s: float


class Contact:
    """One car on one network interface, up to the protocol both speak.

    `tls` None is plain TCP. `sdp_target` replaces the multicast group and `sdp_port` port 15118 (for `lo`).
    `tap(direction, octets)` gets every octet of the V2GTP stream as it is before encryption.
    """

    def __init__(
        self,
        vehicle: Vehicle,
        codec: ExiCodec,
        witness: Witness,
        interface: str,
        *,
        tls: TlsConfig | None = None,
        sdp_target: str = _sdp.MULTICAST,
        sdp_port: int = _sdp.PORT,
        patience_s: float = 10.0,
        clock: Clock | None = None,
        epoch_s: Callable[[], float] = time.time,
        tap: Callable[[str, bytes], None] | None = None,
    ) -> None:
        self.vehicle, self.interface, self.epoch_s = vehicle, interface, epoch_s
        self.session = next(_numbers)
        self.discovered: SdpResponse | None = None
        self.tls_facts: dict[str, Any] | None = None
        self.protocol: str | None = None
        self._codec, self._witness, self._tls, self._tap = codec, witness, tls, tap
        self._sdp_target, self._sdp_port, self._patience_s = sdp_target, sdp_port, patience_s
        self._clock = clock or witness.clock
        data = vehicle.battery
        self.battery = Battery(data.capacity_wh, data.soc_pct, self._clock, empty_v=data.empty_v, full_v=data.full_v)
        self._wire: Wire | None = None
        self._used = False
        self._begin()

    def __init_subclass__(cls) -> None:
        """Each step of a generation reads its answer under `reading`."""
        for name, step in list(vars(cls).items()):
            if inspect.iscoroutinefunction(step) and not name.startswith("_"):
                setattr(cls, name, under_reading(step))

    def reading(self) -> AbstractContextManager[None]:
        """Around what works out an answer's meaning: see `misread`."""
        return misread(lambda: self._wire.answer if self._wire is not None else None)

    def _begin(self) -> None:
        """Set up what the generation's own steps keep."""

    async def discover(
        self, *, within_s: float = _sdp.REPEAT_S * _sdp.REPEATS, raw: bytes | None = None
    ) -> SdpResponse:
        """Find the charger by SDP; the request repeats every 250 ms. Raises V2gTimeout, OSError without interface."""
        self._number_anew()
        datagram = raw or _sdp.request(tls=self._tls is not None)
        heard: asyncio.Future[SdpResponse] = asyncio.get_running_loop().create_future()
        told = 0

        def hear(data: bytes, sender: str) -> None:
            nonlocal told
            told += 1
            if told > _ANSWERS_TOLD:
                return
            try:
                found = _sdp.parse_response(data)
            except _sdp.SdpError as error:
                octets = data[:_OCTETS_TOLD].hex()
                self._note("sdp", "refused", "dut", octets=octets, sender=sender, detail=str(error))
                return
            facts = {"address": found.host, "port": found.port, "security": found.security}
            self._note("sdp", "answered", "dut", octets=data.hex(), sender=sender, transport=found.transport, **facts)
            if not heard.done():  # the first one counts; that there were more stands in the trace
                heard.set_result(found)

        socket = await _sdp.SdpSocket.open(self.interface, hear)
        asked = {
            "to": self._sdp_target,
            "octets": datagram.hex(),
            "security": datagram[8] if len(datagram) > 8 else None,
        }
        try:
            with self._witness.waiting("an SDP response", "dut", within_s):
                async with asyncio.timeout(within_s):
                    while not heard.done():
                        self._note("sdp", "asked", "ev", **asked)
                        socket.send(datagram, self._sdp_target, self.interface, self._sdp_port)
                        await asyncio.wait([heard], timeout=_sdp.REPEAT_S)
        except TimeoutError as error:
            text = f"no charger answered SDP to {self._sdp_target} on {self.interface} within {within_s:g} s"
            raise V2gTimeout(text) from error
        finally:
            socket.close()
            if told > _ANSWERS_TOLD:
                more = f"{told - _ANSWERS_TOLD} more SDP datagrams came and are left out"
                self._note("sdp", "refused", "dut", detail=more)
        self.discovered = heard.result()
        return self.discovered

    async def connect(self, host: str | None = None, port: int | None = None, *, within_s: float | None = None) -> None:
        """Connect TCP to the discovered (or given) address and, with a TlsConfig, do TLS.

        Raises ConnectionLost or TlsRefused; TlsRefused also when SDP said other than what the car does.
        """
        bound_s = self._patience_s if within_s is None else within_s
        if host is None or port is None:
            found = self.discovered or await self.discover()
            if found.tls != (self._tls is not None):
                said = "demands TLS, the car has none" if found.tls else "offers no TLS, the car demands it"
                self._note("tls", "refused", "dut", detail=f"SDP: the charger {said}", tls=None)
                raise TlsRefused(f"by its SDP answer the charger {said}")
            host, port = found.host, found.port
        self._number_anew()
        where, self._used = {"address": host, "port": port}, True
        with self._witness.waiting("a connection", "dut", bound_s):
            try:
                link = await Link.open(host, port, self.interface, within_s=bound_s, tap=self._tap)
            except V2gError as error:
                self._note("tcp", "refused", "dut", **where, detail=str(error), tls=None)
                raise
            self._note("tcp", "open", "ev", **where, local=link.local[0], local_port=link.local[1], tls=None)
            if self._tls is not None:
                try:
                    self.tls_facts = await link.start_tls(self._tls, within_s=bound_s)
                except V2gError as error:
                    why = {"alert": alert_in(error), "out_of_date": getattr(error, "out_of_date", None)}
                    self._note("tls", "refused", "dut", **where, detail=str(error), tls=None, **why)
                    await link.close()
                    raise
                self._note("tls", "open", "ev", **where, tls=self.tls_facts)
        self._wire = Wire(link, self._codec, self._witness, self.session)

    async def negotiate(self, protocols: list[str] | None = None, **how: Unpack[How]) -> Body:
        """SupportedAppProtocol: offer the vehicle's protocols (or those named) in order of preference.

        Raises NotOffered when the charger takes none of them.
        """
        named = protocols or list(self.vehicle.protocols)
        offered = []
        for rank, name in enumerate(named, start=1):
            namespace, major, minor = _names.PROTOCOLS[name]
            versions = {"VersionNumberMajor": major, "VersionNumberMinor": minor}
            offered.append({"ProtocolNamespace": namespace, **versions, "SchemaID": rank, "Priority": rank})
        self._need().generation = _names.SAP
        message = {"supportedAppProtocolReq": {"AppProtocol": offered}}
        response = await self._exchange(message, _names.SAP, how)
        chosen, code = int(response.get("SchemaID", 0)), str(response.get("ResponseCode"))
        if not code.startswith("OK") or not 1 <= chosen <= len(named):
            raise NotOffered(f"the charger accepts none of {', '.join(named)}: {code}, SchemaID {chosen}")
        self.protocol = named[chosen - 1]
        self._need().generation = _names.PROTOCOLS[self.protocol][0]
        return response

    async def send_raw(self, octets: bytes) -> None:
        """Put octets on the connection, whatever they are."""
        await self._need().send_raw(octets)

    async def receive(self, within_s: float | None = None) -> Message:
        """The next message, expected or not. Raises V2gTimeout or ConnectionLost."""
        bound_s = self._patience_s if within_s is None else within_s
        with self._witness.waiting("a message", "dut", bound_s):
            return await self._need().receive(bound_s)

    async def close(self) -> None:
        """Close the connection; safe to call twice. The session's id is kept, so that a pause can be resumed."""
        if self._wire is not None:
            wire, self._wire = self._wire, None
            await wire.close()

    @property
    def connected(self) -> bool:
        """Whether the connection is open both ways."""
        return self._wire is not None and self._wire.open

    def _number_anew(self) -> None:
        """Tell a new connection apart from the one before it."""
        if self._used:
            self.session, self._used = next(_numbers), False

    def waiting(self, what: str, within_s: float) -> AbstractContextManager[None]:
        """A named wait for the charger, written into the trace."""
        return self._witness.waiting(what, "dut", within_s)

    async def _exchange(
        self, message: Body, namespace: str, how: How, *, named: bool = True, after_send: AfterSend | None = None
    ) -> Body:
        """Send a request, get the body of its answer. `named` False keeps the wait out of the trace (charge loops)."""
        wire, edit, raw = self._need(), how.get("edit"), how.get("raw")
        request = name_of(message) or "?"
        if edit is not None:
            message = edit(message)
            request = name_of(message) or request
        wire.expect(request)
        if raw is not None:
            await wire.send_raw(raw)
        else:
            payload_type = _names.PAYLOAD_TYPES_20.get(namespace, SAP_OR_EXI_2)
            await wire.send(message, namespace, payload_type)
        if after_send is not None:
            await after_send()
        bound_s = how.get("within_s", self._patience_s)
        if not named:
            return await wire.answer_to(request, bound_s)
        with self._witness.waiting(f"the answer to {request}", "dut", bound_s):
            return await wire.answer_to(request, bound_s)

    def _need(self) -> Wire:
        if self._wire is None:
            raise ConnectionLost("not connected: call connect() first")
        return self._wire

    def _deadline(self, bound_s: float) -> int:
        return self._clock.mono_ns() + int(bound_s * 1e9)

    def _note(self, what: str, state: str, who: str, **facts: Any) -> None:
        self._witness.record("v2g.connection", who, {"session": self.session, "what": what, "state": state, **facts})
