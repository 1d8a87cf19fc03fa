"""Its reports tell the version before the update."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    first = client.firmware.version

    def stale(plain: Any) -> Any:
        async def send(request_id: int, variables: Any) -> None:
            found = client.model.find("ChargingStation", "FirmwareVersion")
            assert found is not None
            now, found.read = found.read, lambda: first
            try:
                await plain(request_id, variables)
            finally:
                found.read = now

        return send

    swap(client.reports, "send", stale)


DEFECT = Defect(
    name="reports-the-version-before",
    title="Reports the version before the update",
    what_is_broken="After an update BootNotification and GetVariables tell the new version, NotifyReport the old one.",
    must_fail=("OCPP-B01.R008",),
    run=("OCPP-L01.P001", "OCPP-L01.P106"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
