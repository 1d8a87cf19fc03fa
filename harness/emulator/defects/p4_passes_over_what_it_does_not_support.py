"""Says nothing to what it does not support."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.line._rpc import Rpc

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def deaf(make: Callable[..., Rpc]) -> Callable[..., Rpc]:
        def made(*arguments: Any) -> Rpc:
            rpc = make(*arguments)
            plain = rpc._on_call

            async def hear(unique: str, frame: list[Any]) -> None:
                if len(frame) > 2 and frame[2] in client._routes:
                    await plain(unique, frame)

            swap(rpc, "_on_call", lambda _: hear)
            return rpc

        return made

    swap(client.connection, "make_rpc", deaf)


DEFECT = Defect(
    name="passes-over-what-it-does-not-support",
    title="Says nothing to what it does not support",
    what_is_broken="A message of OCPP that the charger does not support is passed over in silence.",
    must_fail=("OCPP-P4.P012",),
    run=("OCPP-P4.P012",),
    may_fail=("OCPP-P4.R007",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
