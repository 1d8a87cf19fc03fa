"""Sets its clock when it boots, and never by a heartbeat."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.line._rpc import CallFailed, Offline

if TYPE_CHECKING:
    from harness.emulator._station import Station

Beat = Callable[[], Awaitable[None]]


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def without_the_time(_: Beat) -> Beat:
        async def heartbeat() -> None:
            with contextlib.suppress(CallFailed, Offline):
                await client.call("Heartbeat", {}, triggered=True)

        return heartbeat

    swap(client.provisioning, "heartbeat", without_the_time)


DEFECT = Defect(
    name="sets-its-clock-at-its-boot-alone",
    title="Sets its clock at its boot alone",
    what_is_broken="The backend's time is taken from the answer to the boot; that in the answer to a heartbeat is not.",
    must_fail=("OCPP-G02.P401",),
    run=("OCPP-G02.P401",),
    depth="acceptance",
    apply=_break,
)
