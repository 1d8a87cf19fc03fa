"""Puts one connector of an EVSE back into service, and leaves the other one out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Put = Callable[..., bool]


def _break(station: Station) -> None:
    def first_alone(put: Put) -> Put:
        def one(connector: int | None, *, operative: bool) -> bool:
            return put(1 if operative and connector is None else connector, operative=operative)

        return one

    for evse in ocpp_of(station).evses.values():
        swap(evse.status, "put", first_alone)


DEFECT = Defect(
    name="leaves-a-connector-out-of-service",
    title="Leaves a connector out of service",
    what_is_broken="When an EVSE goes back into service, its first connector does, and the others stay unavailable.",
    must_fail=("OCPP-G03.P401",),
    run=("OCPP-G03.P401",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
