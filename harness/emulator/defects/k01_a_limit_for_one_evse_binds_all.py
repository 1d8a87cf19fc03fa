"""Lets a limit for one EVSE bind at every one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    for evse in client.evses.values():
        swap(evse.smart_charging, "active", lambda _: lambda: list(client.smart_charging.profiles))


DEFECT = Defect(
    name="a-limit-for-one-evse-binds-all",
    title="A limit for one EVSE binds at every one",
    what_is_broken="A limit that is for one EVSE lowers the power at the other one, too.",
    must_fail=("OCPP-K01.P301",),
    run=("OCPP-K01.P301",),
    smoke=False,
    evses=2,
    apply=_break,
)
