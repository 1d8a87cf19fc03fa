"""Answers a request that does not fit its message as if it did."""

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
                    if not refusal.code.endswith("Violation"):
                        raise
                    return Answer({})

            swap(rpc, "_answer", lambda _: anything)
            return rpc

        return made

    swap(ocpp_of(station).connection, "make_rpc", lenient)


DEFECT = Defect(
    name="takes-malformed-requests",
    title="Answers malformed requests as if they were right",
    what_is_broken="A request whose payload does not fit is answered with a result instead of an error.",
    must_fail=("OCPP-P4.P011", "OCPP-P4.R010", "OCPP-P4.R003"),
    run=("OCPP-P4.P011",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
