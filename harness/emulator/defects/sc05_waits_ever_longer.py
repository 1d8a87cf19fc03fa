"""Waits twice as long after each attempt to connect that failed, without an end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    connection = ocpp_of(station).connection

    def doubling(back_off_s: Callable[[], float]) -> Callable[[], float]:
        return lambda: back_off_s() * 2.0**connection._failures

    swap(connection, "back_off_s", doubling)


DEFECT = Defect(
    name="waits-ever-longer",
    title="Waits longer and longer between attempts to connect",
    what_is_broken="Each attempt to connect that fails doubles the wait before the next, whatever its settings say.",
    must_fail=("OCPP-P4.P102",),
    run=("OCPP-P4.P102",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
