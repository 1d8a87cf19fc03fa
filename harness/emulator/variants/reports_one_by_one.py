"""Reports its device model in as many parts as there are variables, the last one first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from harness.emulator.ocpp.provisioning._model import Variable
from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Send = Callable[[int, list[Variable]], Awaitable[None]]


def _alter(station: Station) -> None:
    reports = ocpp_of(station).reports

    def backwards(send: Send) -> Send:
        return lambda request_id, variables: send(request_id, variables[::-1])

    reports.part = 1
    swap(reports, "send", backwards)


VARIANT = Variant(
    name="reports-one-by-one",
    title="A report in hundreds of parts",
    what_is_unusual="Each NotifyReport holds one variable, in an order of its own.",
    why_legal="A report comes in one or more parts; how much a part holds and in which order is not prescribed.",
    clauses=("OCPP 2.0.1 B07.FR.03, B07.FR.10",),
    touches=("GEN-02.2", "SC-09.4", "SC-09.9"),
    apply=_alter,
)
