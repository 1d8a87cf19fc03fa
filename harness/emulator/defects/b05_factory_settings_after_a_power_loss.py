"""Factory settings after a loss of power."""

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
                for each in client.model:
                    each.value = client._starting.get("/".join(map(str, each.key)), each.value)
            await plain()

        return forget

    swap(client.power, "back", back)


DEFECT = Defect(
    name="factory-settings-after-a-power-loss",
    title="Factory settings after a loss of power",
    what_is_broken="What was set, and called persistent, is as it left the factory after a loss of power.",
    must_fail=("OCPP-B05.P301",),
    run=("OCPP-J02.P302", "OCPP-K01.P303", "OCPP-B05.P301"),
    may_fail=("OCPP-J02.P302",),
    depth="thorough",
    smoke=False,
    apply=_break,
)
