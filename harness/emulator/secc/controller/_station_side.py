"""The controller's memory: the station's last word, the car's choices, and the power that follows from both."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from iso15118.secc.controller.interface import EVSEControllerInterface
from iso15118.shared.messages.enums import Protocol

from harness.emulator.secc._messages import SeccConfig, SeccEvent, StationLimits
from harness.emulator.secc.controller._limits import Bounds, EvBounds, common_bounds, station_bounds, wanted_power
from harness.emulator.secc.controller._values import ac_bounds, dc_bounds, fresh_ev_context


class StationSide(EVSEControllerInterface):  # type: ignore[misc]
    """The station's last word, what the car has chosen so far, and the way to tell the station.

    `send` takes every event. One session at a time: `begin` starts with a blank memory of the car.
    """

    def __init__(self, config: SeccConfig, send: Callable[[SeccEvent], None]) -> None:
        super().__init__()
        self.config = config
        self.station = StationLimits()
        self.session = 0
        self.service = ""
        self.control_mode = ""
        self.single_phase = False
        self.charging = False
        self.cable_checked = False
        self._send = send
        self._changed = asyncio.Event()
        self.begin(0)

    def feed(self, station: StationLimits) -> None:
        """Take the station's word; whoever waits for a contactor looks again."""
        self.station = station
        self._changed.set()

    def begin(self, session: int) -> None:
        """A new car: forget the last one."""
        self.session = session
        self.service = self.control_mode = ""
        self.single_phase = self.charging = self.cable_checked = False
        self.ev_data_context = fresh_ev_context()
        self.set_selected_protocol(Protocol.UNKNOWN)

    def tell(self, what: str, **data: Any) -> None:
        """Send an event of the current session."""
        self._send(SeccEvent(what, self.session, data))

    def select(self, service: str, control_mode: str, parameter_set: int | None = None) -> None:
        """The car chose its service; said once."""
        if (service, control_mode) != (self.service, self.control_mode):
            self.service, self.control_mode = service, control_mode
            self.tell("service_selected", service=service, control_mode=control_mode, parameter_set=parameter_set)

    @property
    def ac(self) -> bool:
        """Whether the selected service is an AC one."""
        return self.service.startswith("AC")

    @property
    def bidirectional(self) -> bool:
        """Whether the selected service lets power flow back."""
        return self.service.endswith("BPT")

    @property
    def phases(self) -> int:
        """Phases the car uses."""
        return 1 if self.single_phase else self.config.phases

    def ev_bounds(self) -> EvBounds:
        """What the car last said it can do."""
        if self.ac:
            return ac_bounds(self.ev_data_context, self.config.nominal_v, self.phases)
        return dc_bounds(self.ev_data_context)

    def own_bounds(self) -> Bounds:
        """What the station permits now."""
        return station_bounds(self.config, self.station, ac=self.ac, bidirectional=self.bidirectional)

    def bounds(self) -> Bounds:
        """What station and car both permit now."""
        return common_bounds(
            self.config,
            self.own_bounds(),
            self.ev_bounds(),
            bidirectional=self.bidirectional,
            dc_u_v=None if self.ac else self.station.u_v,
        )

    def wanted_w(self) -> float:
        """Power to run at now, + to the car."""
        return wanted_power(self.config, self.station.setpoint_w, self.bounds(), self.ev_bounds())

    async def until(self, reached: Callable[[], bool], bound_s: float) -> bool:
        """Wait until the station's word makes `reached` true; False when it does not within the bound."""
        deadline = time.monotonic() + bound_s
        while not reached():
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                return reached()
        return True
