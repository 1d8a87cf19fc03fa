"""Installs firmware at once that is for later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def update(inner: Any) -> Any:
        def now(request: Any) -> Any:
            request["firmware"].pop("installDateTime", None)
            return inner(request)

        return now

    swap(ocpp_of(station).firmware, "update_firmware", update)


DEFECT = Defect(
    name="installs-at-once",
    title="Ignores when firmware is to be installed",
    what_is_broken=(
        "The installDateTime of an UpdateFirmware is ignored: the firmware is installed as soon as it is there."
    ),
    must_fail=("OCPP-L01.P102",),
    run=("OCPP-L01.P102",),
    apply=_break,
    depth="acceptance",
)
