"""Once the network was gone, it waits for somebody to switch it off and on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

FOR_EVER_S = 1e6


def _break(station: Station) -> None:
    connection = ocpp_of(station).connection

    def once_only(back_off_s: Callable[[], float]) -> Callable[[], float]:
        def wait() -> float:
            return FOR_EVER_S if connection._failures else back_off_s()

        return wait

    swap(connection, "back_off_s", once_only)


DEFECT = Defect(
    name="never-reconnects",
    title="Does not come back after a loss of the network",
    what_is_broken="Once an attempt to reconnect has failed, the charger makes no other until it is switched on anew.",
    must_fail=("OCPP-P4.P001", "OCPP-E04.P001"),
    run=("SC-05.1", "SC-05.2", "SC-05.4"),
    smoke=False,
    apply=_break,
)
