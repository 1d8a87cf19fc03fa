"""Repeats each day what is for one day of the week."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def put(plain: Any) -> Any:
        def daily(profile: Any) -> Any:
            return plain(replace(profile, recurrency_s=86400.0) if profile.recurrency_s > 86400 else profile)

        return daily

    swap(ocpp_of(station).smart_charging.profiles, "put", put)


DEFECT = Defect(
    name="weekly-recurs-daily",
    title="Repeats each day what is for one day of the week",
    what_is_broken="A profile that recurs each week is repeated each day.",
    must_fail=("OCPP-K01.P142",),
    run=("OCPP-K01.P142",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
