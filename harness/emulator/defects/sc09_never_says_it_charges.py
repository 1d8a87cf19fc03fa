"""Never tells that power flows: its transactions are always said to be suspended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def modest(put: Callable[..., None]) -> Callable[..., None]:
        def suspended(action: str, payload: dict[str, Any], **how: Any) -> None:
            about = payload.get("transactionInfo")
            if isinstance(about, dict) and about.get("chargingState") == "Charging":
                payload = {**payload, "transactionInfo": {**about, "chargingState": "SuspendedEV"}}
            put(action, payload, **how)

        return suspended

    swap(ocpp_of(station).outbox, "put", modest)


DEFECT = Defect(
    name="never-says-it-charges",
    title="Never tells that a car charges",
    what_is_broken="While power flows, every event says that the car has suspended charging.",
    must_fail=("OCPP-E01.P002",),
    may_fail=("OCPP-E01.P001",),
    run=("SC-09.3",),
    apply=_break,
)
