"""What waits to be told is kept in memory that a reset clears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def reboot(inner: Any) -> Any:
        def forget(reason: str) -> None:
            client.outbox._queue.clear()
            inner(reason)

        return forget

    swap(client, "reboot", reboot)


DEFECT = Defect(
    name="forgets-its-queue-in-a-reset",
    title="What waits to be told is gone after a reset",
    what_is_broken="What the charger could not tell while it was offline is lost when it restarts.",
    must_fail=("OCPP-E12.P002",),
    run=("OCPP-E12.P002",),
    may_fail=("OCPP-E01.R004", "OCPP-E01.R007"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
