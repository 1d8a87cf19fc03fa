"""Goes on with DC through a reset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client, plant = ocpp_of(station), station.plant
    reset = {"came": False}

    def restart(plain: Any) -> Any:
        async def noted(reason: str) -> None:
            reset["came"] = True
            await plain(reason)

        return noted

    def enable(plain: Any) -> Any:
        def feed(wanted: bool) -> None:
            if wanted or plant.plugged_connector != 2:
                reset["came"] = False
            elif reset["came"] and plant.dc.charging:
                return
            plain(wanted)

        return feed

    swap(client.provisioning, "restart", restart)
    swap(plant, "enable", enable)


DEFECT = Defect(
    name="dc-flows-on-through-a-reset",
    title="Goes on with DC through a reset",
    what_is_broken="A reset at once ends a DC session for the backend, and the power stage feeds the car all the same.",
    must_fail=("OCPP-B12.P006",),
    run=("OCPP-B12.P006",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
