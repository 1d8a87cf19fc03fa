"""Never tells that charging has begun: the number is used, the message is not sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def lossy(put: Callable[..., None]) -> Callable[..., None]:
        def all_but_one(action: str, payload: dict[str, Any], **how: Any) -> None:
            if payload.get("triggerReason") != "ChargingStateChanged":
                put(action, payload, **how)

        return all_but_one

    swap(ocpp_of(station).outbox, "put", lossy)


DEFECT = Defect(
    name="drops-an-event",
    title="Loses events of a charging session",
    what_is_broken="The event that tells of a changed charging state is counted, but never sent.",
    must_fail=("OCPP-E01.P001",),
    run=("SC-09",),
    may_fail=("OCPP-E01.R001",),
    apply=_break,
)
