"""Under a limit of zero it still says Charging."""

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
            if tx is None or tx.charging_state != "Charging" or client.plant.pilot != "C":
                inner()

        return blind

    swap(transactions, "watch_charging_state", watch)


DEFECT = Defect(
    name="says-charging-at-zero",
    title="Says Charging although it gives nothing",
    what_is_broken="When a limit of zero has taken the power away, the session is still told as charging.",
    must_fail=("OCPP-E01.P005",),
    run=("OCPP-E01.P005",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
