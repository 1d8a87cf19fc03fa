"""A loss of power forgets limits."""

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
                client.smart_charging.profiles.remove(list(client.smart_charging.profiles))
            await plain()

        return forget

    swap(client.power, "back", back)


DEFECT = Defect(
    name="a-power-loss-forgets-limits",
    title="A loss of power forgets limits",
    what_is_broken="Limits outlive a reset, and not a loss of power.",
    must_fail=("OCPP-K01.P303",),
    run=("OCPP-J02.P302", "OCPP-K01.P303", "OCPP-B05.P301"),
    depth="thorough",
    smoke=False,
    apply=_break,
)
