"""Does not wait for the end of a session with a reset that may wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Handle = Callable[[dict[str, Any]], Any]


def _break(station: Station) -> None:
    def impatient(reset: Handle) -> Handle:
        return lambda request: reset({**request, "type": "Immediate"})

    swap(ocpp_of(station).provisioning, "reset", impatient)


DEFECT = Defect(
    name="resets-at-once",
    title="Resets in the middle of a session, although it may wait",
    what_is_broken="Told to reset when it is idle, the charger resets at once while a car charges.",
    must_fail=("OCPP-B12.P001",),
    run=("OCPP-B12.P001",),
    may_fail=("OCPP-B12.R001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
