"""Answers an action that nobody knows as if it had been done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.line._rpc import Answer, Refuse, Rpc

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def lenient(make: Callable[..., Rpc]) -> Callable[..., Rpc]:
        def made(*arguments: Any) -> Rpc:
            rpc = make(*arguments)
            answer = rpc._answer

            async def anything(action: str, payload: Any) -> Answer:
                try:
                    return await answer(action, payload)
                except Refuse as refusal:
                    if refusal.code != "NotImplemented":
                        raise
                    return Answer({})

            swap(rpc, "_answer", lambda _: anything)
            return rpc

        return made

    swap(ocpp_of(station).connection, "make_rpc", lenient)


DEFECT = Defect(
    name="takes-unknown-actions",
    title="Answers requests that it does not know",
    what_is_broken="A request with an action that does not exist gets an empty result instead of an error.",
    must_fail=("OCPP-P4.P010", "OCPP-P4.R009"),
    run=("OCPP-P4.P010",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
