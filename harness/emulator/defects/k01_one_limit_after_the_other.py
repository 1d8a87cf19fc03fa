"""Works limits off one by one, a second and a half each."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

EACH_S = 1.5


def _break(station: Station) -> None:
    client = ocpp_of(station)
    last = [0.0]

    def queued(inner: Any) -> Any:
        def install(profile: Any) -> None:
            now = client.time.monotonic()
            wait_s = max(0.0, last[0] + EACH_S - now)
            last[0] = now + wait_s

            async def later() -> None:
                await asyncio.sleep(wait_s)
                inner(profile)

            if wait_s:
                client.spawn(later(), "a limit waits for its turn")
            else:
                inner(profile)

        return install

    for evse in client.evses.values():
        swap(evse.smart_charging, "install", queued)


DEFECT = Defect(
    name="one-limit-after-the-other",
    title="Works limits off one by one",
    what_is_broken=(
        "Each limit is accepted at once and takes effect a second and a half after the one before it: of six "
        "that come together the last one takes nine seconds."
    ),
    must_fail=("OCPP-K01.P122", "OCPP-K01.P123"),
    run=("OCPP-K01.P122", "OCPP-K01.P123"),
    apply=_break,
    depth="acceptance",
)
