"""Says that it can be steered, and rejects every limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def stubborn(_: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
        return lambda request: {"status": "Rejected", "statusInfo": {"reasonCode": "InternalError"}}

    swap(ocpp_of(station).smart_charging, "set_charging_profile", stubborn)


DEFECT = Defect(
    name="refuses-limits",
    title="Rejects every limit",
    what_is_broken="The charger declares smart charging, but answers every limit with Rejected.",
    must_fail=("OCPP-K01.P001", "OCPP-K01.P002", "OCPP-K01.P003", "OCPP-K01.P004", "OCPP-K01.P005", "OCPP-K01.P006"),
    run=("SC-04",),
    apply=_break,
)
