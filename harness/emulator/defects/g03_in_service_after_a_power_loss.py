"""Back in service by a loss of power."""

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
                client.status._inoperative.clear()
            await plain()

        return forget

    swap(client.power, "back", back)


DEFECT = Defect(
    name="in-service-after-a-power-loss",
    title="Back in service by a loss of power",
    what_is_broken="An EVSE that was taken out of service is in service again after a loss of power.",
    must_fail=("OCPP-G03.P301",),
    run=("OCPP-G03.P301",),
    depth="thorough",
    smoke=False,
    apply=_break,
)
