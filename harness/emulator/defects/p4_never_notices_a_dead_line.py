"""Sends no pings, whatever their interval is set to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    connection = ocpp_of(station).connection

    def dial(inner: Any) -> Any:
        async def without_pings(*given: Any, **named: Any) -> Any:
            return await inner(*given, **{**named, "ping_interval": None, "ping_timeout": None})

        return without_pings

    swap(connection, "dial", dial)


DEFECT = Defect(
    name="never-notices-a-dead-line",
    title="Never notices that its line is dead",
    what_is_broken="When nothing comes through any more and nobody closes the connection, the charger waits for ever.",
    must_fail=("OCPP-P4.P104",),
    run=("OCPP-P4.P104",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
