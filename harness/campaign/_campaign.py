"""One campaign while it runs: its PCOs, its cases, and bringing the charger back after each of them."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any

from harness.bench import Bench
from harness.campaign._car import Car
from harness.campaign._faces import Claims, Contract, Steps
from harness.campaign._firmware import FirmwareOffer
from harness.campaign._loop import LoopThread
from harness.campaign._settings import Settings
from harness.campaign._waits import Waits
from harness.csms import Csms
from harness.judge import ResolvedLimit
from harness.operator import NoAnswer, Operator
from harness.plan import Plan, PlannedCase
from harness.profile import Profile
from harness.trace import Recorder

RESTORE_WITHIN_S = 60.0
HASTY_RESTORE_WITHIN_S = 5.0  # when a person who broke the run off waits for it


class Campaign(Waits):
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

    # -- what cases take and give back -------------------------------------------------------------------------------

    def firmware(self) -> FirmwareOffer:
        """The vendor's newer firmware. Raises BenchError when the profile gives none."""
        if self._firmware is None:
            self._firmware = FirmwareOffer(self)
        return self._firmware

    def on_restore(self, undo: Any) -> None:
        """Register an async function that puts back what a case changed; run after it, last first."""
        self._restores.append(undo)

    async def undo(self) -> None:
        """Put back what was changed so far, last first."""
        for undo in reversed(self._restores):
            with contextlib.suppress(TimeoutError, ConnectionError):
                await undo()
        self._restores.clear()

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
            self._outcome = ("not_seen", str(error) or "the charger did not do in time what the case waited for")
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
        await self.undo()
        try:
            if self.bench is not None and self.bench.has("pilot"):
                await self.car.leave()
        finally:
            if self.bench is not None:
                await self.bench.restore()
        if self.csms is None:
            return
        await self.speak(None)
        station = await self.until_connected()
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
    try:
        async with asyncio.timeout(bound_s) as bound:
            await body
    except TimeoutError as error:  # a wait of the case that ran out is no fault of the case's own bound
        if bound.expired():
            raise TimeoutError(f"the case did not end within {bound_s:g} s") from error
        raise


def _frames(error: BaseException) -> list[str]:
    """Where it was raised, without this machine's paths."""
    frames, at = [], error.__traceback__
    while at is not None:
        frames.append(f"{Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno} {at.tb_frame.f_code.co_name}")
        at = at.tb_next
    return frames[-8:]
