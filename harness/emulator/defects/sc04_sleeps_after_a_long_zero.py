"""A limit of zero that stood for more than 6 s ends the delivery of this session: a higher limit does not resume it."""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    plant = station.plant
    state: dict[str, Any] = {"since": None, "asleep": False}

    def allow(inner: Any) -> Any:
        def put(limits: Any) -> None:
            now = time.monotonic()
            if limits.charge_w <= 0 and plant.enabled:
                state["since"] = state["since"] or now
            else:
                if state["since"] is not None and now - state["since"] > 6.0 and plant.enabled:
                    state["asleep"] = True
                state["since"] = None
            inner(dataclasses.replace(limits, charge_w=0.0, per_phase_a=0.0) if state["asleep"] else limits)

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
    name="sleeps-after-a-long-zero",
    title="Does not wake after zero for more than 6 s",
    what_is_broken=(
        "A limit of zero that stood for more than 6 s ends the delivery of this session: a higher limit does "
        "not resume it."
    ),
    must_fail=("OCPP-K01.P109",),
    run=("OCPP-K01.P109",),
    depth="acceptance",
    apply=_break,
)
