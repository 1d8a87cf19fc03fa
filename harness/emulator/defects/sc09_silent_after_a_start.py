"""Does not tell its connectors' states after a start, only when they change."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Report = Callable[..., Coroutine[Any, Any, None]]


def _break(station: Station) -> None:
    status = ocpp_of(station).status

    def mute(_: Report) -> Report:
        async def nothing(*, everything: bool) -> None:
            """The backend may think what it likes; what is told from here on are changes."""
            for told in (status._told, status._known):
                told.update({connector: status.of(connector) for connector in (1, 2)})

        return nothing

    swap(status, "report", mute)


DEFECT = Defect(
    name="silent-after-a-start",
    title="Does not report its connectors after a start",
    what_is_broken="After a start the charger does not tell the state of its connectors; it tells changes only.",
    must_fail=("OCPP-G01.P001",),
    run=("SC-09.1", "SC-09.2"),
    apply=_break,
)
