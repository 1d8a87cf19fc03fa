"""One event loop per campaign, in its own thread: sockets and sessions outlive a single test case."""

from __future__ import annotations

import asyncio
import errno
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _quiet_at_a_full_disk(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What cannot be recorded is told once, by whoever runs the campaign, and not by every callback that met it."""
    if getattr(context.get("exception"), "errno", None) not in _FULL:
        loop.default_exception_handler(context)


class LoopThread:
    """Runs an event loop until closed; `run` submits a coroutine and waits for its result."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(_quiet_at_a_full_disk)
        self._thread = threading.Thread(target=self.loop.run_forever, name="campaign-loop", daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, T], within_s: float | None = None) -> T:
        """The coroutine's result. Raises TimeoutError after `within_s`, with the coroutine cancelled."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self.loop)
        try:
            return future.result(within_s)
        except BaseException:
            future.cancel()
            raise

    def begin(self, coroutine: Coroutine[Any, Any, object]) -> None:
        """Have it run until the loop is closed; what it raises is nobody's."""
        asyncio.run_coroutine_threadsafe(coroutine, self.loop)

    def close(self) -> None:
        """Cancel what still runs, then stop the loop."""
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._drain(), self.loop).result(10)
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join(10)
        self.loop.close()

    async def _drain(self) -> None:
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.wait(rest, timeout=5) if rest else None
