"""One V2G conversation: frames out, frames in, each written down with its time before anything reacts to it."""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ev_emulator import _names
from ev_emulator._codec import ExiCodec, ExiError
from ev_emulator._errors import ConnectionLost, UnexpectedMessage, V2gError, V2gTimeout, alert_in
from ev_emulator._witness import Witness
from ev_emulator.line import _v2gtp
from ev_emulator.line._link import Link
from ev_emulator.line._message import Message, Said, body_of, name_of, plain

INBOX_BOUND = 64
LONG_OCTETS = 4096


class Wire:
    """Sends and receives on one link. `generation` is the namespace SAP agreed on for payload type 0x8001."""

    def __init__(self, link: Link, codec: ExiCodec, witness: Witness, session: int) -> None:
        self._link, self._codec, self._witness, self._session = link, codec, witness, session
        self._frames = _v2gtp.FrameReader()
        # One thread, for messages so long that they would hold up the event loop; they must stay in order.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="exi")
        self._inbox: asyncio.Queue[Message | None] = asyncio.Queue(INBOX_BOUND)
        self._ended: V2gError | None = None
        self._awaiting: str | None = None
        self._missed: str | None = None
        self._closing = False
        self.answer: Message | None = None  # the last one that was fetched
        self.generation = _names.SAP
        self._reader = asyncio.create_task(self._read(), name=f"v2g {session} reader")

    @property
    def open(self) -> bool:
        """Whether the charger may still send something."""
        return self._ended is None

    async def send(self, message: dict[str, Any], namespace: str, payload_type: int) -> int:
        """Encode and send; returns the time the octets were handed to the socket. Raises ExiError, ConnectionLost.

        What the schema does not allow, spoilt on purpose or echoed from the charger, goes out as written; the trace
        tells in what it deviates. ExiError is left for what no EXI can say.
        """
        said = Said(plain(message))
        try:
            exi = self._codec.encode(message, namespace)
        except ExiError:
            exi = self._codec.encode_as_written(message, namespace)
            found = self._codec.read(exi, namespace)
            said = Said(plain(message), deviations=tuple(str(each) for each in found.deviations))
        return await self._put(_v2gtp.v2gtp(exi, payload_type), said, namespace, exi, payload_type)

    async def send_raw(self, octets: bytes) -> int:
        """Send octets as they are. What they mean is written down when they are V2GTP and decodable."""
        payload_type, exi, namespace, said = None, octets, None, Said()
        try:
            frames = _v2gtp.FrameReader().feed(octets)
            if frames:
                payload_type, exi = frames[0].payload_type, frames[0].payload
                namespace = self._namespace(payload_type)
                said = await self._understand(exi, namespace)
        except V2gError as refused:
            said = Said(error=str(refused))
        return await self._put(octets, said, namespace, exi, payload_type)

    async def receive(self, within_s: float, what: str = "a message") -> Message:
        """The next message. Raises V2gTimeout or ConnectionLost."""
        try:
            async with asyncio.timeout(within_s):
                found = await self._inbox.get()
        except TimeoutError as error:
            raise V2gTimeout(f"waited {within_s:g} s for {what}; nothing came") from error
        if found is None:
            self._inbox.put_nowait(None)  # whoever asks next shall learn it too
            raise ConnectionLost(f"waited for {what}: {self._ended}") from self._ended
        return found

    async def answer_to(self, request: str, within_s: float) -> dict[str, Any]:
        """The body of the answer to `request`. Raises V2gTimeout, ConnectionLost or UnexpectedMessage."""
        wanted = f"{request.removesuffix('Req')}Res"
        try:
            found = await self.receive(within_s, f"{wanted} to {request}")
        except V2gTimeout:
            self._missed = wanted
            raise
        finally:
            self._awaiting = None
        self.answer = found
        if found.name != wanted or found.body is None:
            came = found.name or f"{len(found.exi)} octets that are no known message"
            raise UnexpectedMessage(f"sent {request}, expected {wanted}, got {came}", found.body)
        return found.body

    def expect(self, request: str) -> None:
        """Forget messages nobody fetched (they are in the trace) and await the answer to `request`."""
        while not self._inbox.empty() and self._ended is None:
            self._inbox.get_nowait()
        self._awaiting = f"{request.removesuffix('Req')}Res"

    async def close(self) -> None:
        """Close the connection and stop reading."""
        self._closing = True
        await self._link.close()
        self._reader.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reader
        self._thread.shutdown(wait=False)

    async def _put(
        self,
        octets: bytes,
        said: Said,
        namespace: str | None,
        exi: bytes,
        payload_type: int | None,
    ) -> int:
        t_ns = self._witness.clock.mono_ns()
        self._note("out", "ev", said, namespace, exi, payload_type, t_ns)
        await self._link.write(octets)
        return t_ns

    async def _read(self) -> None:
        by, why, alert = "dut", "the charger closed the connection", None
        try:
            while octets := await self._link.read():
                t_ns = self._witness.clock.mono_ns()
                for frame in self._frames.feed(octets):
                    await self._arrived(frame, t_ns)
            if self._frames.pending:
                why += f" inside a message ({len(self._frames.pending)} octets of it came)"
        except _v2gtp.FramingError as error:
            why = str(error)
            t_ns = self._witness.clock.mono_ns()
            self._note("in", "dut", Said(error=why), None, error.received, None, t_ns)
        except V2gError as error:
            why, alert = str(error), alert_in(error)
        except asyncio.CancelledError:
            by, why = "ev", "the car closed the connection"
        except Exception as error:  # ours, never the charger's: said aloud, or every later wait would time out
            by, why = "ev", f"the car could not read on: {error!r}"
            self._witness.record("harness.error", "harness", {"session": self._session, "what": why})
        if self._closing:
            by, why = "ev", "the car closed the connection"
        self._ended = ConnectionLost(why)
        data = {"session": self._session, "what": "closed", "state": "closed", "closed_by": by}
        data |= {"detail": why, "alert": alert if by == "dut" else None}
        self._witness.record("v2g.connection", by, data)
        self._offer(None)

    async def _arrived(self, frame: _v2gtp.Frame, t_ns: int) -> None:
        namespace = self._namespace(frame.payload_type)
        said = await self._understand(frame.payload, namespace)
        name = name_of(said.message) if said.message else None
        remark = None
        if self._awaiting is None:
            remark = "late" if self._missed is not None and name == self._missed else "unsolicited"
            self._missed = None
        elif name != self._awaiting:
            remark = "unexpected"
        self._awaiting = None  # whatever came is the answer; a second one is unsolicited
        self._note("in", "dut", said, namespace, frame.payload, frame.payload_type, t_ns, remark=remark)
        body = body_of(said.message) if said.message else None
        self._offer(Message(name, body, frame.payload_type, frame.payload, t_ns, said.deviations))

    def _offer(self, message: Message | None) -> None:
        if self._inbox.full():  # a flood: the oldest goes, it is in the trace
            self._inbox.get_nowait()
        self._inbox.put_nowait(message)

    def _note(
        self,
        direction: str,
        who: str,
        said: Said,
        namespace: str | None,
        exi: bytes,
        payload_type: int | None,
        t_ns: int,
        *,
        remark: str | None = None,
    ) -> None:
        data: dict[str, Any] = {
            "session": self._session,
            "dir": direction,
            "name": name_of(said.message) if said.message else None,
            "namespace": namespace,
            "payload": said.message,
            "exi": exi.hex(),
            "payload_type": payload_type,
        }
        more = {"error": said.error, "remark": remark, "partial": said.partial, "deviations": said.deviations or None}
        data |= {key: value for key, value in more.items() if value is not None}
        self._witness.record("v2g.message", who, data, t_ns=t_ns)

    def _namespace(self, payload_type: int) -> str:
        return _names.NAMESPACES_20.get(payload_type, self.generation)

    async def _understand(self, exi: bytes, namespace: str) -> Said:
        try:
            if len(exi) > LONG_OCTETS:
                loop = asyncio.get_running_loop()
                found = await loop.run_in_executor(self._thread, self._codec.read, exi, namespace)
            else:
                found = self._codec.read(exi, namespace)
        except ExiError as unknown:
            return Said(error=str(unknown))
        deviations = tuple(str(each) for each in found.deviations)
        wrong = found.unreadable
        if wrong is not None or found.message is None:
            return Said(None, f"cannot decode {len(exi)} bytes: {wrong}", found.message, deviations)
        return Said(found.message, deviations=deviations)
