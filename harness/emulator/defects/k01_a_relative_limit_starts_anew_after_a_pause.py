"""Begins a relative schedule anew after a pause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    transactions = client.transactions

    def watch(plain: Any) -> Any:
        def anew() -> None:
            tx = transactions.current
            before = tx.charging_state if tx is not None else ""
            plain()
            if tx is not None and before == "SuspendedEV" and tx.charging_state == "Charging":
                tx.power_path_at = client.time.now()
                client.evses.refresh()

        return anew

    swap(transactions, "watch_charging_state", watch)


DEFECT = Defect(
    name="a-relative-limit-starts-anew-after-a-pause",
    title="Begins a relative schedule anew after a pause",
    what_is_broken="When the car goes on after a pause, a schedule that counts from the session starts again.",
    must_fail=("OCPP-K01.P143",),
    run=("OCPP-K01.P143",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
