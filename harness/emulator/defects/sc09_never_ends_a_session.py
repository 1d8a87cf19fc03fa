"""Never tells that a session is over, and withholds no number: the last event is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def open_ended(put: Callable[..., None]) -> Callable[..., None]:
        def all_but_the_end(action: str, payload: dict[str, Any], **how: Any) -> None:
            if payload.get("eventType") != "Ended":
                put(action, payload, **how)

        return all_but_the_end

    swap(ocpp_of(station).outbox, "put", open_ended)


DEFECT = Defect(
    name="never-ends-a-session",
    title="Never tells that a charging session is over",
    what_is_broken="The event that ends a transaction is never sent, so the backend bills on.",
    must_fail=("OCPP-E01.P001", "OCPP-E01.R007"),
    may_fail=("OCPP-E04.P001",),
    run=("SC-09",),
    apply=_break,
)
