"""Once its backend has closed the connection in good order, it stays away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

FOR_EVER_S = 1e6
GOOD_ORDER = (1000, 1001)


def _break(station: Station) -> None:
    connection = ocpp_of(station).connection
    dismissed = False

    def watchful(serve: Callable[[Any], Any]) -> Callable[[Any], Any]:
        async def served(socket: Any) -> None:
            nonlocal dismissed
            await serve(socket)
            dismissed = socket.close_code in GOOD_ORDER

        return served

    def patient(back_off_s: Callable[[], float]) -> Callable[[], float]:
        return lambda: FOR_EVER_S if dismissed else back_off_s()

    swap(connection, "_serve", watchful)
    swap(connection, "back_off_s", patient)


DEFECT = Defect(
    name="takes-a-goodbye-for-good",
    title="Does not come back after a polite close",
    what_is_broken="When the backend closes the connection in good order, the charger makes no other attempt.",
    must_fail=("OCPP-P4.P101",),
    may_fail=(
        "OCPP-P4.P001",
        "OCPP-P4.P102",
        "OCPP-P4.P103",
        "OCPP-P4.P104",
        "OCPP-P4.P105",
        "OCPP-E04.P001",
    ),  # once it is gone, it is gone
    run=("SC-05.1",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
