"""When a session has ended, its connector is told as Available, plug or no plug."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def of(inner: Any) -> Any:
        def state(connector: int) -> str:
            told = str(inner(connector))
            return "Available" if told == "Occupied" and client.transactions.current is None else told

        return state

    swap(client.status, "of", of)


DEFECT = Defect(
    name="available-with-the-plug-in",
    title="Says Available with the plug still in",
    what_is_broken=(
        "A connector is told as Available as soon as its session has ended, although the car is still plugged in."
    ),
    must_fail=("OCPP-G01.P102",),
    run=("OCPP-G01.P102",),
    may_fail=("OCPP-G01.R003",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
