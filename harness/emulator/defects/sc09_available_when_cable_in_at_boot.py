"""A connector in which the cable was while the station rebooted is told as Available until it is unplugged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    seen: set[int] = set()

    def reboot(inner: Any) -> Any:
        def again(reason: str) -> None:
            if client.plant.plugged_connector is not None:
                seen.add(client.plant.plugged_connector)
            inner(reason)

        return again

    def of(inner: Any) -> Any:
        def state(connector: int) -> str:
            if client.plant.plugged_connector is None:
                seen.clear()
            told = str(inner(connector))
            return "Available" if told == "Occupied" and connector in seen else told

        return state

    swap(client, "reboot", reboot)
    swap(client.status, "of", of)


DEFECT = Defect(
    name="available-when-cable-in-at-boot",
    title="Says Available when it boots with a cable in",
    what_is_broken=(
        "A connector in which the cable was while the station rebooted is told as Available until it is unplugged."
    ),
    must_fail=("OCPP-G01.P101",),
    run=("OCPP-G01.P101",),
    may_fail=("OCPP-G01.R003", "OCPP-G01.R005"),
    depth="acceptance",
    apply=_break,
)
