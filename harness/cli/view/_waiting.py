"""What a silent run waits for and how much longer: told when nothing else has been for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from harness.trace import Event

SILENT_S = 60.0  # after so long without a word a person wonders whether it still runs


class Waiting:
    """`see` each event, `spoke` when something is printed; with `start` a silent run says what it waits for."""

    def __init__(self, say: Callable[[str], None], silent_s: float = SILENT_S) -> None:
        self._say, self._silent_s = say, silent_s
        self._open: dict[int, tuple[str, float | None, float]] = {}  # what for, its bound in s, since when
        self._asked = ""
        self._persons: set[int] = set()  # of the open ones, those for a person: nothing else goes on before that
        self._spoke_s = time.monotonic()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def see(self, event: Event) -> None:
        """Keep the waits that run."""
        if event.kind == "operator.prompt":
            self._asked = f"a person to answer “{event.data.get('text', '')}” {event.data.get('where', '')}".rstrip()
        elif event.kind == "wait.started":
            bound_s = event.data.get("bound_s")
            what = str(event.data.get("what", ""))
            if event.data.get("on") == "person" and what.startswith("answer to ") and self._asked:
                what, self._asked = self._asked, ""
                self._persons.add(event.seq)
            self._open[event.seq] = (what, bound_s, time.monotonic())
        elif event.kind == "wait.ended":
            self._open.pop(event.data.get("started", -1), None)
            self._persons.discard(event.data.get("started", -1))

    def spoke(self) -> None:
        """Something was printed just now."""
        self._spoke_s = time.monotonic()

    def now(self) -> str:
        """ "the answer to Reset, 12 s more at most": a person first, then the wait that began last; "" without any."""
        running = [self._open[each] for each in sorted(self._persons & self._open.keys())] or list(self._open.values())
        if not running:
            return ""
        what, bound_s, since_s = running[-1]
        if bound_s is None:
            return what
        return f"{what}, {max(0.0, bound_s - (time.monotonic() - since_s)):.0f} s more at most"

    def start(self) -> Callable[[], None]:
        """Watch for silence from now on; returns what ends that."""
        self._thread = threading.Thread(target=self._watch, name="silence", daemon=True)
        self._thread.start()

        def stop() -> None:
            self._stop.set()
            if self._thread is not None:
                self._thread.join(5)

        return stop

    def _watch(self) -> None:
        while not self._stop.wait(min(1.0, self._silent_s / 4)):
            silent_s = time.monotonic() - self._spoke_s
            waits = self.now()
            if silent_s >= self._silent_s and waits:
                self.spoke()
                self._say(f"waiting for {waits}")
