"""Forgets a limit that begins later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def install(inner: Any) -> Any:
        def now_or_never(profile: Any) -> None:
            starts = [profile.valid_from, *(plan.start for plan in profile.schedules)]
            if not any(start is not None and start > client.time.now() for start in starts):
                inner(profile)

        return now_or_never

    for evse in client.evses.values():
        swap(evse.smart_charging, "install", install)


DEFECT = Defect(
    name="never-begins",
    title="Limits for later never bind",
    what_is_broken=("A charging profile that starts or becomes valid later is accepted and never followed."),
    must_fail=("OCPP-K01.P125",),
    run=("OCPP-K01.P125",),
    may_fail=("OCPP-K10.R001",),
    apply=_break,
    depth="acceptance",
)
