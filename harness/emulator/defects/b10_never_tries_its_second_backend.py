"""Never tries its second backend, when the first one does not take it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(ocpp_of(station).network_profiles, "failed", lambda _: lambda: None)


DEFECT = Defect(
    name="never-tries-its-second-backend",
    title="Never tries its second backend",
    what_is_broken="When the first backend in its order does not take it in, it goes on trying that one.",
    must_fail=("OCPP-B10.P401",),
    run=("OCPP-B10.P401",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
