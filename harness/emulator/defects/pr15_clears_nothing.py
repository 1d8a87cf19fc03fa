"""Says that a limit is cleared, and keeps it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Clear = Callable[[dict[str, Any]], Any]


def _break(station: Station) -> None:
    def idle(_: Clear) -> Clear:
        return lambda request: {"status": "Accepted"}

    swap(ocpp_of(station).smart_charging, "clear_charging_profile", idle)


DEFECT = Defect(
    name="clears-nothing",
    title="Keeps a limit that was withdrawn",
    what_is_broken="When a limit is withdrawn, the charger answers Accepted and goes on following it.",
    must_fail=("OCPP-K01.P021",),
    must_be_inconclusive=("OCPP-K01.P006",),
    why_inconclusive="The limit that SC-04.6 sets before charging does bind; only its positive control, that the same "
    "car draws more without the limit, cannot be had from a charger that keeps every limit.",
    run=("PR-15.1", "PR-15.2", "SC-04.6"),
    apply=_break,
)
