"""Sends a Heartbeat before it has announced itself."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.line._rpc import CallFailed

if TYPE_CHECKING:
    from harness.emulator._station import Station

Register = Callable[[], Coroutine[Any, Any, None]]


def _break(station: Station) -> None:
    ocpp = ocpp_of(station)

    def impatient(register: Register) -> Register:
        async def heartbeat_first() -> None:
            with contextlib.suppress(CallFailed):
                await ocpp.call("Heartbeat", {}, triggered=True)
            await register()

        return heartbeat_first

    swap(ocpp.provisioning, "register", impatient)


DEFECT = Defect(
    name="speaks-before-boot",
    title="Speaks before it has announced itself",
    what_is_broken="After a restart the charger sends a Heartbeat first, and only then its BootNotification.",
    must_fail=("OCPP-B01.P002", "OCPP-B01.R001"),
    run=("SC-09",),
    apply=_break,
)
