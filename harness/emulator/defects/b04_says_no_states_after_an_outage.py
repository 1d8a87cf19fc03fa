"""Says no states after an outage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client, fresh = ocpp_of(station), {"now": True}

    def connected(plain: Any) -> Any:
        async def noted(offline_s: Any) -> None:
            fresh["now"] = client.provisioning.status != "Accepted"
            await plain(offline_s)

        return noted

    def report(plain: Any) -> Any:
        async def after_a_boot_alone(*, everything: bool) -> None:
            status = client.status
            if fresh["now"]:
                await plain(everything=everything)
                return
            for connector in status._connectors:
                status._known[connector] = status._told[connector] = status.of(connector)

        return after_a_boot_alone

    swap(client.provisioning, "connected", connected)
    swap(client.status, "report", report)


DEFECT = Defect(
    name="says-no-states-after-an-outage",
    title="Says no states after an outage",
    what_is_broken="Back from offline it tells no state, neither of all connectors nor of those that changed.",
    must_fail=(
        "OCPP-B04.P001",
        "OCPP-B04.P002",
    ),
    run=(
        "OCPP-B04.P001",
        "OCPP-B04.P002",
    ),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
