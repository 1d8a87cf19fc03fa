"""Gives energy again when its power comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def back(plain: Any) -> Any:
        async def again() -> None:
            await client.power._on.wait()
            ran = client.power._lost and client.transactions.current is not None
            await plain()
            if ran and client.plant.plugged_connector is not None:
                client.plant.enable(True)

        return again

    swap(client.power, "back", back)


DEFECT = Defect(
    name="gives-energy-after-a-power-loss",
    title="Gives energy again when its power comes back",
    what_is_broken="A loss of power ends the session, and then the contactor closes again for the car that is there.",
    must_fail=("OCPP-E06.P302",),
    run=(
        "OCPP-E06.P301",
        "OCPP-E06.P302",
        "OCPP-J02.P302",
        "OCPP-K01.P303",
        "OCPP-B05.P301",
    ),
    may_fail=(
        "OCPP-J02.P302",
        "OCPP-K01.P303",
        "OCPP-E06.P301",
    ),
    depth="thorough",
    smoke=False,
    apply=_break,
)
