"""Counts no energy while it is offline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client, plant = ocpp_of(station), station.plant

    def step(plain: Any) -> Any:
        def forget(now_ns: int) -> None:
            before = plant.import_wh
            plain(now_ns)
            if not client.connection.online.is_set():
                plant.import_wh = before

        return forget

    swap(plant, "step", step)


DEFECT = Defect(
    name="counts-no-energy-offline",
    title="Counts no energy while offline",
    what_is_broken="What flows while the backend is away is not counted.",
    must_fail=("OCPP-J02.P107",),
    run=("OCPP-J02.P107",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
