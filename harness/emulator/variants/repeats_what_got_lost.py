"""Sends a message again under its old id when a lost connection ate the answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.ocpp.line._outbox import Waiting
from harness.emulator.ocpp.line._rpc import Rpc
from harness.emulator.variants._model import Variant, ocpp_of, put, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    ocpp = ocpp_of(station)
    ids: dict[str, str] = {}

    def faithful(make: Callable[..., Rpc]) -> Callable[..., Rpc]:
        def made(*arguments: Any) -> Rpc:
            rpc = make(*arguments)
            call = rpc.call

            async def under_its_old_id(action: str, payload: Any, timeout_s: float) -> Any:
                key = f"{action} {payload!r}" if action == "TransactionEvent" else ""
                unique = ids.get(key) or f"{len(ids)}-{ocpp.time.now():.6f}"
                if key:
                    ids[key] = unique
                return await call(action, payload, timeout_s, unique)

            swap(rpc, "call", lambda _: under_its_old_id)
            return rpc

        return made

    def twice(deliver: Callable[[Waiting], Awaitable[None]]) -> Callable[[Waiting], Awaitable[None]]:
        async def made(message: Waiting) -> None:
            again = message.action == "TransactionEvent" and message.payload.get("offline") and not message.attempts
            if again:
                await ocpp.call(message.action, message.payload)  # as if its answer had been lost
            await deliver(message)

        return made

    put(station, SampledDataCtrlr__TxUpdatedInterval="1")
    swap(ocpp.connection, "make_rpc", faithful)
    swap(ocpp.outbox, "_deliver", twice)


VARIANT = Variant(
    name="repeats-what-got-lost",
    title="Repeats an event under its old message id",
    what_is_unusual="Each event of an outage comes twice, the second time word for word with the same message id.",
    why_legal="An event without an answer has to be sent again; the erratum lets the repetition keep its id.",
    clauses=("OCPP 2.0.1 E13.FR.02", "OCPP-J Part 4, 4.1.4 and its erratum"),
    touches=("SC-05", "SC-09.3", "SC-09.9"),
    apply=_alter,
)
