"""Its clock stands a minute behind after a loss of the connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp._times import text_of

if TYPE_CHECKING:
    from harness.emulator._station import Station

LOST_S = 60.0


def _break(station: Station) -> None:
    client = ocpp_of(station)
    lost = [0.0]

    def losing(plain: Callable[..., Any]) -> Callable[..., Any]:
        async def connected(offline_s: float | None) -> None:
            lost[0] = LOST_S if client.provisioning.status == "Accepted" else 0.0
            await plain(offline_s)

        return connected

    swap(client.provisioning, "connected", losing)
    swap(client.time, "text", lambda _: lambda: text_of(client.time.now() - lost[0]))


DEFECT = Defect(
    name="loses-time-in-an-outage",
    title="Loses a minute with its connection",
    what_is_broken="After a loss of the connection its times are a minute behind until it starts again.",
    must_fail=("OCPP-B01.P110",),
    may_fail=("OCPP-B01.R005",),
    run=("OCPP-B01.P110",),
    depth="acceptance",
    apply=_break,
)
