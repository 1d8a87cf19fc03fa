"""Announces itself again whenever it is asked to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.line._rpc import Answer

if TYPE_CHECKING:
    from harness.emulator._station import Station

Handle = Callable[[dict[str, Any]], Any]


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def ready(trigger: Handle) -> Handle:
        def again(request: dict[str, Any]) -> Any:
            if request["requestedMessage"] != "BootNotification":
                return trigger(request)
            return Answer({"status": "Accepted"}, announce)

        return again

    async def announce() -> None:
        await client.call("BootNotification", client.provisioning.boot_notification())

    swap(client.provisioning, "trigger_message", ready)


DEFECT = Defect(
    name="boots-when-it-is-told-to",
    title="Announces itself again although it was accepted",
    what_is_broken="Accepted by the backend, the charger still agrees to send BootNotification.",
    must_fail=("OCPP-F06.P001", "OCPP-F06.R017"),
    run=("OCPP-F06.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
