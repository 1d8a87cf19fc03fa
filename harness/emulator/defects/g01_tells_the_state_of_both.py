"""Tells what happens at one EVSE of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    evses = ocpp_of(station).evses

    def of(plain: Any) -> Any:
        def of_any(connector: int) -> str:
            states = [str(evse.plant.plugged_connector == connector) for evse in evses.values()]
            return "Occupied" if "True" in states else str(plain(connector))

        return of_any

    def changed(plain: Any) -> Any:
        def of_all() -> None:
            plain()
            if not running:
                running.append(True)
                for evse in evses.values():
                    evse.status.changed()
                running.clear()

        return of_all

    running: list[bool] = []
    for evse in evses.values():
        swap(evse.status, "of", of)
        swap(evse.status, "changed", changed)


DEFECT = Defect(
    name="tells-the-state-of-both",
    title="A car at one EVSE occupies both",
    what_is_broken="A car that comes to one EVSE makes the other one occupied, too.",
    must_fail=("OCPP-G01.P301",),
    run=("OCPP-G01.P301",),
    smoke=False,
    evses=2,
    apply=_break,
)
