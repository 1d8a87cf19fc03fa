"""A constant plant of thirty lines, so that the SECC can be run and tried without the station."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from harness.emulator.secc._link import Secc
from harness.emulator.secc._messages import SeccConfig, SeccEvent, StationLimits

_STEP_S = 0.05
_RAMP_W_S = 20_000.0


class StandaloneSimulation:
    """Authorises every car, follows its voltage, and lets the power ramp to what the SECC says is wanted.

    `limits` may be replaced at any time (its electrical fields are overwritten). `listen` hears every event too.
    """

    def __init__(self, limits: StationLimits, listen: Callable[[SeccEvent], None] = lambda _: None) -> None:
        self.limits = msgspec.structs.replace(limits, authorised=True)
        self.secc = Secc(self._heard)
        self._listen = listen
        self._dc = True
        self._wanted_w = self._p_w = self._u_v = 0.0
        self._closed = False
        self._import_wh = self._export_wh = 0.0

    def _heard(self, event: SeccEvent) -> None:
        data = event.data
        if event.what in ("cable_check", "power_on"):
            self._closed = True
        elif event.what == "service_selected":
            self._dc = data["service"].startswith("DC")
        elif event.what == "precharge":
            self._u_v = data["u_v"]
        elif event.what == "loop":
            said_w = None if self._dc else data["ev_present_w"]  # an AC car converts by itself, and says what it does
            wanted_w = data["wanted_w"] if said_w is None else said_w
            self._wanted_w = min(data["charge_w"], max(-data["discharge_w"], wanted_w))
            if self._dc and not self._u_v:
                self._u_v = data["ev_target_u_v"] or data["ev_present_u_v"] or 0.0
        elif event.what in ("power_off", "session_stopped"):
            self._closed, self._wanted_w, self._p_w, self._u_v = False, 0.0, 0.0, 0.0
        self._feed()
        self._listen(event)

    def _feed(self) -> None:
        u_v = self._u_v if self._dc else 230.0
        self.secc.feed(
            msgspec.structs.replace(
                self.limits,
                contactor_closed=self._closed,
                cp_state="C" if self._closed else "B",
                u_v=u_v,
                p_w=self._p_w,
                i_a=self._p_w / u_v if u_v else 0.0,
                import_wh=self._import_wh,
                export_wh=self._export_wh,
            )
        )

    async def run(self, config: SeccConfig, state_dir: Path, seconds: float | None = None) -> None:
        """Serve for `seconds`, or until cancelled. Raises SeccError when the SECC does not come up."""
        await self.secc.start(config, state_dir)
        last, end = time.monotonic(), None if seconds is None else time.monotonic() + seconds
        try:
            while self.secc.running and (end is None or time.monotonic() < end):
                await asyncio.sleep(_STEP_S)
                now = time.monotonic()
                most = _RAMP_W_S * (now - last)
                self._p_w += min(most, max(-most, (self._wanted_w if self._closed else 0.0) - self._p_w))
                self._import_wh += max(0.0, self._p_w) * (now - last) / 3600
                self._export_wh += max(0.0, -self._p_w) * (now - last) / 3600
                last = now
                self._feed()
        finally:
            await self.secc.stop()
