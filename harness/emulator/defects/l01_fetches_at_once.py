"""Fetches firmware at once that is for later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def update(inner: Any) -> Any:
        def now(request: Any) -> Any:
            request["firmware"]["retrieveDateTime"] = client.time.text()
            return inner(request)

        return now

    swap(client.firmware, "update_firmware", update)


DEFECT = Defect(
    name="fetches-at-once",
    title="Ignores when firmware is to be fetched",
    what_is_broken=("The retrieveDateTime of an UpdateFirmware is ignored: the download begins at once."),
    must_fail=("OCPP-L01.P103",),
    run=("OCPP-L01.P103",),
    apply=_break,
    depth="acceptance",
)
