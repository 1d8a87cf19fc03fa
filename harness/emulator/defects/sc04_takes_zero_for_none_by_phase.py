"""Takes a limit of zero for none where it names its phases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._profiles import Profile

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    smart = ocpp_of(station).smart_charging

    def active(plain: Any) -> Any:
        return lambda: [p for p in plain() if not _is_zero_by_phase(p)]

    swap(smart, "active", active)


def _is_zero_by_phase(profile: Profile) -> bool:
    return any(period.phases and period.limit == 0 for s in profile.schedules for period in s.periods)


DEFECT = Defect(
    name="takes-zero-for-none-by-phase",
    title="Zero by phase is no limit",
    what_is_broken="A limit of zero that names the number of phases is accepted and taken for none.",
    must_fail=("OCPP-K01.P205",),
    run=("OCPP-K01.P205",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
