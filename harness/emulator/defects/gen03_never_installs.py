"""Accepts every update, and does nothing."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Update = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]


def _break(station: Station) -> None:
    def idle(_: Update) -> Update:
        async def nothing(request: dict[str, Any]) -> None:
            return None

        return nothing

    swap(ocpp_of(station).firmware, "update", idle)


DEFECT = Defect(
    name="never-installs",
    title="Accepts updates and does nothing",
    what_is_broken="Every firmware update is answered with Accepted; nothing follows, not even a refusal.",
    must_fail=("OCPP-L01.P001", "OCPP-L01.P002", "OCPP-L01.P004"),
    may_fail=("OCPP-L01.P003",),  # its control is that the right firmware is installed
    run=("GEN-03",),
    apply=_break,
)
