"""A loss of power drops the session."""

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
            await plain()

        return forget

    swap(client.power, "back", back)


DEFECT = Defect(
    name="a-power-loss-drops-the-session",
    title="A loss of power drops the session",
    what_is_broken="Of a session that lost its power no end is told, and another one begins.",
    must_fail=("OCPP-E06.P301",),
    run=("OCPP-E06.P301", "OCPP-J02.P302", "OCPP-K01.P303", "OCPP-B05.P301"),
    may_fail=("OCPP-E01.R007",),
    depth="thorough",
    smoke=False,
    apply=_break,
)
