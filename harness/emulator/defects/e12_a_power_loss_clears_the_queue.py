"""A loss of power clears what waits."""

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
                client.transactions.current = None
                client.storage.save("outbox", [])
            await plain()

        return forget

    swap(client.power, "back", back)


DEFECT = Defect(
    name="a-power-loss-clears-the-queue",
    title="A loss of power clears what waits",
    what_is_broken="What waited to be told is gone after a loss of power.",
    must_fail=("OCPP-E12.P301",),
    run=("OCPP-E12.P301",),
    depth="thorough",
    smoke=False,
    apply=_break,
)
