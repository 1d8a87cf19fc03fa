"""Installs firmware at once, whoever charges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    async def at_once() -> None:
        return None

    swap(ocpp_of(station).firmware, "_wait_for_idle", lambda _: at_once)


DEFECT = Defect(
    name="updates-in-the-middle-of-a-session",
    title="Breaks a session off for an update",
    what_is_broken=(
        "Firmware that is offered while a car charges is installed at once, and the charger restarts in the "
        "middle of the session."
    ),
    must_fail=("OCPP-L01.P105",),
    run=("OCPP-L01.P105",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
