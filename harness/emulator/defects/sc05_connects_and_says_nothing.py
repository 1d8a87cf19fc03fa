"""Connects and never says a word: neither who it is nor any answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def mute(make: Callable[..., Any]) -> Callable[..., Any]:
        def speechless(version: str, send: Callable[[str], Any], *rest: Any) -> Any:
            async def swallow(text: str) -> None:
                """Nothing leaves."""

            return make(version, swallow, *rest)

        return speechless

    swap(ocpp_of(station).connection, "make_rpc", mute)


DEFECT = Defect(
    name="connects-and-says-nothing",
    title="Opens a connection and never speaks on it",
    what_is_broken="The charger connects to its backend, but neither announces itself nor answers.",
    must_fail=("OCPP-B01.P001",),
    run=("SC-05.4",),
    smoke=False,
    apply=_break,
)
