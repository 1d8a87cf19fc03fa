"""OCPP-J on one connection: frames out and in, one CALL outstanding, answers matched by message id."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from websockets.exceptions import ConnectionClosed

from harness.emulator.ocpp.line._schemas import known_action, violation

CALL, CALLRESULT, CALLERROR, CALLRESULTERROR, SEND = 2, 3, 4, 5, 6
Json = dict[str, Any]
log = logging.getLogger(__name__)


class CallFailed(Exception):
    """The CSMS answered with a CALLERROR, an invalid answer, or not at all within the message timeout."""

    def __init__(self, code: str, description: str = "") -> None:
        super().__init__(f"{code}: {description}" if description else code)
        self.code = code
        self.description = description


class Offline(Exception):
    """There is no connection, or it was lost before the answer came."""


class Refuse(Exception):
    """A handler refuses a CALL with this CALLERROR."""

    def __init__(self, code: str, description: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.description = description


@dataclass(frozen=True)
class Answer:
    """A CALLRESULT's payload, and what the station does once the answer is on the wire."""

    payload: Json
    after: Callable[[], Awaitable[None] | None] | None = None


def rejected(reason_code: str) -> Json:
    """The payload of a plain refusal, with its reason code."""
    return {"status": "Rejected", "statusInfo": {"reasonCode": reason_code}}


Handler = Callable[[Json], "Answer | Json | Awaitable[Answer | Json]"]


