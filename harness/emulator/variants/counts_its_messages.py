"""Numbers its messages instead of giving them random ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.ocpp.line._rpc import Rpc
from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    sent = 0

    def counting(make: Callable[..., Rpc]) -> Callable[..., Rpc]:
        def made(*arguments: Any) -> Rpc:
            rpc = make(*arguments)
            call = rpc.call

            async def numbered(action: str, payload: Any, timeout_s: float) -> Any:
                nonlocal sent
                sent += 1
                return await call(action, payload, timeout_s, f"{sent:036d}" if sent % 2 else f"{sent}")

            swap(rpc, "call", lambda _: numbered)
            return rpc

        return made

    swap(ocpp_of(station).connection, "make_rpc", counting)


VARIANT = Variant(
    name="counts-its-messages",
    title="Message ids that are numbers",
    what_is_unusual="Its message ids are a counter, now of one digit, now of 36, that goes on over connections.",
    why_legal="An id is any string of at most 36 characters that this charger has not used before.",
    clauses=("OCPP-J Part 4, 4.1.4",),
    touches=("SC-05", "SC-09.1", "SC-09.3", "SC-09.9"),
    apply=_alter,
)
