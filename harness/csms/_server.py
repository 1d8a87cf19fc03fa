"""The CSMS as cases use it: stations to wait for, answers to change, misbehaviour to ask for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm

from harness.csms._listener import Listener
from harness.csms.pki._pki import FACES, SCENARIOS
from harness.csms.station._backend import Answerer, Asking, CallError, Reply
from harness.csms.station._exchange import NotSeen
from harness.csms.station._signing import names_of
from harness.csms.station._station import Station
from harness.csms.tls._control import shake_hands
from harness.trace import Event

OTHER_PATH = "/second"


def host_of(event: Event) -> str:
    """The address that a connection or handshake came from, without its port."""
    return str(event.data.get("remote") or "").rpartition(":")[0]


class Csms(Listener):
    """The backend role. `async with Csms(recorder, config) as csms:` listens; everything it sees goes to the recorder.

    `versions`, `allowed_energy_transfer` may be changed while it runs. Lives in the loop it was started in.
    """

    # --- stations ---------------------------------------------------------------------------------------------------

    async def station(self, identity: str | None = None, within_s: float = 60.0) -> Station:
        """The station of this identity (or the first to come) once it is connected and has booted.

        A station that is up already and does not boot again counts after it has spoken, or `boot_grace_s` after it
        connected. Raises NotSeen.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within_s

        def found() -> Station | None:
            return next((s for s in self.stations.values() if identity in (None, s.identity) and s.ready), None)

        ready = found()
        if ready is not None:
            return ready
        who = identity or "a charging station"
        with self.recorder.waiting(f"{who} to connect and boot", "dut", within_s):
            while (ready := found()) is None:
                left_s = deadline - loop.time()
                if left_s <= 0:
                    raise NotSeen(f"{who} did not connect and boot within {within_s:g} s")
                await self._change(min(left_s, 0.25))
        return ready

    def answer_with(self, action: str, answerer: Answerer) -> Callable[[], None]:
        """Answer CALLs of `action` with `answerer(payload, station)` from now on; returns what undoes it.

        It may return a payload, a CallError, None (say nothing), or an awaitable of these.
        """
        before = self._answers.get(action)
        self._answers[action] = answerer

        def undo() -> None:
            if before is None:
                self._answers.pop(action, None)
            else:
                self._answers[action] = before

        return undo

    def signed_for(self, station: Station, csr_pem: str, how: str = "") -> str | None:
        """A chain for a station's CSR, as it should be or as it must be refused (`Pki.sign_request_as`).

        None, and recorded, for a CSR that nobody may sign. Takes a while: an RSA root may have to be made.
        """
        names, others = names_of(station.identity, self.config)
        whose = self.config.organization
        try:
            if how:
                return self.pki.sign_request_as(csr_pem, how, organization=whose, names=names)
            return self.pki.sign_request(csr_pem, organization=whose, names=names, others=others)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            about = {"signed": False, "reason": str(error)[:500] or type(error).__name__}
            self.recorder.record("csms.certificate", "harness", about)
            return None

    @asynccontextmanager
    async def answering_late(self, action: str, by_s: float) -> AsyncIterator[None]:
        """Until left, answer CALLs of `action` as usual but `by_s` later, so that a station's patience shows."""
        usual = self.answerer(action)
        if usual is None:
            raise ValueError(f"{action} is not for a CSMS to answer")

        async def late(payload: dict[str, Any], station: Asking) -> Reply:
            station.provoke("a late answer", action=action, by_s=by_s)
            await asyncio.sleep(by_s)
            reply = usual(payload, station)
            return await reply if isinstance(reply, Awaitable) else reply

        undo = self.answer_with(action, late)
        try:
            yield
        finally:
            undo()

    @asynccontextmanager
    async def accepting_later(self, *, pending_s: int, by_s: float, first: str = "Pending") -> AsyncIterator[None]:
        """Until left: the first BootNotification is answered `first`, with the interval `pending_s`, others as usual.

        Each answer comes `by_s` late (B02: a station sends nothing else until it is accepted, and asks again in time).
        `first` is "Pending" or "Rejected".
        """
        usual = self.answerer("BootNotification")
        assert usual is not None
        told_to_wait: set[str] = set()

        async def later(payload: dict[str, Any], station: Asking) -> Reply:
            station.provoke("a late answer", action="BootNotification", by_s=by_s)
            await asyncio.sleep(by_s)
            if station.identity not in told_to_wait:
                told_to_wait.add(station.identity)
                return {"currentTime": self.now(), "interval": pending_s, "status": first}
            reply = usual(payload, station)
            return await reply if isinstance(reply, Awaitable) else reply

        undo = self.answer_with("BootNotification", later)
        try:
            yield
        finally:
            undo()

    @asynccontextmanager
    async def telling_time(self, *, behind_s: float) -> AsyncIterator[None]:
        """Until left, a Heartbeat is answered with a time so far behind ours, as by a backend whose clock was set."""

        def earlier(_payload: dict[str, Any], station: Asking) -> Reply:
            station.provoke("another time than before", action="Heartbeat", behind_s=behind_s)
            there = datetime.fromisoformat(self.now()) - timedelta(seconds=behind_s)
            return {"currentTime": there.isoformat(timespec="milliseconds").replace("+00:00", "Z")}

        undo = self.answer_with("Heartbeat", earlier)
        try:
            yield
        finally:
            undo()

    def elsewhere(self) -> str:
        """A second URL, for stations to come to as to another backend, from now on; a network that is "busy" is the
        first one's alone."""
        self.config = replace(self.config, other_path=self.config.other_path or OTHER_PATH)
        return self.url().removesuffix(self.config.path) + self.config.other_path

    @asynccontextmanager
    async def heartbeats_each(self, interval_s: int) -> AsyncIterator[None]:
        """Until left, whoever boots is given this heartbeat interval."""
        before = self.config
        self.config = replace(before, heartbeat_interval_s=interval_s)
        try:
            yield
        finally:
            self.config = replace(self.config, heartbeat_interval_s=before.heartbeat_interval_s)

    @asynccontextmanager
    async def refusing_tokens(self) -> AsyncIterator[None]:
        """Until left, a token that a session is told with is answered Invalid (E05); an Authorize is still accepted."""

        def refuse(payload: dict[str, Any], station: Asking) -> Reply:
            if "idToken" not in payload:
                return {}
            station.provoke("a token that is refused", action="TransactionEvent")
            return {"idTokenInfo": {"status": "Invalid"}}

        undo = self.answer_with("TransactionEvent", refuse)
        try:
            yield
        finally:
            undo()

    @asynccontextmanager
    async def failing_once(self, action: str) -> AsyncIterator[None]:
        """Until left: the next CALL of `action` is answered with the error InternalError, others as usual."""
        usual = self.answerer(action)
        if usual is None:
            raise ValueError(f"{action} is not for a CSMS to answer")
        failed: set[str] = set()

        async def once(payload: dict[str, Any], station: Asking) -> Reply:
            if station.identity not in failed:
                failed.add(station.identity)
                station.provoke("an error instead of an answer", action=action)
                return CallError("InternalError", "please try again")
            reply = usual(payload, station)
            return await reply if isinstance(reply, Awaitable) else reply

        undo = self.answer_with(action, once)
        try:
            yield
        finally:
            undo()

    # --- misbehaviour -----------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def misbehaving(self, scenario: str) -> AsyncIterator[Csms]:
        """The next TLS handshakes are hostile, until left; then what was let in under it is disconnected.

        "wrong_host", "unknown_ca", "expired", "not_yet_valid" present such a certificate, "root_of_another_purpose"
        what `roots_for_elsewhere` made; "old_tls" speaks TLS 1.1 at most. Raises ValueError for another scenario, or
        without TLS.
        """
        if scenario not in SCENARIOS:
            raise ValueError(f"scenario {scenario!r} is not known; there are: {', '.join(SCENARIOS)}")
        if not self.config.secure:
            raise ValueError("misbehaving in TLS needs security_profile 2 or 3")
        before, self.scenario, self._turn = self.scenario, scenario, 0
        self._handshakes_after = len(self.recorder.events) - 1
        self.recorder.record(
            "provoked", "harness", {"what": "a server that is not to be trusted", "scenario": scenario}
        )
        try:
            yield self
        finally:
            self.scenario = before
            for conn in list(self._connections.values()):
                if conn.scenario == scenario != before:
                    conn.abort("harness", f"the {scenario} scenario is over")

    async def control_handshake(self, scenario: str | None = None, within_s: float = 10.0) -> Event:
        """Let a client that accepts everything shake hands here: the positive control of a hostile scenario.

        It is shown every certificate of the scenario once: which kind of them the station will see is its choice.
        Returns the last `tls.handshake` event, recorded with peer "control_client"; when one failed, that one.
        `scenario` None is the current one. Raises NotSeen, and ValueError without TLS.
        """
        if not self.config.secure:
            raise ValueError("a TLS control handshake needs security_profile 2 or 3")
        before, self.scenario = self.scenario, scenario or self.scenario
        try:
            turns = range(len(FACES.get(self.scenario, ("",))))
            shown = [(kind, turn) for turn in turns for kind in self.pki.kinds]
            shaken = [await shake_hands(self, self._control_ports, each, within_s) for each in shown]
            return next((event for event in shaken if event.data["outcome"] != "completed"), shaken[-1])
        finally:
            self.scenario = before

    async def next_handshake(
        self,
        peer: str = "dut",
        within_s: float = 60.0,
        since: Event | int | None = None,
        scenario: str | None = None,
    ) -> Event:
        """The next `tls.handshake` event of "dut" (who may be the charger) or "control_client"; after `since` if given.

        Once somebody has logged in, only who comes from an address of such a login may be the charger.
        Without `since`: from now on; in a hostile scenario from its beginning (a station may be quicker than the case),
        or after the one returned last. Only handshakes that began under `scenario` count (None: the one that is on
        now). Raises NotSeen.
        """
        under = scenario or self.scenario
        if since is not None:
            after = since if isinstance(since, int) else since.seq
        else:
            after = len(self.recorder.events) - 1 if under == "good" else self._handshakes_after

        def fits(event: Event) -> bool:
            data = event.data
            return (
                event.kind == "tls.handshake"
                and event.seq > after
                and data.get("scenario") == under
                and (data.get("peer") == peer if peer != "dut" else self._may_be_the_charger(event))
            )

        found = await self.until_event(fits, f"a TLS handshake of the {peer} ({under})", within_s, after)
        self._handshakes_after = max(self._handshakes_after, found.seq)
        return found

    def _may_be_the_charger(self, event: Event) -> bool:
        """False for our own client, for another program beside the charger that we started, and for other addresses."""
        if event.data.get("peer") == "control_client" or event.data.get("started") is False:
            return False
        logins = {
            host_of(each)
            for each in self.recorder.events
            if each.kind == "ocpp.connection" and each.data.get("state") == "open"
        }
        return bool(event.data.get("started")) or not logins or host_of(event) in logins

    async def until_event(
        self, fits: Callable[[Event], bool], what: str, within_s: float, after: int, on: str = "dut"
    ) -> Event:
        """The first event after number `after` that fits, waiting at most `within_s`. Raises NotSeen."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Event] = loop.create_future()

        def settle(event: Event) -> None:
            if not future.done():
                future.set_result(event)

        def see(event: Event) -> None:
            if not future.done() and fits(event):
                loop.call_soon_threadsafe(settle, event)

        undo = self.recorder.listen(see)
        try:
            for event in self.recorder.events[after + 1 :]:
                if fits(event):
                    return event
            with self.recorder.waiting(what, on, within_s):
                return await asyncio.wait_for(future, within_s)
        except TimeoutError:
            raise NotSeen(f"no sign of {what} within {within_s:g} s") from None
        finally:
            undo()
