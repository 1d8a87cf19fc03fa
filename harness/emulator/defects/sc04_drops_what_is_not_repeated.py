"""Drops a limit or setpoint that nobody repeats for fifteen seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._profiles import Profile

if TYPE_CHECKING:
    from harness.emulator._station import Station


AFTER_S = 15.0
Install = Callable[[Profile], None]


def _break(station: Station) -> None:
    smart = ocpp_of(station).smart_charging

    def forgetful(install: Install) -> Install:
        def for_a_while(profile: Profile) -> None:
            install(profile)
            asyncio.get_running_loop().call_later(AFTER_S, drop, profile)

        return for_a_while

    def drop(profile: Profile) -> None:
        if smart.profiles.get(profile.id) is profile:
            smart.profiles.remove([profile])
            smart.refresh()

    swap(smart, "install", forgetful)


DEFECT = Defect(
    name="drops-what-is-not-repeated",
    title="Drops a limit that is not repeated",
    what_is_broken="A limit or setpoint that the backend does not send again within 15 s is dropped without a word.",
    must_fail=("OCPP-K01.P102", "OCPP-Q04.P101"),
    run=("OCPP-K01.P102", "OCPP-Q04.P101"),
    may_fail=("OCPP-K10.R001",),
    depth="acceptance",
    apply=_break,
)
