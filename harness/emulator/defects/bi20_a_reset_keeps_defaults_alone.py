"""A reset forgets the grid-code settings for later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def reboot(plain: Any) -> Any:
        def forget(reason: str) -> None:
            client.der._controls[:] = [c for c in client.der._controls if c.is_default]
            plain(reason)

        return forget

    swap(client, "reboot", reboot)


DEFECT = Defect(
    name="a-reset-keeps-defaults-alone",
    title="A reset forgets the grid-code settings for later",
    what_is_broken="After a reset the grid-code settings for always are there, those for a time to come are not.",
    must_fail=("OCPP-R01.P001",),
    run=("OCPP-R01.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
