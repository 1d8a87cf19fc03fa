"""Takes a network profile that is less secure than the connection it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station
    from harness.emulator.ocpp.provisioning._model import Json

Fault = Callable[[str, "Json"], str | None]


def _break(station: Station) -> None:
    def overlooks(plain: Fault) -> Fault:
        def fault(number: str, data: Json) -> str | None:
            found = plain(number, data)
            return None if found == "NoSecurityDowngrade" else found

        return fault

    swap(ocpp_of(station).network_profiles, "_fault", overlooks)


DEFECT = Defect(
    name="steps-down-in-security",
    title="Takes a less secure profile for its backend",
    what_is_broken="SetNetworkProfile with a lower security profile than the one in use is answered Accepted.",
    must_fail=("OCPP-B09.P101",),
    run=("OCPP-B09.P101",),
    depth="acceptance",
    apply=_break,
)
