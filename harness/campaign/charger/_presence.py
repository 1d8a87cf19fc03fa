"""Whether the charger under test is still there: by what comes from it, and by what of ours it leaves unanswered."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from harness.hands import DutAbsent, Ports
from harness.trace import Event
from requirement_catalog import own_count, own_number

LEAST_S = own_number("presence.least")
MARGIN_S = own_number("presence.margin")  # beyond the longest absence that the profile allows
UNANSWERED = own_count("presence.unanswered")  # calls in a row
UNANSWERED_FOR_S = own_number("presence.unanswered_for")
_LOOK_EACH_S = 0.5


class Presence:
    """Listens to the recorder. `gone()` says in plain words what is wrong, "" while there is no doubt.

    A network that we have cut ourselves says nothing about the charger, and its time does not count.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self.last: Event | None = None  # the last thing that was seen of it
        self._cut = ""  # why the running case was cut off
        self._fair_since_ns = 0
        self._unanswered: list[Event] = []
        self._waits: dict[int, Event] = {}
        ports.recorder.listen(self._see)

    @property
    def patience_s(self) -> float:
        """How long it may be away in the middle of a case before that is a loss."""
        pixit = self._ports.profile.pixit
        return max(LEAST_S, pixit.boot_s + MARGIN_S, pixit.reconnect_s + MARGIN_S)

    @property
    def away_s(self) -> float:
        """For how long nothing has come from a charger that could have come; 0 while it is connected."""
        csms = self._ports.open_csms
        if csms is None or csms.network.down is not None:
            return 0.0
        station = csms.stations.get(self._ports.profile.pixit.identity)
        if station is None or station.connected:
            return 0.0
        since_ns = max(self._fair_since_ns, self.last.t_ns if self.last is not None else 0)
        return max(0.0, (self._now_ns() - since_ns) / 1e9)

    @property
    def unanswered(self) -> int:
        """How many of our calls it has left without an answer since its last one."""
        csms = self._ports.open_csms
        return 0 if csms is None or csms.network.down is not None else len(self._unanswered)

    def gone(self) -> str:
        """Why the charger counts as gone in the middle of a case; "" while it does not."""
        away_s = self.away_s
        if away_s >= self.patience_s:
            return f"it has not been connected for {away_s:.0f} s"
        calls = list(self._unanswered)
        if self.unanswered >= UNANSWERED and self._now_ns() - calls[0].t_ns >= UNANSWERED_FOR_S * 1e9:
            return f"it is connected and answers nothing: {len(calls)} calls in a row"
        return ""

    def last_seen(self) -> str:
        """When something was seen of it last, and what; plain words."""
        last = self.last
        if last is None:
            return "nothing was ever seen of it"
        what = last.data.get("action") or last.data.get("state") or last.kind
        where = f", during {last.case}" if last.case else ""
        return f"last seen of it: {what} at {last.utc[11:19]} UTC{where}"

    @contextlib.asynccontextmanager
    async def or_gone(self) -> AsyncIterator[None]:
        """Cuts off what it holds once the charger is gone. Raises DutAbsent, which says since when."""
        self._cut = ""
        try:
            async with asyncio.timeout(None) as bound:
                watching = asyncio.create_task(self._watch(bound))
                try:
                    yield
                finally:
                    watching.cancel()
        except TimeoutError as error:
            if bound.expired():
                raise DutAbsent(f"{self._cut}; {self.last_seen()}") from error
            raise

    async def _watch(self, bound: asyncio.Timeout) -> None:
        """Let `bound` run out once the charger is gone; a named wait that runs by then may come to its end.

        Never ends by itself otherwise; the case's end cancels it.
        """
        while True:
            while not self.gone():
                await asyncio.sleep(_LOOK_EACH_S)
            named = set(self._waits)
            while named & self._waits.keys() and self.gone():
                await asyncio.sleep(_LOOK_EACH_S)
            await asyncio.sleep(_LOOK_EACH_S)  # what was waited for may be claimed
            if why := self.gone():
                self._cut = why
                bound.reschedule(asyncio.get_running_loop().time())
                return

    def _now_ns(self) -> int:
        return self._ports.recorder.clock.mono_ns()

    def _see(self, event: Event) -> None:
        kind, data = event.kind, event.data
        if kind == "wait.started":
            self._waits[event.seq] = event
        elif kind == "wait.ended":
            self._waits.pop(data.get("started", -1), None)
        elif kind == "bench.action" and data.get("role") == "csms.network":
            self._fair_since_ns, self._unanswered = event.t_ns, []
        elif kind == "ocpp.frame" and data.get("dir") == "out":
            if data.get("type") == 2 and not data.get("errors"):
                self._unanswered.append(event)
        elif _is_sign_of_life(event):
            self.last = event
            if data.get("type") in (3, 4) and data.get("reply_to") is not None:
                self._unanswered = []


def _is_sign_of_life(event: Event) -> bool:
    """Whether it came from the charger's side: a frame, a connection that opened or ended, a handshake."""
    if event.kind == "tls.handshake":
        return event.data.get("peer") != "control_client"
    return event.kind in ("ocpp.frame", "ocpp.connection")
