"""Gives energy again after a reset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    charged = {"before": False}

    def end_for_reset(plain: Any) -> Any:
        def noted() -> None:
            charged["before"] = client.transactions.current is not None
            plain()

        return noted

    def register(plain: Any) -> Any:
        async def again() -> None:
            await plain()
            if charged["before"] and client.plant.plugged_connector is not None:
                client.plant.enable(True)
            charged["before"] = False

        return again

    swap(client.transactions, "end_for_reset", end_for_reset)
    swap(client.provisioning, "register", register)


DEFECT = Defect(
    name="gives-energy-after-a-reset",
    title="Gives energy again after a reset",
    what_is_broken="A reset ends the session, and then the contactor closes again for the car that is there.",
    must_fail=("OCPP-B12.P005",),
    run=(
        "OCPP-B12.P003",
        "OCPP-B12.P004",
        "OCPP-B12.P005",
    ),
    may_fail=(
        "OCPP-B12.P003",
        "OCPP-B12.P004",
    ),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
