"""One campaign while it runs: its cases one by one, how each ended, and bringing the charger back after each."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec

from harness.campaign.charger._lost import claim_of_the_lost
from harness.campaign.charger._presence import Presence
from harness.campaign.charger._search import Search
from harness.campaign.machine._loop import LoopThread
from harness.hands import DutAbsent, Ports, Stand
from harness.judge import SLOW_S, doubts_of
from harness.operator import NoAnswer
from harness.plan import Plan, PlannedCase
from harness.trace import Recorder, Trace

RESTORE_WITHIN_S = 60.0
HASTY_RESTORE_WITHIN_S = 5.0  # when a person who broke the run off waits for it
_MORE_S = 10.0  # for the loop to give a case up that has reached its bound

Body = Callable[[Stand], Coroutine[Any, Any, None]]


class CaseBroke(RuntimeError):
    """Case or harness raised what is no exception to be caught (SystemExit, pytest's skip)."""


class Campaign:
    """Runs cases on one event loop in its own thread; what they hold is the stand."""

    def __init__(
        self, plan: Plan, ports: Ports, overlay: Path | None = None, say: Callable[[str], None] = lambda _: None
    ) -> None:
        self.plan = plan
        self.ports = ports
        self.overlay = overlay
        self.loop = LoopThread()
        self.stand = Stand(ports, plan.limits, {each.id: each.judges for each in plan.purposes if each.judges})
        self.stop_asked = threading.Event()
        self._outcome: tuple[str, str] = ("error", "")
        self._begun = False
        self._absent = False  # whether the running case ended because the charger was not there
        self._broken_off = False
        self._say = say
        self.presence = Presence(ports)
        self._search = Search(self.stand, self.presence, say)
        self._case_before = "its arrival"
        self.lost: DutAbsent | None = None

    @property
    def recorder(self) -> Recorder:
        """The only writer of the trace."""
        return self.ports.recorder

    def run_case(self, case: PlannedCase, body: Body, serves: tuple[str, ...] = ()) -> None:
        """Run a case from its start mark to its end mark; raises nothing but KeyboardInterrupt and disk errors.

        Once the charger is lost, what needs it is not tried any more.
        """
        if self.recorder.full is not None:  # the case before came to its end in what room was kept
            raise self.recorder.full
        lost = self._look_for_the_lost() if case.needs.csms else None
        self.start_case(case, serves)
        if lost is not None:
            self.failed(lost)
            claim_of_the_lost(self.stand, self.plan)
            self.end_case(restore=False)
            return
        try:
            self._run(case, body)
        except KeyboardInterrupt:
            self.break_off()
            raise
        finally:
            self.end_case()

    def start_case(self, case: PlannedCase, serves: tuple[str, ...] = ()) -> None:
        """Mark the case's start in the trace."""
        self.recorder.case = case.id
        self.stand.begin(case, serves)
        conditions = msgspec.to_builtins(case.conditions)
        about = {"title": case.title, "function": case.function, "purposes": list(case.purposes)}
        self._tell("case.started", {**about, "conditions": conditions})
        self._outcome, self._begun, self._absent = ("error", "the case was not run to its end"), False, False

    def _tell(self, kind: str, data: dict[str, Any]) -> None:
        """An event about the running case, and so about its station and EVSE."""
        evse = self.stand.running.conditions.evse or None
        self.recorder.record(kind, "harness", data, station=self.ports.station, evse=evse)

    def _run(self, case: PlannedCase, body: Body) -> None:
        """Run the case's coroutine to its end or its bound; its outcome says how it ended, never a verdict."""
        try:
            self.loop.run(_bounded(self._whole(case, body), case.worst_s), case.worst_s + _MORE_S)
            self._outcome = ("completed", "")
        except Exception as error:
            self.failed(error)

    def _look_for_the_lost(self) -> DutAbsent | None:
        """One that may be gone gets the time of a boot, then what could cure it is tried once; then it is lost."""
        if self.lost is None:
            words = self.loop.run(self._search.go(self._case_before))
            self.lost = None if words is None else DutAbsent(words)
        return self.lost

    async def _whole(self, case: PlannedCase, body: Body) -> None:
        """The states before, then the case itself; an event between them says that the stimulus begins."""
        async with self.presence.or_gone():
            await self.stand.before.reach(case.before)
            self._begun = True
            self._tell("case.begun", {"before": list(case.before)})
            await body(self.stand)

    def failed(self, error: Exception) -> None:
        """How the running case ended: waits that came to nothing are not the harness's fault, the unknown is."""
        came_to_nothing = isinstance(error, TimeoutError | ConnectionError)
        self._absent = isinstance(error, DutAbsent) or (came_to_nothing and self.presence.away_s > 0)
        if isinstance(error, NoAnswer):
            self._outcome = ("pending", str(error))
        elif isinstance(error, TimeoutError):
            self._outcome = ("not_seen", str(error) or "the charger did not do in time what the case waited for")
        elif isinstance(error, ConnectionError):
            self._outcome = ("not_seen", f"the connection to the charger broke: {error}")
        elif getattr(error, "blames_dut", False):  # it answers the car wrongly, say
            self._outcome = ("not_seen", str(error))
        else:
            detail = f"{type(error).__name__}: {error}"
            self.recorder.record("harness.error", "harness", {"detail": detail, "traceback": _frames(error)})
            self._outcome = ("error", detail)

    def break_off(self) -> None:
        """A person ended the run: the case proves nothing, and the charger is brought back in short."""
        self._broken_off = True
        self._outcome = ("not_seen", "a person broke the run off")
        self.recorder.record("case.broken_off", "operator", {"restore_within_s": HASTY_RESTORE_WITHIN_S})

    def end_case(self, *, restore: bool = True) -> None:
        """Bring the charger back, and mark the case's end."""
        self.recorder.step = None
        restored = ""
        patience_s = max(RESTORE_WITHIN_S, self.ports.profile.pixit.reconnect_s + 30)
        bound_s = HASTY_RESTORE_WITHIN_S if self._broken_off else patience_s
        try:
            if restore:
                back = self.stand.let_go() if self.presence.gone() else self.stand.restore()
                self.loop.run(_bounded(back, bound_s), bound_s + _MORE_S)
        except Exception as error:
            restored = f"after the case: {type(error).__name__}: {error}"
            self._absent = self._absent or (isinstance(error, DutAbsent) and self._outcome[0] == "not_seen")
            if not isinstance(error, TimeoutError | ConnectionError):
                self.recorder.record("harness.error", "harness", {"detail": restored, "traceback": _frames(error)})
        outcome, detail = self._outcome
        if outcome == "not_seen" and (why := self._came_between()):
            detail = f"{detail}; {why}"
        restored = restored or self._still_owed()
        ended = {"outcome": outcome, "detail": detail, "begun": self._begun, "restored": restored or "as before"}
        ended["lost"] = self._absent
        self._tell("case.ended", ended)
        self._case_before = self.recorder.case or self._case_before
        self.recorder.case = None
        self.stand.begin(None)

    def _came_between(self) -> str:
        """What the bench itself did while the running case ran, in plain words: it may be why nothing was seen."""
        events = self.recorder.events
        begun = next((e.t_ns for e in reversed(events) if e.kind == "case.started"), 0)
        now = self.recorder.clock.mono_ns()
        found = [d for d in doubts_of(Trace(events)) if not d.lost_s or d.lost_s >= SLOW_S]
        return "; ".join(d.why for d in found if d.touches(begun, now))

    def _still_owed(self) -> str:
        """What keeps the charger from being as it was before, in plain words; "" when nothing does."""
        owed = self.ports.owed
        owed.flush()
        if words := owed.owed.words(profiles=False):
            return f"not all is as before, and it stays owed: {'; '.join(words)}"
        unread = next(iter(owed.unread.values()), "")
        return f"as before as far as it could be read: {unread}" if unread else ""


async def _bounded(body: Coroutine[Any, Any, None], bound_s: float) -> None:
    try:
        async with asyncio.timeout(bound_s) as bound:
            await body
    except TimeoutError as error:  # a wait of the case that ran out is no fault of the case's own bound
        if bound.expired():
            raise TimeoutError(f"the case did not end within {bound_s:g} s") from error
        raise
    except (Exception, asyncio.CancelledError):
        raise
    except BaseException as error:  # let through, it would end the loop that everything lives in
        raise CaseBroke(f"{type(error).__name__}: {error}") from error


def _frames(error: BaseException) -> list[str]:
    """Where it was raised, without this machine's paths."""
    frames, at = [], error.__traceback__
    while at is not None:
        frames.append(f"{Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno} {at.tb_frame.f_code.co_name}")
        at = at.tb_next
    return frames[-8:]
