"""Reboots without closing its connection: the old one stays open, as when the power fails."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    connection = ocpp_of(station).connection
    left_open: list[Any] = []

    def abruptly(_: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def no_goodbye() -> None:
            left_open.append(connection._socket)

        return no_goodbye

    swap(connection, "close", abruptly)


VARIANT = Variant(
    name="leaves-the-old-line-open",
    title="Reboots without closing its connection",
    what_is_unusual="After a reset it connects anew while its old connection stays open, and says nothing there.",
    why_legal="A station that loses power closes nothing; OCPP-J asks for no goodbye before a reboot.",
    clauses=("OCPP 2.0.1 B11.FR.03", "OCPP-J Part 4, 5.3"),
    touches=("SC-09.1", "SC-09.2", "SC-09.9", "GEN-03.3"),
    apply=_alter,
)
