"""Takes a limit of zero watt for none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._profiles import Profile

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    smart = ocpp_of(station).smart_charging

    def active(plain: Any) -> Any:
        return lambda: [p for p in plain() if not _is_zero_watt(p)]

    swap(smart, "active", active)


def _is_zero_watt(profile: Profile) -> bool:
    return any(s.unit == "W" and s.periods[0].limit == 0 for s in profile.schedules)


DEFECT = Defect(
    name="takes-zero-watt-for-none",
    title="Zero watt is no limit",
    what_is_broken="A limit of 0 W is accepted and taken for none; one of 0 A is followed.",
    must_fail=("OCPP-K01.P205",),
    run=("OCPP-K01.P205",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
