"""A loss of power forgets grid-code settings."""

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
                client.der._controls.clear()
            await plain()

        return forget

    swap(client.power, "back", back)


DEFECT = Defect(
    name="a-power-loss-forgets-grid-codes",
    title="A loss of power forgets grid-code settings",
    what_is_broken="Grid-code settings outlive a reset, and not a loss of power.",
    must_fail=("OCPP-R01.P301",),
    run=("OCPP-R01.P301",),
    depth="thorough",
    smoke=False,
    apply=_break,
)
