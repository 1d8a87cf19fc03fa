"""Keeps no more than five events of an outage."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


MOST = 5


def _break(station: Station) -> None:
    ocpp = ocpp_of(station)

    def short_of_memory(put: Callable[..., None]) -> Callable[..., None]:
        def newest(action: str, payload: dict[str, Any], **how: Any) -> None:
            put(action, payload, **how)
            queue = ocpp.outbox._queue
            while not ocpp.connection.online.is_set() and len(queue) > MOST:
                queue.popleft()

        return newest

    swap(ocpp.outbox, "put", short_of_memory)


DEFECT = Defect(
    name="keeps-five-events",
    title="Loses the beginning of a long outage",
    what_is_broken="Of what happens while it is offline the charger keeps the newest five messages.",
    must_fail=("OCPP-E04.P101",),
    run=("OCPP-E04.P101",),
    depth="acceptance",
    apply=_break,
)