class Rpc:
    """One WebSocket's worth of OCPP-J.

    `send` writes a text frame. `find` gives the handler of an action, or None when the station does not support it; it
    may raise Refuse. `later` runs what a handler wants done after its answer.
    """

    def __init__(
        self,
        version: str,
        send: Callable[[str], Awaitable[None]],
        find: Callable[[str], Handler | None],
        later: Callable[[Callable[[], Awaitable[None] | None]], None],
        on_invalid: Callable[[str], None],
    ) -> None:
        self.version = version
        self._send = send
        self._find = find
        self._later = later
        self._on_invalid = on_invalid
        self._turn = asyncio.Lock()
        self._waiting: tuple[str, str, asyncio.Future[Json]] | None = None
        self._taken = asyncio.Event()  # whether who waited for the answer has it
        self._lost = False

    async def call(self, action: str, payload: Json, timeout_s: float, message_id: str | None = None) -> Json:
        """Send a CALL when its turn comes and return the answer's payload. Raises CallFailed or Offline."""
        async with self._turn:
            if self._lost:
                raise Offline(action)
            unique = message_id or str(uuid.uuid4())
            answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
            self._waiting, taken = (unique, action, answer), asyncio.Event()
            self._taken = taken
            try:
                await self._send_or_offline(action, [CALL, unique, action, payload])
                return await asyncio.wait_for(answer, timeout_s)
            except TimeoutError:
                raise CallFailed("Timeout", f"no answer to {action} within {timeout_s:g} s") from None
            finally:
                self._waiting = None
                taken.set()

    async def send(self, action: str, payload: Json) -> None:
        """Send an unconfirmed SEND message (OCPP 2.1 only); it may overtake an outstanding CALL."""
        await self._send_or_offline(action, [SEND, str(uuid.uuid4()), action, payload])

    async def _send_or_offline(self, action: str, frame: list[Any]) -> None:
        """The connection may have gone a moment ago, before anybody noticed: that is being offline, not a fault."""
        try:
            await self._send(self.encode(frame))
        except ConnectionClosed:
            raise Offline(action) from None

    def lost(self) -> None:
        """The connection is gone: whoever waits for an answer learns it at once."""
        self._lost = True
        if self._waiting is not None and not self._waiting[2].done():
            self._waiting[2].set_exception(Offline(self._waiting[1]))

    def encode(self, frame: list[Any]) -> str:
        """A frame as text."""
        return json.dumps(frame, separators=(",", ":"), ensure_ascii=False)

    async def on_text(self, raw: str | bytes) -> None:
        """Deal with one frame from the CSMS."""
        try:
            if isinstance(raw, bytes):
                raise ValueError("binary frame")
            frame = json.loads(raw, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            await self._fault("-1", "RpcFrameworkError", f"not JSON: {error}")
            return
        if not isinstance(frame, list) or len(frame) < 3:
            await self._fault("-1", "RpcFrameworkError", "not an OCPP-J frame")
            return
        kind, unique = frame[0], frame[1]
        if not isinstance(unique, str) or not 0 < len(unique) <= 36:
            await self._fault("-1", "RpcFrameworkError", "the message id could not be read")
        elif kind == CALL:
            await self._on_call(unique, frame)
        elif kind in (CALLRESULT, CALLERROR):
            await self._on_answer(kind, unique, frame)
        elif kind in (CALLRESULTERROR, SEND) and self.version == "ocpp2.1":
            log.info("%s from the CSMS: %s", "CALLRESULTERROR" if kind == CALLRESULTERROR else "SEND", frame[2])
        else:
            await self._fault(unique, "MessageTypeNotSupported", f"message type {kind!r}")

    async def _fault(self, unique: str, code: str, description: str) -> None:
        self._on_invalid(f"{code}: {description}"[:255])
        await self._send(self.encode([CALLERROR, unique, code, description[:255], {}]))

    async def _on_call(self, unique: str, frame: list[Any]) -> None:
        if len(frame) != 4 or not isinstance(frame[2], str):
            await self._fault(unique, "RpcFrameworkError", "a CALL has four elements: type, id, action, payload")
            return
        action, payload = frame[2], frame[3]
        try:
            answer = await self._answer(action, payload)
        except Refuse as refusal:
            await self._send(self.encode([CALLERROR, unique, refusal.code, refusal.description[:255], {}]))
            return
        except Exception as error:
            log.exception("handling %s", action)
            await self._send(self.encode([CALLERROR, unique, "InternalError", repr(error)[:255], {}]))
            return
        await self._send(self.encode([CALLRESULT, unique, answer.payload]))
        if answer.after is not None:
            self._later(answer.after)

    async def _answer(self, action: str, payload: Any) -> Answer:
        if not known_action(self.version, action):
            raise Refuse("NotImplemented", f"{action[:50]} is not an action of {self.version}")
        handler = self._find(action)
        if handler is None:
            raise Refuse("NotSupported", f"{action} is not supported by this station")
        if not isinstance(payload, dict):
            raise Refuse("FormatViolation", "the payload is not a JSON object")
        wrong = violation(self.version, f"{action}Request", payload)
        if wrong is not None:
            self._on_invalid(f"{action}: {wrong[1]}"[:255])
            raise Refuse(*wrong)
        result = handler(payload)
        if inspect.isawaitable(result):
            result = await result
        return result if isinstance(result, Answer) else Answer(result)

    async def _on_answer(self, kind: int, unique: str, frame: list[Any]) -> None:
        """Hand it to who waits for it. The next frame is read once that one has it: it may follow from this answer."""
        if self._waiting is None or self._waiting[0] != unique or self._waiting[2].done():
            log.info("answer to nothing outstanding: %s", unique)
            return
        _, action, future = self._waiting
        taken = self._taken
        await self._hand_over(kind, action, unique, frame, future)
        await taken.wait()

    async def _hand_over(
        self, kind: int, action: str, unique: str, frame: list[Any], future: asyncio.Future[Json]
    ) -> None:
        if kind == CALLERROR:
            texts = [str(part) for part in frame[2:4]] + [""]
            future.set_exception(CallFailed(texts[0], texts[1]))
            return
        wrong = (
            violation(self.version, f"{action}Response", frame[2])
            if len(frame) == 3 and isinstance(frame[2], dict)
            else ("FormatViolation", "a CALLRESULT has three elements: type, id, payload object")
        )
        if wrong is None:
            future.set_result(frame[2])
            return
        self._on_invalid(f"answer to {action}: {wrong[1]}"[:255])
        if self.version == "ocpp2.1":
            await self._send(self.encode([CALLRESULTERROR, unique, wrong[0], wrong[1], {}]))
        future.set_exception(CallFailed(*wrong))


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
