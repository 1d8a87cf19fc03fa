"""The wire side of a charging station as cases use it: call it, wait for what it says, send it anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from harness.csms.line._frames import CALLRESULT, call_text, read_frame
from harness.csms.line._wire import Received
from harness.csms.station._exchange import Answer, NotSeen
from harness.csms.station._intake import StationIntake
from harness.csms.station._reports import Collected
from harness.csms.station._transactions import Transaction
from harness.trace import Event, OcppMessage

_PARTS = 2000  # parts that a report may have before we stop collecting


class StationLink(StationIntake):
    """Calls and waits; `Station` adds the operations."""

    @property
    def transaction(self) -> Transaction | None:
        """The newest running transaction the station has told about, at the EVSE that our backend is busy with."""
        return self.transactions.current(self.csms.config.evse_id)

    async def call(self, action: str, payload: dict[str, Any], within_s: float | None = None) -> Answer:
        """Send a CALL and wait for its answer, at most `within_s`.

        A CALLERROR, a lost connection or silence is an Answer too. One CALL at a time is under way (OCPP-J Part 4,
        4.1.1). Raises NotSeen when the station is not connected, and stays so, within the bound, and what the guard
        of our backend raises.
        """
        guard = self.csms.guard
        if guard is None:
            return await self._call(action, payload, within_s)
        await guard.before(self, action, payload)
        answer = await self._call(action, payload, within_s)
        guard.after(action, payload, answer)
        return answer

    async def _call(self, action: str, payload: dict[str, Any], within_s: float | None) -> Answer:
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
        where: Callable[[OcppMessage], Any] | None = None,
        within_s: float = 30.0,
        since: Event | int | None = None,
    ) -> OcppMessage:
        """Wait for a message of `action` that the station starts itself (CALL or SEND) and for which `where` is true.

        Only what was recorded after `since` counts (an event or its number; None: from now on). Raises NotSeen.
        """

        def fits(message: OcppMessage) -> bool:
            return message.action == action and message.type in (2, 6) and bool(where is None or where(message))

        after = None if since is None else (since.seq if isinstance(since, Event) else since)
        if after is not None:
            for message in self._heard.after(after):
                if fits(message):
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
        octets, most = 0, self.csms.config.budgets.report_octets
        while not parts or parts[-1].payload.get("tbc") is True:
            if len(parts) >= _PARTS or octets > most:
                much = f"{len(parts)} {report} messages of {octets} characters"
                return Collected(answer, parts, False, f"stopped after {much}")
            try:
                part = await self.expect(
                    report,
                    lambda message: message.payload.get("requestId") == request_id,
                    max(0.0, deadline - loop.time()),
                    since=after,
                )
            except NotSeen as error:
                return Collected(answer, parts, False, str(error))
            parts.append(part)
            octets += len(str(part.event.data.get("raw") or ""))
            after = part.event.seq
        return Collected(answer, parts)

    def next_number(self) -> int:
        """A number not used before for a request of this station."""
        self._numbers += 1
        return self._numbers

    def messages(self, action: str | None = None, since: Event | int | None = None) -> list[OcppMessage]:
        """What the station sent, of one action and after `since` if given; the last few thousand are kept."""
        after = -1 if since is None else (since.seq if isinstance(since, Event) else since)
        return [m for m in self._heard.after(after) if action is None or m.action == action]

    def send(self, raw: str) -> Event:
        """Send any text as it is, also nonsense. Raises NotSeen when the station is not connected."""
        if self._wire is None or not self.connected or self._conn is None:
            raise NotSeen(f"{self.identity} is not connected, so nothing can be sent to it")
        if faults := read_frame(raw, self.version or "").errors:
            self.provoke("a garbled message", fault=faults[0], length=len(raw))
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
