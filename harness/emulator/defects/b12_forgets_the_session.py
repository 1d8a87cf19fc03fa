"""Does not end a session that a reset breaks off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(ocpp_of(station).transactions, "end_for_reset", lambda _: lambda: None)


DEFECT = Defect(
    name="forgets-the-session",
    title="Breaks a session off with a reset and does not tell its end",
    what_is_broken="Told to reset at once, the charger does so in the middle of a session whose end is never told.",
    must_fail=("OCPP-B12.P002",),
    run=("OCPP-B12.P002",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
