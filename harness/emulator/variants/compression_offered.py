"""Offers to compress its WebSocket messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    def offering(dial: Callable[..., Any]) -> Callable[..., Any]:
        options = {"compression": "deflate", "user_agent_header": "ExampleCharger/7.2", "ping_interval": 2}
        return lambda *where, **how: dial(*where, **{**how, **options})

    swap(ocpp_of(station).connection, "dial", offering)


VARIANT = Variant(
    name="compression-offered",
    title="Offers compression, and pings often",
    what_is_unusual="The upgrade request offers permessage-deflate and names a user agent; a ping follows every 2 s.",
    why_legal="Compression is optional for a station, and the backend has to support it; so are pings.",
    clauses=("OCPP-J Part 4, 3 (WebSocket compression, RFC 7692)", "OCPP-J Part 4, 5 (ping, pong)"),
    touches=("SC-05", "SC-06", "SC-09", "BI-20.1"),
    apply=_alter,
)
