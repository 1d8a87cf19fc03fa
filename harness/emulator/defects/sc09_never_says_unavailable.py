"""A connector that becomes Unavailable is not reported; every other state is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    status = ocpp_of(station).status

    def of(inner: Callable[[int], str]) -> Callable[[int], str]:
        def never_out_of_service(connector: int) -> str:
            state = inner(connector)
            return "Available" if state == "Unavailable" else state

        return never_out_of_service

    swap(status, "of", of)


DEFECT = Defect(
    name="never-says-unavailable",
    title="Says nothing when it goes out of service",
    what_is_broken="A connector that becomes Unavailable is not reported; every other state is.",
    must_fail=("OCPP-G03.P001",),
    may_fail=("OCPP-G03.R004",),  # where it is left out of service for long enough
    run=("OCPP-G03.P001",),
    depth="acceptance",
    apply=_break,
)
