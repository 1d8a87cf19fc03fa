"""Says that new firmware is installed, and goes on with the old one."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Install = Callable[[bytes], Coroutine[Any, Any, None]]


def _break(station: Station) -> None:
    firmware = ocpp_of(station).firmware

    def boastful(_: Install) -> Install:
        async def pretend(image: bytes) -> None:
            firmware.tell("Installing")
            firmware.tell("Installed")
            firmware._done()

        return pretend

    swap(firmware, "install", boastful)


DEFECT = Defect(
    name="claims-to-have-installed",
    title="Says Installed, and runs the old firmware",
    what_is_broken="The charger reports new firmware as installed, but never starts it.",
    must_fail=("OCPP-L01.P001",),
    may_fail=("OCPP-L01.R031",),  # which a boot into new firmware sets off
    run=("GEN-03",),
    apply=_break,
)
