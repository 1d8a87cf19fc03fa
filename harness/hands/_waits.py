"""Waits that cases have in common: each has a bound and a name in the trace, and what it means is for the judge."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any, TypeVar

from harness.csms import Answer, NotSeen
from harness.hands._ports import Ports
from harness.hands._reach import Reach
from harness.hands._running import Running
from harness.judge.ocpp.core_ocpp import connector_states, is_its_connections_beginning
from harness.trace import Event, OcppMessage

T = TypeVar("T")

WHOLE_SECONDS_S = 1.0  # by so much a clock that counts whole seconds may be behind
AGAIN_S = 15.0  # for a boot after a Reset, where one before was accepted, and nothing came of it
_ASKS_WITHIN, _ASKS_WITHIN_S = 1.2, 35.0  # of the interval, and more: so long B02.R008 gives it, and a little
HEARTBEAT_S = 10.0  # how often a charger is to ask for the time where that is tried
STAYS_AWAY_S = 60.0  # who was away for so long is restarted where it is to connect anew
SAID_WITHIN_S = 15.0  # for what a charger says by itself after a start or a session; slow ones take several seconds


class Waits:
    """`quiet`, `until_status`, `dwell`, and waits that may come to nothing."""

    def __init__(self, ports: Ports, reach: Reach, running: Running) -> None:
        self._ports, self._reach, self._running = ports, reach, running
        self._stays_up = False  # it has accepted a Reset, and stayed connected and silent about it

    async def marked(self, action: Coroutine[Any, Any, Any], kind: str = "bench.action") -> Event:
        """Do something and return the event of this kind that it left in the trace."""
        before = len(self._ports.recorder.events)
        await action
        return next(e for e in self._ports.recorder.events[before:] if e.kind == kind)

    async def if_it_comes(self, wait: Coroutine[Any, Any, T]) -> T | None:
        """The result of a wait, or None when it did not come in time; what that means is for the judge."""
        try:
            return await wait
        except (TimeoutError, ConnectionError):
            return None

    @contextlib.contextmanager
    def as_far_as_it_goes(self) -> Iterator[None]:
        """End this part of a case where the charger does not come along; how far it got is for the judge."""
        try:
            yield
        except (TimeoutError, ConnectionError) as error:
            self._note_end(error)
        except Exception as error:
            if not getattr(error, "blames_dut", False):
                raise
            self._note_end(error)

    def _note_end(self, error: BaseException) -> None:
        self._ports.recorder.record("case.cut_short", "dut", {"detail": f"{type(error).__name__}: {error}"})

    async def quiet(self, within_s: float, for_s: float = 0.7) -> None:
        """Wait until the charger has sent nothing for `for_s` seconds, at most `within_s`."""
        clock = self._ports.recorder.clock
        end_ns = clock.mono_ns() + int(within_s * 1e9)
        with self._ports.recorder.waiting("the charger has said what it had to say", "dut", within_s):
            while clock.mono_ns() < end_ns:
                last_ns = next((e.t_ns for e in reversed(self._ports.recorder.events) if e.kind == "ocpp.frame"), 0)
                left_s = for_s - (clock.mono_ns() - last_ns) / 1e9
                if left_s <= 0:
                    return
                await asyncio.sleep(left_s)

    async def until_status(self, state: str, since: Event) -> None:
        """Wait until the charger has told this state of the connector (G01), at most `SAID_WITHIN_S`.

        One that is connected and was never accepted may tell it as well, and wrongly so: that is for the judge to see.
        """
        known, evse = self._reach.known, self._reach.evse_id
        station = known if known is not None and known.connected else await self._reach.connected()
        clock = self._ports.recorder.clock
        end_ns = clock.mono_ns() + int(SAID_WITHIN_S * 1e9)
        with self._ports.recorder.waiting(f"the connector is reported {state}", "dut", SAID_WITHIN_S):
            while clock.mono_ns() < end_ns:
                if any(_tells(message, state, evse) for message in station.messages(since=since)):
                    return
                await asyncio.sleep(0.1)

    async def until_it_asks_for_the_time(self) -> None:
        """Have the charger send a Heartbeat, which is answered with the time; one that refuses has its interval.

        What it sends right after it is waited for: some tell that their clock was set.
        """
        station = await self._reach.connected()
        since = self._ports.recorder.events[-1]
        await self.if_it_comes(station.trigger_message("Heartbeat"))
        await self.if_it_comes(station.expect("Heartbeat", since=since, within_s=HEARTBEAT_S + SAID_WITHIN_S))
        await self.quiet(within_s=5)

    async def until_the_end_is_told(self, since: Event, within_s: float = SAID_WITHIN_S) -> None:
        """Wait until the charger has told the end of a transaction; whether it did is for the judge."""
        wait = self._reach.station.expect(
            "TransactionEvent", lambda m: m.payload.get("eventType") == "Ended", since=since, within_s=within_s
        )
        await self.if_it_comes(wait)

    async def restarted(self, how: str = "Immediate") -> Answer:
        """Have the charger reset, and wait until it is at work again and has said so; the answer to the request."""
        station = await self._reach.connected()
        asked = await station.reset(how)
        await self.if_it_comes(self.until_it_boots(asked))
        await self.if_it_comes(station.until_ready(within_s=self._reach.pixit.boot_s))
        await self.quiet(within_s=5)
        return asked

    async def until_it_is_elsewhere(self, attempts: int) -> None:
        """Have it start anew and turn it away where it comes first, until it is at our other address.

        Or until it has tried more than `attempts` times. Whatever comes of it, the first takes it in again.
        """
        station, csms, pixit = await self._reach.connected(), self._ports.csms, self._reach.pixit
        if not (await station.reset("Immediate")).accepted:
            return
        await self.if_it_comes(station.until_disconnected(pixit.boot_s))
        turned: set[int] = set()

        def enough(event: Event) -> bool:
            if event.kind != "ocpp.connection" or event.data.get("identity") != station.identity:
                return False
            if event.data.get("state") == "refused":
                turned.add(event.seq)
            return event.data.get("state") == "open" or len(turned) > attempts

        since, within_s = self._ports.recorder.events[-1].seq, pixit.boot_s + attempts * pixit.reconnect_s
        await csms.network.cut("busy")
        try:
            await self.if_it_comes(csms.until_event(enough, "it comes to its second backend", within_s, since))
        finally:
            await csms.network.restore()
        await self.if_it_comes(station.until_ready(within_s=pixit.boot_s))
        await self.quiet(within_s=5)

    async def until_it_boots(self, reset: Answer) -> OcppMessage:
        """Wait until the charger announces itself after a Reset, as long as it has for that. Raises NotSeen.

        One that refused is not waited for, and one that has accepted a Reset before and stayed as it was not for long
        again: that was seen by then. What began a connection that was there, and came late, is no restart.
        """
        if reset.event is not None and reset.status not in ("Accepted", "Scheduled"):
            raise NotSeen(f"it answered Reset with {reset.status or reset.error_code}, so it is not waited for")
        events, since = self._ports.recorder.events, reset.call.seq
        boot_s = self._reach.pixit.boot_s
        try:
            return await self._reach.station.expect(
                "BootNotification",
                lambda m: not is_its_connections_beginning(events, m.event, since),
                since=since,
                within_s=min(boot_s, AGAIN_S) if self._stays_up else boot_s,
            )
        except NotSeen:
            line = any(e.kind == "ocpp.connection" for e in events[since:])
            self._stays_up = self._stays_up or (reset.accepted and not line)
            raise

    async def until_accepted(self, told_s: float) -> None:
        """Wait until a charger that is told to wait `told_s` seconds was accepted, or has let its turn go by.

        One that stays connected is waited for until it has to have asked again (B02.R008); one that is away, longer.
        """
        station, asks_s = self._reach.station, _ASKS_WITHIN * told_s + _ASKS_WITHIN_S
        await self.if_it_comes(station.until_ready(within_s=asks_s))
        if not station.connected:
            await self.if_it_comes(station.until_ready(within_s=self._reach.pixit.boot_s))

    async def comes_again(self) -> None:
        """Have the charger connect anew: its line is closed or, where it has stayed away for long, it is restarted.

        Some wait twice as long with each loss, and begin no sooner after a connection that stood: a restart ends that.
        """
        station, identity = self._reach.station, self._reach.pixit.identity
        if self._stayed_away_s() >= STAYS_AWAY_S and (await station.reset("Immediate")).accepted:
            await self.if_it_comes(station.until_disconnected(AGAIN_S))
        if station.connected:
            await self._ports.csms.disconnect(identity)

    def _stayed_away_s(self) -> float:
        """The longest time in this run from a line that we closed, or a server that it refused, to its next attempt."""
        longest_ns, since_ns = 0, 0
        for event in self._ports.recorder.events:
            shook = event.kind == "tls.handshake" and event.data.get("peer") != "control_client"
            if shook and since_ns:
                longest_ns = max(longest_ns, event.t_ns - since_ns)
            if shook or event.kind == "bench.action":  # a network that we cut says nothing about its patience
                since_ns = event.t_ns if shook and event.data.get("outcome") == "refused" else 0
            elif event.kind == "ocpp.connection" and event.data.get("state") == "closed":
                since_ns = event.t_ns if event.who == "harness" else 0
        return longest_ns / 1e9

    async def power_lost(self, for_s: float) -> Event:
        """Take the charger's supply away for so long, and wait until it is at work again; the event of it going."""
        supply, station, boot_s = self._ports.bench.supply, self._reach.station, self._reach.pixit.boot_s
        off = await self.marked(supply.off())
        with self._ports.recorder.waiting("the charger is without power", "contract", for_s):
            await asyncio.sleep(for_s)
        await supply.on()
        await self.if_it_comes(station.expect("BootNotification", within_s=boot_s, since=off))
        await self.if_it_comes(station.until_ready(within_s=boot_s))
        await self.quiet(within_s=5)
        return off

    async def until_after(self, since: Event, by_s: float, why: str) -> None:
        """Let the time pass until so many seconds after an event by the charger's clock, under a name in the trace."""
        left_s = (since.t_ns - self._ports.recorder.clock.mono_ns()) / 1e9 + by_s + WHOLE_SECONDS_S
        if left_s > 0:
            with self._ports.recorder.waiting(why, "contract", left_s):
                await asyncio.sleep(left_s)

    def time_in(self, by_s: float, zone_h: int = 0) -> str:
        """The time in so many seconds, as OCPP writes it; with `zone_h` as a place so many hours east of UTC does."""
        now = datetime.datetime.fromisoformat(self._ports.recorder.clock.utc().replace("Z", "+00:00"))
        there = datetime.timezone(datetime.timedelta(hours=zone_h))
        then = (now + datetime.timedelta(seconds=by_s)).astimezone(there)
        return then.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    async def until_security_event(self, types: Sequence[str], since: Event | None) -> None:
        """Wait until the charger has reported a security event of one of these types, as long as it has for that."""
        wait = self._reach.station.expect(
            "SecurityEventNotification",
            lambda m: m.payload.get("type") in types,
            since=since,
            within_s=self._running.limit("event"),
        )
        await self.if_it_comes(wait)

    async def dwell(self, role: str = "dwell", why: str = "") -> None:
        """Let the time of a limit's role pass ("dwell", "offline_gap"), under a name in the trace."""
        for_s = self._running.limit(role)
        with self._ports.recorder.waiting(why or f"the time that {role.replace('_', ' ')} asks for", "contract", for_s):
            await asyncio.sleep(for_s)


def _tells(message: OcppMessage, state: str, evse: int) -> bool:
    """Whether a message tells this state of the EVSE's connector; rubbish tells nothing."""
    try:
        return state in connector_states(message, evse)
    except (AttributeError, TypeError, KeyError):
        return False
