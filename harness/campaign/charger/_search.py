"""The search for a charger that is gone: what is cheap is tried once, then it is lost, and said to be."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from harness.campaign.charger._presence import Presence
from harness.hands import Stand
from harness.operator import NoAnswer, Prompt
from requirement_catalog import own_count, own_number

ASKED_WITHIN_S = own_number("search.asked_within")
BACK_TO_NORMAL_S = own_number("search.back_to_normal")  # for what is still owed to a charger that has come back
DOUBTFUL = own_count("search.doubtful")  # calls in a row without an answer, after which it is asked something harmless
_AT_LEAST_S = own_number("search.at_least")
_SWITCH = Prompt(
    id="switch_off_and_on",
    text="The charger does not answer any more. Switch it off and on again, then confirm.",
    kind="yes_no",
    why="what still needs it can only be tested once it is back",
)
CURE = "look at its power, its network and its own log, bring it back, then run what is missing again (--rerun)"


class Search:
    """`await search.go()` before each case that needs the charger. Each cure is tried once in a campaign."""

    def __init__(self, stand: Stand, presence: Presence, say: Callable[[str], None]) -> None:
        self._stand, self._ports, self._presence, self._say = stand, stand.ports, presence, say
        self._tried: dict[str, str] = {}  # the cure, and what came of it
        self._cures: list[tuple[str, Callable[[], Awaitable[bool]], float]] = [
            ("asked to boot and to connect again", self._again, self._ports.profile.pixit.reconnect_s),
            ("the emulated charger started anew", self._restart, self._ports.profile.pixit.boot_s),
            ("a person asked to switch it off and on", self._switched, self._ports.profile.pixit.boot_s),
        ]

    def _in_doubt(self) -> bool:
        """Whether there is any doubt that the charger is there and answers."""
        if self._ports.open_csms is None:
            return False
        known = self._stand.reach.known
        return known is None or not known.ready or self._presence.unanswered >= DOUBTFUL

    async def go(self, after: str) -> str | None:
        """None when it is there, by itself or cured; else why it is lost, in short. `after`: the case before.

        All that is known of the loss is said and recorded here, once.
        """
        if not self._in_doubt():
            return None
        seen = self._presence.last_seen()
        trouble = await self._trouble(self._patience_s())
        if not trouble:
            await self._owed()
            return None
        self._say(f"the charger is gone after {after}: {trouble}; {seen}")
        for cure, way, within_s in self._cures:
            if cure in self._tried or not await way():
                continue
            self._say(f"  tried: {cure}")
            self._tried[cure] = trouble = await self._trouble(within_s)
            if not trouble:
                told = {"detail": f"{cure}: it is back", "by": cure, "after": after}
                self._ports.recorder.record("dut.cured", "harness", told, station=self._ports.station)
                self._say("  it is back; the run goes on")
                await self._owed()
                return None
        tried = ", ".join(self._tried) or "nothing could be"
        short = f"the charger was lost after {after}: {trouble}"
        words = f"{short}; {seen}. Tried in vain: {tried}. To cure it: {CURE}"
        data = {"detail": words, "after": after, "last_seen": seen, "tried": list(self._tried), "cure": CURE}
        self._ports.recorder.record("dut.lost", "dut", data, station=self._ports.station)
        self._say(f"{words}. What else needs it is not tried any more")
        return short

    def _patience_s(self) -> float:
        """How long it is waited for untouched: not long where it is connected, was told to wait, and lets that be."""
        known, boot_s = self._stand.reach.known, self._ports.profile.pixit.boot_s
        told_to_wait = known is not None and known.connected and known.boot is not None and not known.ready
        return ASKED_WITHIN_S if told_to_wait else max(_AT_LEAST_S, boot_s - self._presence.away_s)

    async def _trouble(self, within_s: float) -> str:
        """What is wrong with it after waiting so long for it; "" when it is there and answers."""
        reach = self._stand.reach
        try:
            await reach.speak(None)
            station = await reach.until_connected(within_s)
            if self._presence.unanswered < DOUBTFUL:
                return ""
            asked = await station.get_variables([("OCPPCommCtrlr", "HeartbeatInterval")], ASKED_WITHIN_S)
        except (TimeoutError, ConnectionError):
            known = reach.known
            return "it is connected, and never accepted" if known and known.connected else "it is not connected"
        return "it is connected, and answers nothing that it is asked" if asked.timed_out else ""

    async def _again(self) -> bool:
        """Told to wait, it may announce itself when asked (B02.FR.02, F06); then its connection is closed."""
        station = self._stand.reach.known
        if station is None or not station.connected:
            return False
        if not station.ready and station.boot is not None:
            try:
                await station.trigger_message("BootNotification", within_s=ASKED_WITHIN_S)
                await station.until_ready(ASKED_WITHIN_S)
            except (TimeoutError, ConnectionError):
                pass
            else:
                return True
        await self._ports.csms.disconnect(station.identity, "please connect again")
        return True

    async def _restart(self) -> bool:
        restart = self._ports.restart
        if restart is None:
            return False
        try:
            await asyncio.to_thread(restart)
        except Exception as error:  # it does not come up: then it is lost, and its cases judge no less for it
            detail = f"the emulated charger was not started anew: {type(error).__name__}: {error}"
            self._ports.recorder.record("harness.error", "harness", {"detail": detail})
        return True

    async def _switched(self) -> bool:
        if self._ports.open_operator is None:
            return False
        try:
            return bool((await self._ports.open_operator.ask(_SWITCH)).value)
        except NoAnswer:
            return False

    async def _owed(self) -> None:
        """What was changed and could not be put back while it was gone."""
        try:
            async with asyncio.timeout(BACK_TO_NORMAL_S):
                await self._stand.restore()
        except (TimeoutError, ConnectionError) as error:
            self._say(f"  not all could be put back: {error}")
