"""Comes back after a loss at its own pace, which nobody can change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, ocpp_of

if TYPE_CHECKING:
    from harness.emulator._station import Station

FIXED = {"RetryBackOffWaitMinimum": "3", "RetryBackOffRandomRange": "1", "RetryBackOffRepeatTimes": "0"}


def _alter(station: Station) -> None:
    for name, value in FIXED.items():
        found = ocpp_of(station).model.find("OCPPCommCtrlr", name)
        assert found is not None
        found.value, found.mutability = value, "ReadOnly"


VARIANT = Variant(
    name="keeps-its-back-off",
    title="Reconnects after three to four seconds, come what may",
    what_is_unusual="Its back-off variables are read-only; it waits 3 s and something random before each attempt.",
    why_legal="A variable may be read-only, and a set that changes it is then rejected; the contract allows more time.",
    clauses=("OCPP 2.0.1 B05.FR.09", "OCPP-J Part 4, 5.3", "connectivity.reconnect_time"),
    touches=("SC-05", "SC-06", "SC-09.1", "BI-20.1"),
    apply=_alter,
)
