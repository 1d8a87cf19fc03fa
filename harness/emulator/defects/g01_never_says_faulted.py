"""A fault changes nothing in what is told of the connector."""

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
            if told != "Faulted":
                return told
            return "Occupied" if client.plant.plugged_connector == connector else "Available"

        return state

    swap(client.status, "of", of)


DEFECT = Defect(
    name="never-says-faulted",
    title="Never reports that it is out of order",
    what_is_broken="While its control pilot is shorted, the charger still tells its connector as it was before.",
    must_fail=("OCPP-G01.P103",),
    run=("OCPP-G01.P103",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
