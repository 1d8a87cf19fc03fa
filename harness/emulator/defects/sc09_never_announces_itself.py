"""After a restart it goes on as if nothing had happened."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Register = Callable[[], Coroutine[Any, Any, None]]


def _break(station: Station) -> None:
    provisioning = ocpp_of(station).provisioning

    def shy(register: Register) -> Register:
        async def only_the_first_time() -> None:
            if provisioning.boot_reason == "PowerUp":
                await register()
            provisioning.status = "Accepted"

        return only_the_first_time

    swap(provisioning, "register", shy)


DEFECT = Defect(
    name="never-announces-itself",
    title="Does not announce itself after a restart",
    what_is_broken="After a restart that the backend asked for, the charger goes on without a BootNotification.",
    must_fail=("OCPP-B01.P002",),
    run=("SC-09",),
    apply=_break,
)
