"""After firmware that it refused it stays out of service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def verify(inner: Any) -> Any:
        def check(*given: Any) -> bool:
            good = bool(inner(*given))
            client.status.firmware_pending = not good
            return good

        return check

    swap(client.firmware, "verify", verify)


DEFECT = Defect(
    name="unavailable-after-refused-firmware",
    title="Out of service after a failed update",
    what_is_broken="When it has refused firmware, the charger stays unavailable, and nobody charges there any more.",
    must_fail=("OCPP-L01.P104",),
    run=("OCPP-L01.P104",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
