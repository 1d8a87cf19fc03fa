"""Carries out a limit at once, and answers the backend six seconds later."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

LATE_S = 6.0


def _break(station: Station) -> None:
    def slow(handle: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Awaitable[Any]]:
        async def answer_later(request: dict[str, Any]) -> Any:
            answer = handle(request)
            await asyncio.sleep(LATE_S)
            return answer

        return answer_later

    swap(ocpp_of(station).smart_charging, "set_charging_profile", slow)


DEFECT = Defect(
    name="answers-late",
    title="Answers a setpoint too late",
    what_is_broken="A limit is carried out at once, but the backend waits 6 s for the answer.",
    must_fail=("OCPP-K01.P001",),
    run=("SC-04.1", "SC-04.2", "SC-04.3", "SC-04.4"),
    apply=_break,
)
