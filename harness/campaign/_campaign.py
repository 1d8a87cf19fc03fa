"""One campaign while it runs: its PCOs, its cases, and bringing the charger back after each of them."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from harness.bench import Bench, BenchError
from harness.campaign._car import Car
from harness.campaign._faces import Claims, Contract, Steps
from harness.campaign._firmware import FirmwareOffer
from harness.campaign._loop import LoopThread
from harness.campaign._settings import Settings
from harness.csms import Csms, Station
from harness.judge import ResolvedLimit
from harness.judge.core_ocpp import connector_states
from harness.operator import NoAnswer, Operator, Prompt
from harness.plan import Plan, PlannedCase
from harness.profile import Profile
from harness.trace import Event, Recorder

T = TypeVar("T")

RESTORE_WITHIN_S = 60.0
HASTY_RESTORE_WITHIN_S = 5.0  # when a person who broke the run off waits for it
SAID_WITHIN_S = 15.0  # for what a charger says by itself after a start or a session; slow ones take several seconds


class DutAbsent(TimeoutError):
    """The charger is not connected; the text says since when and how long we waited."""


class Campaign:
    """What fixtures hand to cases. All coroutines run on one loop in its own thread."""

    def __init__(
        self,
        plan: Plan,
        profile: Profile,
        profile_path: Path,
        recorder: Recorder,
        folder: Path,
        overlay: Path | None = None,
    ) -> None:
        self.plan = plan
        self.profile = profile
        self.profile_path = profile_path
        self.overlay = overlay
        self.recorder = recorder
        self.folder = folder
        self.loop = LoopThread()
        self.contract = Contract(plan.limits)
        self.steps = Steps(recorder)
        self.claims = Claims(recorder, self.criteria_of_running_case)
        self.csms: Csms = None  # type: ignore[assignment]  # set by the opener before any case runs
        self.bench: Bench = None  # type: ignore[assignment]
        self.operator: Operator | None = None
        self.v2g: Any = None
        self.emulator_ready: dict[str, Any] = {}
        self.car = Car(self)
        self._firmware: FirmwareOffer | None = None
        self.settings = Settings(self)
        self._cases = {case.id: case for case in plan.cases}
        self._restores: list[Any] = []
        self._broken_off = False
        self.stop_asked = threading.Event()

    def criteria_of_running_case(self) -> tuple[str, ...]:
        """What the running case may claim of."""
        return self._cases[self.recorder.case or ""].criteria

    # -- the charger -------------------------------------------------------------------------------------------------

    async def connected_station(self, within_s: float | None = None) -> Station:
        """The station, connected and booted, in the running case's version of OCPP. Raises DutAbsent."""
        await self._speak(self._version_of_running_case())
        return await self._until_connected(within_s)

    async def _until_connected(self, within_s: float | None = None) -> Station:
        pixit = self.profile.pixit
        bound_s = within_s or pixit.reconnect_s
        try:
            with self.recorder.waiting(f"{pixit.identity} is connected", "dut", bound_s):
                return await self.csms.station(pixit.identity, within_s=bound_s)
        except TimeoutError as error:
            raise DutAbsent(f"{pixit.identity} was not connected within {bound_s:g} s: {error}") from error

    def _version_of_running_case(self) -> str | None:
        case = self._cases.get(self.recorder.case or "")
        return f"ocpp{case.needs['ocpp']}" if case is not None and "ocpp" in case.needs else None

    async def _speak(self, version: str | None) -> None:
        """Let the charger connect again when a case is about another version of OCPP than the one it speaks now."""
        station = self.csms.stations.get(self.profile.pixit.identity)
        if version is None:  # any will do: one that does not know the last case's may come in again
            if (station is None or not station.connected) and self.profile.pco.csms is not None:
                self.csms.versions = self.profile.pco.csms.versions
            return
        if self.csms.versions == (version,):
            return
        self.csms.versions = (version,)
        if station is not None and station.connected and station.version != version:
            await self.settings.quick_reconnect()
            await self.csms.disconnect(self.profile.pixit.identity, f"please speak {version}")

    def station(self) -> Station:
        """The same for pytest's thread."""
        return self.loop.run(self.connected_station())

    async def ask_to_authorise(self) -> None:
        """Have a person present a card at the charger."""
        if self.operator is None:
            raise BenchError("operator", None, "nobody is there to present a card (pco.operator)")
        await self.operator.ask(
            Prompt(
                id="authorise",
                text="Present the charging card at the charger, then confirm.",
                kind="yes_no",
                why="the profile says that charging is authorised at the charger",
            )
        )

    async def marked(self, action: Coroutine[Any, Any, Any], kind: str) -> Event:
        """Do something and return the event of this kind that it left in the trace."""
        before = len(self.recorder.events)
        await action
        return next(e for e in self.recorder.events[before:] if e.kind == kind)

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
        self.recorder.record("case.cut_short", "dut", {"detail": f"{type(error).__name__}: {error}"})

    async def quiet(self, within_s: float, for_s: float = 0.7) -> None:
        """Wait until the charger has sent nothing for `for_s` seconds, at most `within_s`."""
        clock = self.recorder.clock
        end_ns = clock.mono_ns() + int(within_s * 1e9)
        with self.recorder.waiting("the charger has said what it had to say", "dut", within_s):
            while clock.mono_ns() < end_ns:
                last_ns = next((e.t_ns for e in reversed(self.recorder.events) if e.kind == "ocpp.frame"), 0)
                left_s = for_s - (clock.mono_ns() - last_ns) / 1e9
                if left_s <= 0:
                    return
                await asyncio.sleep(left_s)

    async def until_status(self, state: str, since: Event) -> None:
        """Wait until the charger has told this state of the connector (G01), at most `SAID_WITHIN_S`."""
        station, evse = await self.connected_station(), self.profile.pixit.evse_id
        clock = self.recorder.clock
        end_ns = clock.mono_ns() + int(SAID_WITHIN_S * 1e9)
        with self.recorder.waiting(f"the connector is reported {state}", "dut", SAID_WITHIN_S):
            while clock.mono_ns() < end_ns:
                if any(told == state for m in station.messages(since=since) for told in connector_states(m, evse)):
                    return
                await asyncio.sleep(0.1)

    async def dwell(self, for_s: float, why: str) -> None:
        """Let time pass that the contract or the charger asks for, under a name in the trace."""
        with self.recorder.waiting(why, "contract", for_s):
            await asyncio.sleep(for_s)

    def firmware(self) -> FirmwareOffer:
        """The vendor's newer firmware. Raises BenchError when the profile gives none."""
        if self._firmware is None:
            self._firmware = FirmwareOffer(self)
        return self._firmware

    def on_restore(self, undo: Any) -> None:
        """Register an async function that puts back what a case changed; run after it, last first."""
        self._restores.append(undo)

    # -- cases -------------------------------------------------------------------------------------------------------

    def start_case(self, case: str) -> None:
        """Mark the case's start in the trace."""
        self.recorder.case = case
        planned = self._cases.get(case)
        self.recorder.record(
            "case.started",
            "harness",
            {"title": planned.title if planned else case, "criteria": list(planned.criteria) if planned else []},
        )
        self._outcome: tuple[str, str] = ("error", "the case was not run to its end")

    def run_case(self, case: str, body: Coroutine[Any, Any, None]) -> None:
        """Run the case's coroutine to its end or its bound; its outcome says how it ended, never a verdict."""
        planned: PlannedCase | None = self._cases.get(case)
        bound_s = last_resort_s(planned.estimate_s if planned else 10.0, self.plan.limits)
        try:
            self.loop.run(_bounded(body, bound_s), bound_s + 10)
            self._outcome = ("completed", "")
        except NoAnswer as error:
            self._outcome = ("pending", str(error))
        except TimeoutError as error:
            self._outcome = ("not_seen", str(error) or f"the case did not end within {bound_s:g} s")
        except ConnectionError as error:
            self._outcome = ("not_seen", f"the connection to the charger broke: {error}")
        except Exception as error:
            self._outcome = self._classify(error)

    def _classify(self, error: Exception) -> tuple[str, str]:
        """A charger that answers the car wrongly is not a harness fault; anything unknown is."""
        if getattr(error, "blames_dut", False):
            return "not_seen", str(error)
        detail = f"{type(error).__name__}: {error}"
        self.recorder.record("harness.error", "harness", {"detail": detail, "traceback": _frames(error)})
        return "error", detail

    def break_off(self) -> None:
        """A person ended the run: the case proves nothing, and the charger is brought back in short."""
        self._broken_off = True
        self._outcome = ("not_seen", "a person broke the run off")
        self.recorder.record("case.broken_off", "operator", {"restore_within_s": HASTY_RESTORE_WITHIN_S})

    def fail_setup(self, case: str, error: BaseException) -> None:
        """A fixture could not be made: the charger is absent, or the harness is at fault."""
        if isinstance(error, TimeoutError | ConnectionError):
            self._outcome = ("not_seen", str(error))
        elif isinstance(error, Exception):
            self._outcome = self._classify(error)

    def end_case(self, case: str, *, restore: bool = True) -> None:
        """Bring the charger back, and mark the case's end."""
        self.recorder.step = None
        restored = ""
        patience_s = max(RESTORE_WITHIN_S, self.profile.pixit.reconnect_s + 30)
        bound_s = HASTY_RESTORE_WITHIN_S if self._broken_off else patience_s
        try:
            if restore:
                self.loop.run(_bounded(self._restore(), bound_s), bound_s + 10)
        except Exception as error:
            restored = f"after the case: {type(error).__name__}: {error}"
            if not isinstance(error, TimeoutError | ConnectionError):
                self.recorder.record("harness.error", "harness", {"detail": restored, "traceback": _frames(error)})
        outcome, detail = self._outcome
        self.recorder.record(
            "case.ended", "harness", {"outcome": outcome, "detail": detail, "restored": restored or "as before"}
        )
        self.recorder.case = None

    async def _restore(self) -> None:
        """Every case leaves the charger free, unlimited and reachable."""
        for undo in reversed(self._restores):
            with contextlib.suppress(TimeoutError, ConnectionError):
                await undo()
        self._restores.clear()
        try:
            if self.bench is not None and self.bench.has("pilot"):
                await self.car.leave()
        finally:
            if self.bench is not None:
                await self.bench.restore()
        if self.csms is None:
            return
        await self._speak(None)
        station = await self._until_connected()
        if self.profile.declared("smart_charging") == "no":
            return
        await station.clear_charging_profile(evse_id=self.profile.pixit.evse_id)
        await station.clear_charging_profile(purpose="ChargingStationMaxProfile")


def last_resort_s(estimate_s: float, limits: Mapping[str, ResolvedLimit]) -> float:
    """When a case is given up though each of its waits has a bound of its own, in s.

    Later than any contract lets those waits take together: a slow charger must not be cut off by the harness.
    """
    longest_s = max((limit.value for limit in limits.values() if limit.unit == "s"), default=0.0)
    return 90.0 + 5 * estimate_s + 4 * longest_s


async def _bounded(body: Coroutine[Any, Any, None], bound_s: float) -> None:
    async with asyncio.timeout(bound_s):
        await body


def _frames(error: BaseException) -> list[str]:
    """Where it was raised, without this machine's paths."""
    frames, at = [], error.__traceback__
    while at is not None:
        frames.append(f"{Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno} {at.tb_frame.f_code.co_name}")
        at = at.tb_next
    return frames[-8:]
