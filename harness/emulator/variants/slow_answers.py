"""Thinks for a second and a half before it answers anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.ocpp.line._rpc import Rpc
from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

THINKS_S = 1.5  # the tender of these campaigns allows 2


def _alter(station: Station) -> None:
    def slow(make: Callable[..., Rpc]) -> Callable[..., Rpc]:
        def made(*arguments: Any) -> Rpc:
            rpc = make(*arguments)
            answer = rpc._answer

            async def later(action: str, payload: Any) -> Any:
                found = await answer(action, payload)
                await asyncio.sleep(THINKS_S)
                return found

            swap(rpc, "_answer", lambda _: later)
            return rpc

        return made

    swap(ocpp_of(station).connection, "make_rpc", slow)


VARIANT = Variant(
    name="slow-answers",
    title="Answers everything after a second and a half",
    what_is_unusual="The charger answers each request 1.5 s after it came; a limit is in force before that.",
    why_legal="OCPP gives no time for an answer but the sender's message timeout; the contract allows more than this.",
    clauses=("OCPP-J Part 4, 4.1.1 (message timeout)", "setpoint.command_answer_time"),
    touches=("SC-04", "PR-15", "SC-09", "BI-16", "BI-20", "GEN-03"),
    apply=_alter,
)
