"""A reset forgets grid-code settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def reboot(plain: Any) -> Any:
        def forget(reason: str) -> None:
            client.der._controls.clear()
            plain(reason)

        return forget

    swap(client, "reboot", reboot)


DEFECT = Defect(
    name="a-reset-forgets-grid-codes",
    title="A reset forgets grid-code settings",
    what_is_broken="Grid-code settings that it accepted are gone after a reset.",
    must_fail=("OCPP-R01.P001",),
    run=("OCPP-R01.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
