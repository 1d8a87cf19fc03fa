"""A charging session that runs by itself: walks to the charge loop, cycles in the background, stops in order."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal

from ev_emulator._errors import NotOffered, Refused, V2gError, V2gTimeout
from ev_emulator.line._contact import Body, How
from ev_emulator.session import _answers_20 as answers
from ev_emulator.session._answers_20 import Target
from ev_emulator.session._drive import Drive
from ev_emulator.session._evcc import Evcc

OnTarget = Callable[[float], Awaitable[float | None]]
Pilot = Callable[[str], Awaitable[None]]
ENDINGS = ("Terminate", "Pause")
NOT_AUTHORISED = ("WARNING_EIMAuthorizationFailure", "WARNING_AuthorizationSelectionInvalid")


@dataclass(frozen=True)
class Present:
    """What flows now: W and A are + charging, − discharging. Volts and amperes are the charger's report, DC only."""

    power_w: float
    soc_pct: float
    voltage_v: float | None = None
    current_a: float | None = None


class ChargingSession:
    """`async with ChargingSession(evcc, "DC_BPT", "Dynamic") as session:` is in the charge loop and cycles.

    `on_target(power_w)` is awaited in every cycle with what the car's converter shall carry (AC: what the charger asks,
    within the car's limits; DC: what the charger delivers); it may return what really flows and must be quick.
    `pilot(state)` sets the control pilot: "C" to start, "B" after stopping. `period_s` is from one charge loop request
    to the next; the standard wants the next one within 0.25 s of the answer [V2G20-1499], [V2G20-1501].

    `resume` asks for the session that `stop("Pause")` left, by its id. A charger that joins it keeps authorisation and
    service, so the car goes on with its charge parameters [V2G20-1032], [V2G20-1843]; one that starts a new session
    instead [V2G20-2626], as the emulated one does, is followed through all steps.

    Entering raises V2gError and its kin when the charger does not come along; the session is then stopped in order.
    Afterwards the background loop raises nothing: it ends, and `failure` holds why (also raised by `until`).
    """

    _drive: Drive

    def __init__(
        self,
        evcc: Evcc,
        service: str | None = None,
        control_mode: str | None = None,
        *,
        want_w: float | None = None,
        mobility_needs: Literal["EVCC", "SECC"] | None = None,
        on_target: OnTarget | None = None,
        pilot: Pilot | None = None,
        period_s: float = 0.2,
        resume: bool = False,
    ) -> None:
        self.evcc = evcc
        self.target = Target(power_w=None)
        self.present = Present(0.0, evcc.battery.soc_pct)
        self.notification: str | None = None
        self.failure: V2gError | None = None
        self.response: Body = {}
        self.cycles = 0
        self._service, self._mode, self._needs = service, control_mode, mobility_needs
        self._want_w, self._resume = want_w, resume
        self._on_target, self._pilot, self._period_s = on_target, pilot, period_s
        self._stage: Literal["outside", "set up", "pilot C", "energised"] = "outside"
        self._pilot_state = "B"
        self._turn, self._news = asyncio.Lock(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def want(self, power_w: float | None) -> None:
        """What the car wants in Scheduled mode, where the car decides: W, − discharging; None follows the schedule.

        It stays within the car's, the charger's and the schedule's limits. In Dynamic mode the charger decides.
        """
        self._want_w = power_w

    def lower(self, *, charge_w: float, discharge_w: float, by_phase: bool = False) -> None:
        """From the next cycle on the car says that it takes and gives at most so much (W, both positive).

        An AC car on three phases may say it `by_phase`, a third for each.
        """
        self.evcc.requests.lower(max_charge_power_w=charge_w, max_discharge_power_w=discharge_w)
        self.evcc.requests.by_phase = by_phase

    def lower_current(self, *, charge_a: float, discharge_a: float) -> None:
        """From the next cycle on a DC car says that it takes and gives at most so much (A, both positive)."""
        self.evcc.requests.lower(max_charge_current_a=charge_a, max_discharge_current_a=discharge_a)

    def lower_voltage(self, *, most_v: float) -> None:
        """From the next cycle on a DC car says that it may be charged up to so much (V)."""
        self.evcc.requests.lower(max_voltage_v=most_v)

    @property
    def running(self) -> bool:
        """Whether the background loop still cycles."""
        return self._task is not None and not self._task.done()

    async def until(self, test: Callable[[ChargingSession], bool], what: str, within_s: float) -> None:
        """Wait until `test` holds after some cycle. Raises V2gTimeout, or the failure that ended the session."""
        with self.evcc.waiting(what, within_s):
            try:
                async with asyncio.timeout(within_s):
                    while not test(self):
                        if not self.running:
                            raise self.failure or V2gError(f"the session ended while waiting for {what}")
                        self._news.clear()
                        await self._news.wait()
            except TimeoutError as error:
                now = f"{self.present.power_w:.0f} W, asked {self.target.power_w}"
                raise V2gTimeout(f"waited {within_s:g} s for {what}; last seen {now}") from error

    @contextlib.asynccontextmanager
    async def between_cycles(self) -> AsyncIterator[Evcc]:
        """Hold the background loop and have the car for steps of your own; the charger waits 0.5 s at most."""
        async with self._turn:
            yield self.evcc

    async def stop(self, ending: Literal["Terminate", "Pause"] = "Terminate") -> None:
        """End the loop, then PowerDelivery(Stop), welding detection (DC) and SessionStop, then close."""
        if self._task is not None and self._task is not asyncio.current_task():
            if self.notification not in ENDINGS:  # else the loop is saying goodbye itself
                async with self._turn:  # a cycle in flight gets its answer first
                    self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._leave(ending)

    async def __aenter__(self) -> ChargingSession:
        try:
            await self._walk()
            await self._cycle()
        except NotOffered:
            await self._leave("Terminate")
            raise
        except V2gError as error:
            self.failure = error
            await self._leave("Terminate")
            raise
        except BaseException:
            await self._leave("Terminate")
            raise
        self._task = asyncio.create_task(self._loop(), name=f"v2g {self.evcc.session} charge loop")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _walk(self) -> None:
        evcc = self.evcc
        await evcc.discover()
        await evcc.connect()
        kind = (self._service or evcc.vehicle.services[0])[:2]
        await evcc.negotiate([f"ISO 15118-20 {kind}"])
        how: How = {"session_id": evcc.session_id} if self._resume else {}
        setup = self._good(await evcc.session_setup(**how))
        self._stage = "set up"
        if not (self._resume and setup.get("ResponseCode") == "OK_OldSessionJoined"):
            await self._agree()
        self._good(await evcc.charge_parameter_discovery())
        self._good(await evcc.schedule_exchange())
        self._drive = Drive(evcc)
        if kind == "DC":
            self._stage = "pilot C"
            await self._set_pilot("C")
            self._good(await evcc.cable_check())
            self._good(await evcc.pre_charge())
        self._stage = "energised"
        discharge = self._want_w is not None and self._want_w < 0
        after_send = None if kind == "DC" else (lambda: self._set_pilot("C"))
        self._good(await evcc.power_delivery("Start", discharge=discharge, after_send=after_send))

    async def _agree(self) -> None:
        """Authorisation and choice of service."""
        evcc = self.evcc
        self._good(await evcc.authorization_setup())
        response = self._good(await evcc.authorize())
        code = str(response.get("ResponseCode", ""))
        if code.startswith(NOT_AUTHORISED):  # a warning leaves the session open, but not to any service [V2G20-2219]
            raise NotOffered(f"the charger does not authorise the car: {code}")
        self._good(await evcc.service_discovery())
        service = self._choose(evcc.offered_services)
        self._good(await evcc.service_detail(service))
        self._good(await evcc.service_selection(service, self._mode, mobility_needs=self._needs))

    def _choose(self, offered: list[str]) -> str:
        wanted = [self._service] if self._service else list(self.evcc.vehicle.services)
        for service in wanted:
            if service in offered:
                return service
        raise NotOffered(f"the charger offers {', '.join(offered) or 'nothing'}; the car wants {', '.join(wanted)}")

    async def _loop(self) -> None:
        clock = asyncio.get_running_loop().time
        try:
            while self.notification not in ENDINGS:
                started = clock()
                async with self._turn:
                    await self._cycle()
                await asyncio.sleep(max(0.0, self._period_s - (clock() - started)))
            await self._leave("Pause" if self.notification == "Pause" else "Terminate")
        except V2gError as error:
            self.failure = error
        finally:
            self.evcc.battery.power_w = 0.0
            self._news.set()

    async def _cycle(self) -> None:
        evcc, drive = self.evcc, self._drive
        target_a, target_v = drive.ask(self._want_w, self.target)
        present_w = 0.0 if drive.dc else self.present.power_w
        response = await evcc.charge_loop(present_w=present_w, target_a=target_a, target_v=target_v)
        self.response = self._good(response)
        with evcc.reading():
            self.target, self.notification = answers.read_target(response), answers.notification(response)
        flows_w = drive.flows_w(self._want_w, self.target)
        if self._on_target is not None:
            really_w = await self._on_target(flows_w)
            flows_w = flows_w if really_w is None else really_w
        evcc.battery.power_w = flows_w
        self.present = Present(flows_w, evcc.battery.soc_pct, self.target.voltage_v, self.target.current_a)
        self.cycles += 1
        self._news.set()

    async def _leave(self, ending: Literal["Terminate", "Pause"]) -> None:
        stage, self._stage = self._stage, "outside"
        evcc = self.evcc
        evcc.battery.power_w = 0.0
        try:
            # After a FAILED answer or a missing one a car says no more and closes.
            with contextlib.suppress(V2gError):  # a charger that does not answer the goodbye is in the trace
                if stage == "energised" and self.failure is None:
                    await evcc.power_delivery("Stop")
                    await self._set_pilot("B")
                    if (evcc.service or "").startswith("DC"):
                        await evcc.welding_detection()
                if stage != "outside" and self.failure is None:
                    await evcc.session_stop(ending)
        finally:
            if self._pilot_state == "C":
                await self._set_pilot("B")
            await evcc.close()

    async def _set_pilot(self, state: str) -> None:
        self._pilot_state = state
        if self._pilot is not None:
            await self._pilot(state)

    def _good(self, response: Body) -> Body:
        if answers.failed(response):
            code = str(response["ResponseCode"])
            raise Refused(f"the charger answered {code}", code)
        return response
