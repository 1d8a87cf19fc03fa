"""Tells of one EVSE what the meter of the other shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    plants = list(station.plants.values())

    def values(plain: Any) -> Any:
        return lambda measurand, _: plain(measurand, plants[0].readings())

    swap(client.evses[2].metering, "values", values)


DEFECT = Defect(
    name="tells-the-meter-of-the-other-evse",
    title="The meter of the other EVSE",
    what_is_broken="Of its second EVSE it tells what the meter of the first one shows.",
    must_fail=("OCPP-J02.P301",),
    run=("OCPP-J02.P301",),
    smoke=False,
    evses=2,
    apply=_break,
)
