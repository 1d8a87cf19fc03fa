"""Loses what was under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    box = client.outbox

    def deliver(plain: Any) -> Any:
        async def once(message: Any) -> None:
            rpc, before = client.connection.rpc, message.attempts
            await plain(message)
            lost = rpc is not None and client.connection.rpc is not rpc
            if lost and message.attempts == before and box._queue and box._queue[0] is message:
                box._queue.popleft()
                box._save()

        return once

    swap(box, "_deliver", deliver)


DEFECT = Defect(
    name="what-was-under-way-is-lost",
    title="Loses what was under way",
    what_is_broken="What was sent, and not answered when the line broke, counts as delivered.",
    must_fail=("OCPP-E13.P001",),
    run=("OCPP-E13.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
