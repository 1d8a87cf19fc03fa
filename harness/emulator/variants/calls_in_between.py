"""Sends a request of its own between the backend's request and its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.ocpp.line._rpc import CallFailed, Offline, Rpc
from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    ocpp = ocpp_of(station)

    async def a_word() -> None:
        try:
            await ocpp.call("Heartbeat", {})
        except (CallFailed, Offline):
            return

    def talkative(make: Callable[..., Rpc]) -> Callable[..., Rpc]:
        def made(*arguments: Any) -> Rpc:
            rpc = make(*arguments)
            answer = rpc._answer

            async def after_a_word(action: str, payload: Any) -> Any:
                found = await answer(action, payload)
                ocpp.spawn(a_word(), "a heartbeat in between")
                await asyncio.sleep(0.05)
                return found

            swap(rpc, "_answer", lambda _: after_a_word)
            return rpc

        return made

    swap(ocpp.connection, "make_rpc", talkative)


VARIANT = Variant(
    name="calls-in-between",
    title="A request of its own before each answer",
    what_is_unusual="Before it answers the backend it sends a Heartbeat of its own.",
    why_legal="Either side may have one request under way; an answer need not come before one's own next request.",
    clauses=("OCPP-J Part 4, 4.1.1 (synchronicity)",),
    touches=("SC-04", "SC-05", "SC-09", "PR-15.1", "BI-20", "GEN-03"),
    apply=_alter,
)
