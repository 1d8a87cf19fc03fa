"""Takes a close for policy violation as a verdict for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    connection = ocpp_of(station).connection

    def serve(inner: Any) -> Any:
        async def once(socket: Any) -> None:
            await inner(socket)
            if socket.close_code == 1008:
                connection.cut.set()

        return once

    swap(connection, "_serve", serve)


DEFECT = Defect(
    name="stays-away-after-1008",
    title="Stays away after close code 1008",
    what_is_broken="When the backend closes the connection with code 1008, the charger does not come back.",
    must_fail=("OCPP-P4.P103",),
    run=("OCPP-P4.P103",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
