"""Begins a transaction when energy begins to flow."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.ocpp.transactions._charging_state import Transaction
from harness.emulator.variants._model import Variant, ocpp_of, put, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    ocpp = ocpp_of(station)
    begun: set[str] = set()
    remote: set[str] = set()  # the first event of these tells of the request, whatever began them (F02.FR.21)

    def from_energy_on(tell: Callable[..., None]) -> Callable[..., None]:
        def when_it_flows(tx: Transaction, kind: str, trigger: str, values: Any, **more: Any) -> None:
            if trigger == "RemoteStart":
                remote.add(tx.id)
            if tx.id in begun:
                tell(tx, kind, trigger, values, **more)
            elif tx.charging_state == "Charging" and kind == "Updated":
                begun.add(tx.id)
                tell(
                    tx, "Started", "RemoteStart" if tx.id in remote else "ChargingStateChanged", tx.begin_values, **more
                )
            else:
                tx.told = True  # what is kept from the backend goes on being told here, until energy flows

        return when_it_flows

    put(station, TxCtrlr__TxStartPoint="EnergyTransfer")
    swap(ocpp.transaction_events, "tell", from_energy_on)


VARIANT = Variant(
    name="starts-with-the-energy",
    title="Transactions begin when energy flows",
    what_is_unusual="TxStartPoint is EnergyTransfer: nothing is told of a transaction before the car draws power.",
    why_legal="TxStartPoint may hold EnergyTransfer; what happened before belongs to no transaction.",
    clauses=("OCPP 2.0.1 E01.FR.06", "TxCtrlr.TxStartPoint"),
    touches=("SC-04", "SC-05.2", "SC-09.2", "SC-09.3", "PR-15", "BI-16", "BI-19"),
    apply=_alter,
)
