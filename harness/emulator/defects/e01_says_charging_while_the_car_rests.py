"""A car that rests is still told as charging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    transactions = client.transactions

    def watch(inner: Any) -> Any:
        def blind() -> None:
            tx = transactions.current
            if tx is None or tx.charging_state != "Charging" or client.plant.pilot != "B":
                inner()

        return blind

    swap(transactions, "watch_charging_state", watch)


DEFECT = Defect(
    name="says-charging-while-the-car-rests",
    title="Says Charging while the car rests",
    what_is_broken=(
        "When the car pauses by itself, the charger does not tell so: the session is in the state Charging "
        "for the backend."
    ),
    must_fail=("OCPP-E01.P004",),
    run=("OCPP-E01.P004",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
