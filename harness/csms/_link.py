"""The wire side of a charging station: call it, wait for what it says, answer it; nothing else."""

from __future__ import annotations

import asyncio
import inspect
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from harness.csms._answers import CallError, Reply
from harness.csms._exchange import Answer, NotSeen
from harness.csms._frames import CALL, CALLRESULT, CALLRESULTERROR, call_text, error_text, result_text
from harness.csms._ledger import Ledger
from harness.csms._reports import Collected
from harness.csms._schemas import V21
from harness.csms._transactions import Transaction, Transactions
from harness.csms._websocket import Oversize
from harness.csms._wire import Received, Wire
from harness.trace import Event, OcppMessage

if TYPE_CHECKING:
    from harness.csms._connection import Connection
    from harness.csms._server import Csms

_REMEMBERED = 5000  # messages kept for `expect(since=...)`
_PARTS = 2000  # parts that a report may have before we stop collecting
_SLOW_ANSWERS = 64  # answers that overrides may be thinking about at once
_SCHEMA_CODES = {
    "FormatViolation",
    "OccurrenceConstraintViolation",
    "PropertyConstraintViolation",
    "TypeConstraintViolation",
}
Where = Callable[[OcppMessage], bool]


class StationLink:
    """The wire side of a station; `Station` adds the operations. One object an identity, across reconnects."""

    def __init__(self, csms: Csms, identity: str) -> None:
        self.csms = csms
        self.identity = identity
        self.boot: dict[str, Any] | None = None  # the last BootNotification's payload
        self.accepted = False
        self.transactions = Transactions()
        self.dynamic_schedules: dict[int, dict[str, Any]] = {}
        self.profile_ids: dict[tuple[str, int, int, str | None], int] = {}
        self._numbers = 0
        self._ledger = Ledger()
        self._conn: Connection | None = None
        self._wire: Wire | None = None
        self._version: str | None = None
        self._calling = asyncio.Lock()
        self._heard: deque[OcppMessage] = deque(maxlen=_REMEMBERED)
        self._waiting: list[tuple[Where, asyncio.Future[OcppMessage]]] = []
        self._changed = asyncio.Event()
        self._connected_at_s = 0.0
        self._spoke = False
        self._slow: set[asyncio.Task[None]] = set()

    # --- what a case uses -------------------------------------------------------------------------------------------

    @property
    def version(self) -> str | None:
        """ "ocpp2.1" or "ocpp2.0.1", of the last connection."""
        return self._version

    @property
    def connected(self) -> bool:
        """Whether its WebSocket is open."""
        return self._conn is not None and self._conn.is_open

    @property
    def transaction(self) -> Transaction | None:
        """The newest running transaction the station has told about."""
        return self.transactions.current()

    async def call(self, action: str, payload: dict[str, Any], within_s: float | None = None) -> Answer:
        """Send a CALL and wait for its answer, at most `within_s`.

        A CALLERROR, a lost connection or silence is an Answer too. One CALL at a time is under way (OCPP-J Part 4,
        4.1.1). Raises NotSeen when the station is not connected, and stays so, within the bound.
        """
        bound_s = self.csms.config.call_timeout_s if within_s is None else within_s
        async with self._calling:
            await self.until_connected(bound_s)
            assert self._wire is not None and self._conn is not None
            loop = asyncio.get_running_loop()
            future: asyncio.Future[Received | None] = loop.create_future()
            identifier = str(uuid4())
            text = call_text(identifier, action, payload)
            call = self._wire.sending(text, future)
            self._conn.send(text)
            received: Received | None = None
            try:
                with self.csms.recorder.waiting(f"the answer to {action}", "dut", bound_s):
                    received = await asyncio.wait_for(future, bound_s)
            except TimeoutError:
                received = None
            finally:
                self._ledger.expire(identifier)
            if received is None:
                return Answer(call, sent=payload)
            frame = received.frame
            return Answer(
                call,
                received.event,
                frame.payload if frame.type == CALLRESULT else {},
                frame.error_code,
                frame.error_description,
                payload,
            )

    async def expect(
        self,
        action: str,
        where: Callable[[dict[str, Any]], Any] | None = None,
        within_s: float = 30.0,
        since: Event | int | None = None,
    ) -> OcppMessage:
        """Wait for a message of `action` that the station starts itself (CALL or SEND) and whose payload fits `where`.

        Only what was recorded after `since` counts (an event or its number; None: from now on). Raises NotSeen.
        """

        def fits(message: OcppMessage) -> bool:
            return message.action == action and message.type in (2, 6) and bool(where is None or where(message.payload))

        after = None if since is None else (since.seq if isinstance(since, Event) else since)
        if after is not None:
            for message in self._heard:
                if message.event.seq > after and fits(message):
                    return message
        future: asyncio.Future[OcppMessage] = asyncio.get_running_loop().create_future()
        entry = (fits, future)
        self._waiting.append(entry)
        what = f"{action} from {self.identity}" + (" that fits" if where is not None else "")
        try:
            with self.csms.recorder.waiting(what, "dut", within_s):
                return await asyncio.wait_for(future, within_s)
        except TimeoutError:
            raise NotSeen(f"no {what} within {within_s:g} s") from None
        finally:
            self._waiting.remove(entry)

    async def collect(self, action: str, payload: dict[str, Any], report: str, within_s: float) -> Collected:
        """Send a CALL with a fresh requestId and gather its `report` messages until one without `tbc` true.

        Only reports with that requestId count, in whatever order they come. Never raises for reports that are missing:
        see `complete` and `missing`.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within_s
        request_id = self.next_number()
        after = len(self.csms.recorder.events) - 1
        answer = await self.call(action, {"requestId": request_id, **payload}, within_s)
        if not answer.accepted:
            return Collected(answer, [], answer.event is not None, "" if answer.event else f"no answer to {action}")
        parts: list[OcppMessage] = []
        while not parts or parts[-1].payload.get("tbc") is True:
            if len(parts) >= _PARTS:
                return Collected(answer, parts, False, f"stopped after {_PARTS} {report} messages")
            try:
                part = await self.expect(
                    report,
                    lambda payload: payload.get("requestId") == request_id,
                    max(0.0, deadline - loop.time()),
                    since=after,
                )
            except NotSeen as error:
                return Collected(answer, parts, False, str(error))
            parts.append(part)
            after = part.event.seq
        return Collected(answer, parts)

    def next_number(self) -> int:
        """A number not used before for a request of this station."""
        self._numbers += 1
        return self._numbers

    def messages(self, action: str | None = None, since: Event | int | None = None) -> list[OcppMessage]:
        """What the station sent, of one action and after `since` if given; the last few thousand are kept."""
        after = -1 if since is None else (since.seq if isinstance(since, Event) else since)
        return [m for m in self._heard if m.event.seq > after and (action is None or m.action == action)]

    def send(self, raw: str) -> Event:
        """Send any text as it is, also nonsense. Raises NotSeen when the station is not connected."""
        if self._wire is None or not self.connected or self._conn is None:
            raise NotSeen(f"{self.identity} is not connected, so nothing can be sent to it")
        event = self._wire.sending(raw)
        self._conn.send(raw)
        return event

    async def until_connected(self, within_s: float) -> None:
        """Wait until its WebSocket is open. Raises NotSeen."""
        await self._until(lambda: self.connected, f"{self.identity} to connect", within_s)

    async def until_disconnected(self, within_s: float) -> None:
        """Wait until its WebSocket is gone. Raises NotSeen."""
        await self._until(lambda: not self.connected, f"{self.identity} to disconnect", within_s)

    async def until_ready(self, within_s: float) -> None:
        """Wait until it is connected and has booted, or is up and does not boot again. Raises NotSeen."""
        await self._until(lambda: self.ready, f"{self.identity} to connect and boot", within_s)

    @property
    def ready(self) -> bool:
        """Connected, and accepted: by its BootNotification, or because it went on after a reconnect without one."""
        if not self.connected:
            return False
        quiet_s = asyncio.get_running_loop().time() - self._connected_at_s
        return self.accepted or (self._spoke and self.boot is None) or quiet_s >= self.csms.config.boot_grace_s

    # --- what the CSMS tells ----------------------------------------------------------------------------------------

    def attach(self, conn: Connection) -> Connection | None:
        """A new connection of this identity; returns the older one when it is still there."""
        older, self._conn = self._conn, conn
        self._version = conn.version
        self._wire = Wire(self.csms.recorder, self._ledger, conn.number, conn.version or "")
        self._connected_at_s = asyncio.get_running_loop().time()
        self._spoke = False
        self._give_up_open_calls()
        self._notify()
        return older if older is not None and older is not conn else None

    def detach(self, conn: Connection) -> None:
        """A connection is gone; nothing happens when a newer one has taken its place."""
        if self._conn is conn:
            self._conn = None
            self._give_up_open_calls()
        self._notify()

    def take(self, conn: Connection, raw: str, t_ns: int, faults: tuple[str, ...]) -> None:
        """A text came: record it, then let waits and answers react."""
        wire = self._wire
        if wire is None or wire.conn != conn.number:  # the replaced connection's last words
            wire = Wire(self.csms.recorder, self._ledger, conn.number, conn.version or "")
        received = wire.received(raw, t_ns, faults)
        frame = received.frame
        message = received.message()
        self._heard.append(message)
        if frame.type == CALL:
            self._spoke = True
            if frame.action == "TransactionEvent":
                self.transactions.take(frame.payload)
            self._answer(conn, wire, received)
        elif received.asked is not None and received.remark is None:
            future = received.asked.future
            if future is not None and not future.done():
                future.set_result(received)
            if frame.type == CALLRESULT and frame.errors and conn.version == V21 and frame.reply is not None:
                self._say(conn, wire, error_text(*frame.reply, kind=CALLRESULTERROR))
        elif frame.reply is not None and frame.type not in (3, 4, 5, 6):
            self._say(conn, wire, error_text(*frame.reply))
        for fits, waiting in list(self._waiting):
            if not waiting.done() and _holds(fits, message, waiting):
                waiting.set_result(message)
        self._notify()

    def take_oversize(self, conn: Connection, huge: Oversize) -> None:
        """A message came that was too large to take in; the connection is being closed with 1009."""
        wire = Wire(self.csms.recorder, self._ledger, conn.number, conn.version or "")
        wire.oversize(huge.head, huge.length, huge.digest, huge.t_ns, self.csms.config.max_message_bytes)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _answer(self, conn: Connection, wire: Wire, received: Received) -> None:
        frame = received.frame
        if frame.reply is not None and not (self.csms.config.tolerant and frame.reply[1] in _SCHEMA_CODES):
            self._say(conn, wire, error_text(*frame.reply))
            return
        if frame.id is None or frame.action is None:
            return
        answerer = self.csms.answerer(frame.action)
        if answerer is None:
            text = f"{frame.action} is not for a CSMS to answer"
            self._say(conn, wire, error_text(frame.id, "NotSupported", text))
            return
        try:
            reply = answerer(frame.payload, self)  # type: ignore[arg-type]
        except Exception as error:
            self._answer_failed(conn, wire, frame.id, frame.action, error)
            return
        if not inspect.isawaitable(reply):
            self._deliver(conn, wire, frame.id, frame.action, frame.payload, reply)
        elif len(self._slow) >= _SLOW_ANSWERS:
            if inspect.iscoroutine(reply):
                reply.close()
            self._say(conn, wire, error_text(frame.id, "InternalError", "too many answers are under way"))
        else:
            task = asyncio.ensure_future(self._answer_later(conn, wire, frame.id, frame.action, frame.payload, reply))
            self._slow.add(task)
            task.add_done_callback(self._slow.discard)

    async def _answer_later(
        self, conn: Connection, wire: Wire, identifier: str, action: str, asked: dict[str, Any], reply: Any
    ) -> None:
        try:
            self._deliver(conn, wire, identifier, action, asked, await reply)
        except Exception as error:
            self._answer_failed(conn, wire, identifier, action, error)

    def _answer_failed(self, conn: Connection, wire: Wire, identifier: str, action: str, error: Exception) -> None:
        what = f"the answer to {action} could not be made: {type(error).__name__}: {error}"
        self.csms.recorder.record("harness.error", "harness", {"what": what, "where": "csms"})
        self._say(conn, wire, error_text(identifier, "InternalError", "the CSMS could not make its answer"))

    def _deliver(
        self, conn: Connection, wire: Wire, identifier: str, action: str, asked: dict[str, Any], reply: Reply
    ) -> None:
        if reply is None:
            return
        if isinstance(reply, CallError):
            self._say(conn, wire, error_text(identifier, reply.code, reply.description))
            return
        self._say(conn, wire, result_text(identifier, reply))
        if action == "BootNotification":
            self.boot = asked
            self.accepted = reply.get("status") == "Accepted"
            self._notify()

    def _say(self, conn: Connection, wire: Wire, text: str) -> None:
        if conn.is_open:
            wire.sending(text, checked=True)
            conn.send(text)

    def _give_up_open_calls(self) -> None:
        for asked in self._ledger.open_calls():
            if asked.future is not None and not asked.future.done():
                asked.future.set_result(None)

    async def _until(self, true: Callable[[], bool], what: str, within_s: float) -> None:
        if true():
            return
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within_s
        with self.csms.recorder.waiting(what, "dut", within_s):
            while not true():
                left_s = deadline - loop.time()
                if left_s <= 0:
                    raise NotSeen(f"waited {within_s:g} s for {what}")
                self._changed.clear()
                try:
                    # the grace after a connection without boot passes without an event, hence the short bound
                    await asyncio.wait_for(self._changed.wait(), min(left_s, 0.25))
                except TimeoutError:
                    continue

    def _notify(self) -> None:
        self._changed.set()
        self.csms.changed.set()


def _holds(fits: Where, message: OcppMessage, waiting: asyncio.Future[OcppMessage]) -> bool:
    try:
        return fits(message)
    except Exception as error:  # a case's own predicate stumbled: it must hear so, and the connection must not suffer
        waiting.set_exception(error)
        return False
