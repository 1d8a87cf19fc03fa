"""After an outage tells first what happens now, and then what happened meanwhile."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, ocpp_of, put, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    outbox = ocpp_of(station).outbox
    put(station, SampledDataCtrlr__TxUpdatedInterval="1")  # so that there is something to put in order

    def newest_first() -> None:
        queued = [m for m in outbox._queue if m.action == "TransactionEvent"]
        others = [m for m in outbox._queue if m.action != "TransactionEvent"]
        outbox._queue = deque([*others, *reversed(queued)])
        outbox._open.set()

    swap(outbox, "resume", lambda _: newest_first)


VARIANT = Variant(
    name="live-before-queued",
    title="Delivers the events of an outage newest first",
    what_is_unusual="After an outage the newest event comes first, the oldest last; numbers and times are right.",
    why_legal="OCPP says that events may arrive in another order than they happened; numbers put them right.",
    clauses=("OCPP 2.0.1 Part 2, E 1.3.2", "OCPP 2.0.1 E04.FR.02, E12.FR.02"),
    touches=("SC-05", "SC-09.3"),
    apply=_alter,
)
