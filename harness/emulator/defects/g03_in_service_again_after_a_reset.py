"""A reset puts it back into service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def reboot(inner: Any) -> Any:
        def forget(reason: str) -> None:
            client.status._inoperative.clear()
            inner(reason)

        return forget

    swap(client, "reboot", reboot)


DEFECT = Defect(
    name="in-service-again-after-a-reset",
    title="Back in service by a reset",
    what_is_broken="An EVSE that the backend took out of service is in service again after a reset.",
    must_fail=("OCPP-G03.P003", "OCPP-G03.P114", "OCPP-G04.P003"),
    run=("OCPP-G03.P003", "OCPP-G03.P114", "OCPP-G04.P003"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
