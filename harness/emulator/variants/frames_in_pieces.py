"""Sends its messages in several WebSocket frames."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any

from harness.emulator.ocpp.line._rpc import Rpc
from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

PIECE = 40


def _alter(station: Station) -> None:
    def in_pieces(make: Callable[..., Rpc]) -> Callable[..., Rpc]:
        def made(version: str, send: Callable[[Any], Awaitable[None]], *more: Any) -> Rpc:
            async def split(text: str) -> None:
                await send(_pieces(text))

            return make(version, split, *more)

        return made

    swap(ocpp_of(station).connection, "make_rpc", in_pieces)


def _pieces(text: str) -> Iterator[str]:
    return (text[at : at + PIECE] for at in range(0, len(text), PIECE))


VARIANT = Variant(
    name="frames-in-pieces",
    title="Messages in many small WebSocket frames",
    what_is_unusual="Each message is split into fragments of 40 characters.",
    why_legal="RFC 6455 lets a sender fragment any message; OCPP-J says nothing against it.",
    clauses=("RFC 6455, 5.4", "OCPP-J Part 4, 3"),
    touches=("SC-05.4", "SC-09", "BI-20", "GEN-02.2"),
    apply=_alter,
)
