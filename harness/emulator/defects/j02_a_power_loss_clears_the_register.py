"""A loss of power sets the register to zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def back(plain: Any) -> Any:
        async def forget() -> None:
            await client.power._on.wait()
            if client.power._lost:
                station.plant.import_wh = 0.0
            await plain()

        return forget

    swap(client.power, "back", back)


DEFECT = Defect(
    name="a-power-loss-clears-the-register",
    title="A loss of power sets the register to zero",
    what_is_broken="Its register is not kept where there is no power: the session's last sample is zero.",
    must_fail=("OCPP-J02.P302",),
    run=("OCPP-J02.P302", "OCPP-K01.P303", "OCPP-B05.P301"),
    may_fail=("OCPP-J02.R016", "OCPP-J02.R017", "OCPP-J02.R018"),
    depth="thorough",
    smoke=False,
    apply=_break,
)
