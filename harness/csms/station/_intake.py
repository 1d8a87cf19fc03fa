"""What a charging station sends is taken in here: recorded first, then answered and handed to those who wait."""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import Callable
from typing import Any

from harness.csms._schemas import V21
from harness.csms.line._frames import CALL, CALLRESULT, CALLRESULTERROR, error_text, result_text
from harness.csms.line._heard import Heard
from harness.csms.line._ledger import Ledger
from harness.csms.line._websocket import Oversize, Text
from harness.csms.line._wire import Received, Wire
from harness.csms.station._backend import Backend, CallError, Line, Reply
from harness.csms.station._transactions import Transactions
from harness.trace import Event, OcppMessage

_SLOW_ANSWERS = 64  # answers that overrides may be thinking about at once
_SCHEMA_CODES = {
    "FormatViolation",
    "OccurrenceConstraintViolation",
    "PropertyConstraintViolation",
    "TypeConstraintViolation",
}
Where = Callable[[OcppMessage], bool]


class StationIntake:
    """What a station sends: recorded, matched, answered, handed to whoever waits. One object an identity, for good."""

    def __init__(self, csms: Backend, identity: str) -> None:
        self.csms = csms
        self.identity = identity
        self.boot: dict[str, Any] | None = None  # the last BootNotification's payload
        self.accepted = False
        self.transactions = Transactions()
        self.dynamic_schedules: dict[int, dict[str, Any]] = {}
        self.profile_ids: dict[tuple[str, int, int, str | None], int] = {}
        self._numbers = 0
        self._ledger = Ledger()
        self._conn: Line | None = None
        self._wire: Wire | None = None
        self._version: str | None = None
        self._calling = asyncio.Lock()
        self._heard = Heard(csms.config.budgets.heard_octets)
        self.spending = csms.spending()
        self._waiting: list[tuple[Where, asyncio.Future[OcppMessage]]] = []
        self._changed = asyncio.Event()
        self._connected_at_s = 0.0
        self._spoke = False
        self._told_on: int | None = None  # the connection on which it was told to wait
        self._goes_on = False  # told to wait, it came again and talks: it takes itself for accepted
        self._booting = False  # it announced itself and waits for our answer: until then it may do nothing (B01.FR.08)
        self._slow: set[asyncio.Task[None]] = set()

    @property
    def version(self) -> str | None:
        """ "ocpp2.1" or "ocpp2.0.1", of the last connection."""
        return self._version

    @property
    def connected(self) -> bool:
        """Whether its WebSocket is open."""
        return self._conn is not None and self._conn.is_open

    @property
    def ready(self) -> bool:
        """Connected, and accepted: by its BootNotification, or because it went on after a reconnect without one.

        One that was accepted on an earlier connection is given a moment: its BootNotification may be on its way, and
        would otherwise be taken for its answer to what it is told first, a Reset for one.
        """
        if not self.connected:
            return False
        quiet_s = asyncio.get_running_loop().time() - self._connected_at_s
        up = self.accepted and (self._spoke or quiet_s >= self.csms.config.first_word_s)
        up = up or (self._spoke and self.boot is None)
        if self.boot is not None and not self.accepted:
            return self._goes_on  # told to wait: its silence is obedience (B02.FR.02), and no sign that it is up
        return (up and not self._booting) or quiet_s >= self.csms.config.boot_grace_s

    # --- what the CSMS tells ----------------------------------------------------------------------------------------

    def attach(self, conn: Line) -> Line | None:
        """A new connection of this identity; returns the older one when it is still there."""
        older, self._conn = self._conn, conn
        self._version = conn.version
        self._wire = Wire(self.csms.recorder, self._ledger, conn.number, conn.version or "", self.identity)
        self._connected_at_s = asyncio.get_running_loop().time()
        self._spoke = self._booting = self._goes_on = False
        self._give_up_open_calls()
        self._notify()
        return older if older is not None and older is not conn else None

    def detach(self, conn: Line) -> None:
        """A connection is gone; nothing happens when a newer one has taken its place."""
        if self._conn is conn:
            self._conn = None
            self._give_up_open_calls()
        self._notify()

    def take(self, conn: Line, text: Text) -> None:
        """A text came: record it, then let waits and answers react."""
        wire = self._wire
        if wire is None or wire.conn != conn.number:  # the replaced connection's last words
            wire = Wire(self.csms.recorder, self._ledger, conn.number, conn.version or "", self.identity)
        before = self.csms.recorder.size
        received = wire.received(text)
        frame = received.frame
        message = received.message()
        self._heard.keep(message, len(text.text))
        if frame.type == CALL:
            self._spoke = True
            self._booting = self._booting or frame.action == "BootNotification"
            self._goes_on = self._goes_on or (frame.action != "BootNotification" and conn.number != self._told_on)
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
        cost = max(self.csms.recorder.size - before, sys.getsizeof(text.text))
        if spent := self.spending.message(cost):
            self._beyond(conn, spent)

    def take_asides(self, conn: Line, frames: int) -> None:
        """So many WebSocket frames came that are no message."""
        if spent := self.spending.frames(frames):
            self._beyond(conn, spent)

    def take_oversize(self, conn: Line, huge: Oversize) -> None:
        """A message came that was too large to take in; the connection is being closed with 1009."""
        wire = Wire(self.csms.recorder, self._ledger, conn.number, conn.version or "", self.identity)
        wire.oversize(huge.head, huge.length, huge.digest, huge.t_ns, self.csms.config.max_message_bytes)

    def provoke(self, what: str, **how: Any) -> Event:
        """Record, before it is done, what we do wrong on purpose; how the station takes it can then be told apart."""
        number = self._wire.conn if self._wire is not None else None
        return self.csms.recorder.record(
            "provoked", "harness", {"what": what, **how}, station=self.identity, connection=number
        )

    def _beyond(self, conn: Line, budget: str) -> None:
        """Cut a connection over which more came than a charger may send, and say so once."""
        if not conn.is_open:
            return
        allowed = self.spending.allowed(budget)
        done = f"more {budget} than a charger may send; its connection was closed"
        self.csms.recorder.record(
            "peer.budget",
            "dut",
            {
                "budget": budget,
                "allowed": allowed.burst,
                "per_s": allowed.per_s,
                "remote": conn.remote,
                "done": done,
                "count": conn.cut(done),
            },
            station=self.identity,
            connection=conn.number,
        )

    # --- inside -----------------------------------------------------------------------------------------------------

    def _answer(self, conn: Line, wire: Wire, received: Received) -> None:
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
            if frame.reply is not None:  # what broke its schema, and was answered all the same, cannot be
                self._say(conn, wire, error_text(*frame.reply))
            else:
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
        self, conn: Line, wire: Wire, identifier: str, action: str, asked: dict[str, Any], reply: Any
    ) -> None:
        try:
            self._deliver(conn, wire, identifier, action, asked, await reply)
        except Exception as error:
            self._answer_failed(conn, wire, identifier, action, error)

    def _answer_failed(self, conn: Line, wire: Wire, identifier: str, action: str, error: Exception) -> None:
        what = f"the answer to {action} could not be made: {type(error).__name__}: {error}"
        self.csms.recorder.record("harness.error", "harness", {"what": what, "where": "csms"})
        self._say(conn, wire, error_text(identifier, "InternalError", "the CSMS could not make its answer"))

    def _deliver(
        self, conn: Line, wire: Wire, identifier: str, action: str, asked: dict[str, Any], reply: Reply
    ) -> None:
        if reply is None:
            self.provoke("no answer", action=action, id=identifier)
            return
        if isinstance(reply, CallError):
            self.provoke("an error for an answer", action=action, id=identifier, code=reply.code)
            self._say(conn, wire, error_text(identifier, reply.code, reply.description))
            return
        self._say(conn, wire, result_text(identifier, reply))
        if action == "BootNotification":
            self.boot, self._booting = asked, False
            self.accepted = reply.get("status") == "Accepted"
            self._told_on, self._goes_on = conn.number, False
            self._notify()

    def _say(self, conn: Line, wire: Wire, text: str) -> None:
        if conn.is_open:
            wire.sending(text, checked=True)
            conn.send(text)

    def _give_up_open_calls(self) -> None:
        for asked in self._ledger.open_calls():
            if asked.future is not None and not asked.future.done():
                asked.future.set_result(None)

    def _notify(self) -> None:
        self._changed.set()
        self.csms.changed.set()


def _holds(fits: Where, message: OcppMessage, waiting: asyncio.Future[OcppMessage]) -> bool:
    try:
        return fits(message)
    except Exception as error:  # a case's own predicate stumbled: it must hear so, and the connection must not suffer
        waiting.set_exception(error)
        return False
