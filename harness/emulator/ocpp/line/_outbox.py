"""What waits to be told to the CSMS: in order, one at a time, kept through an outage and a reboot (E04, E12, E13)."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._rpc import CallFailed, Offline
from harness.emulator.ocpp.provisioning._model import Json

log = logging.getLogger(__name__)
MOST = 2000


@dataclass
class Waiting:
    """One message; `keep` survives outages, others are dropped while offline unless QueueAllMessages is set."""

    action: str
    payload: Json
    keep: bool
    once: str = ""
    attempts: int = 0
    on_reply: Callable[[Json], None] | None = None


class Outbox:
    """First in, first out. `open` from the moment the CSMS accepted the station until the connection is lost."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._queue: deque[Waiting] = deque()
        self.from_flash()
        self._open = asyncio.Event()
        self._news = asyncio.Event()

    def from_flash(self) -> None:
        """What is left after a loss of power: what is kept."""
        kept = self._client.storage.load("outbox", [])
        self._queue = deque(Waiting(m["action"], m["payload"], True) for m in kept)

    def __len__(self) -> int:
        return len(self._queue)

    def put(
        self,
        action: str,
        payload: Json,
        *,
        keep: bool = False,
        once: str = "",
        on_reply: Callable[[Json], None] | None = None,
    ) -> None:
        """Queue a message. `once`: do nothing when a message with the same mark still waits."""
        if not (keep or self._open.is_set() or self._client.model.flag("OCPPCommCtrlr", "QueueAllMessages")):
            return
        if once and any(m.once == once for m in self._queue):
            return
        self._queue.append(Waiting(action, payload, keep, once, on_reply=on_reply))
        if len(self._queue) > MOST:
            self._thin_out()
        self._news.set()
        self._save()

    def resume(self) -> None:
        """The CSMS accepted the station: deliver."""
        self._open.set()

    def pause(self) -> None:
        """No connection, or not accepted: hold back, and forget what need not be kept."""
        self._open.clear()
        if not self._client.model.flag("OCPPCommCtrlr", "QueueAllMessages"):
            self._queue = deque(m for m in self._queue if m.keep)

    async def drained(self, bound_s: float) -> bool:
        """Wait until nothing waits any more; False when it still does after `bound_s`."""
        end = self._client.time.monotonic() + bound_s
        while self._queue and self._client.time.monotonic() < end:
            await asyncio.sleep(0.02)
        return not self._queue

    def holds_transaction(self, transaction_id: str | None) -> bool:
        """Whether events of this transaction (or of any) still wait (E14)."""
        return any(
            m.action == "TransactionEvent" and transaction_id in (None, m.payload["transactionInfo"]["transactionId"])
            for m in self._queue
        )

    async def run(self) -> None:
        """Deliver, for ever."""
        while True:
            await self._open.wait()
            if not self._queue:
                self._news.clear()
                await self._news.wait()
                continue
            await self._deliver(self._queue[0])

    async def _deliver(self, message: Waiting) -> None:
        message.attempts += 1
        try:
            reply = await self._client.call(message.action, self._spoken(message.payload))
        except Offline:
            message.attempts -= 1
            await asyncio.sleep(0)
            if self._open.is_set():
                await asyncio.sleep(0.05)
            return
        except CallFailed as failure:
            log.info("%s failed: %s", message.action, failure)
            if message.attempts < self._attempts(message):
                wait = self._client.model.integer("OCPPCommCtrlr", "MessageAttemptInterval", "TransactionEvent")
                await asyncio.sleep(wait * message.attempts)
                return
            reply = None
        if self._queue and self._queue[0] is message:
            self._queue.popleft()
        self._save()
        if reply is not None and message.on_reply is not None:
            message.on_reply(reply)

    def _spoken(self, payload: Json) -> Json:
        """In the version that is spoken now: what waits may be from before another one was agreed."""
        info = payload.get("transactionInfo", {})
        if self._client.model.version == "ocpp2.1" or "operationMode" not in info:
            return payload
        return {**payload, "transactionInfo": {k: v for k, v in info.items() if k != "operationMode"}}

    def _attempts(self, message: Waiting) -> int:
        return self._client.model.integer("OCPPCommCtrlr", "MessageAttempts", "TransactionEvent") if message.keep else 1

    def _thin_out(self) -> None:
        # E04.FR.08: when memory runs short, every second intermediate update goes, never a start or an end
        kept: list[Waiting] = []
        drop = False
        for m in self._queue:
            if m.action == "TransactionEvent" and m.payload["eventType"] == "Updated":
                drop = not drop
                if drop:
                    continue
            kept.append(m)
        self._queue = deque(kept[-MOST:])

    def _save(self) -> None:
        self._client.storage.save("outbox", [{"action": m.action, "payload": m.payload} for m in self._queue if m.keep])
