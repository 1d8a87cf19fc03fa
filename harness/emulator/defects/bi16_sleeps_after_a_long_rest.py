"""A setpoint of zero that stood for more than 6 s ends the transfer of this session: a new setpoint wakes nothing."""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

LONG_S = 6.0


def _break(station: Station) -> None:
    plant = station.plant
    state: dict[str, Any] = {"since": None, "asleep": False}

    def allow(inner: Any) -> Any:
        def put(limits: Any) -> None:
            now, rested_since = time.monotonic(), state["since"]
            if limits.setpoint_w == 0 and plant.dc.charging:
                state["since"] = rested_since or now
            elif limits.setpoint_w is not None:
                state["asleep"] = state["asleep"] or (rested_since is not None and now - rested_since > LONG_S)
                state["since"] = None
            inner(dataclasses.replace(limits, setpoint_w=0.0) if state["asleep"] else limits)

        return put

    def enable(inner: Any) -> Any:
        def switch(on: bool) -> None:
            if not on:
                state.update(since=None, asleep=False)
            inner(on)

        return switch

    swap(plant, "allow", allow)
    swap(plant, "enable", enable)


DEFECT = Defect(
    name="sleeps-after-a-long-rest",
    title="Does not wake after a setpoint of zero for 6 s",
    what_is_broken="After a setpoint of zero for more than 6 s nothing flows any more in this session.",
    must_fail=("OCPP-Q04.P104",),
    run=("OCPP-Q04.P104",),
    depth="acceptance",
    apply=_break,
)
