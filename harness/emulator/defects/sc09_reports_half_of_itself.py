"""Its full report leaves out what it is set to about its sessions."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Send = Callable[[int, list[Any]], Coroutine[Any, Any, None]]


def _break(station: Station) -> None:
    def partly(send: Send) -> Send:
        async def without_sessions(request_id: int, variables: list[Any]) -> None:
            await send(request_id, [v for v in variables if v.component not in ("TxCtrlr", "SampledDataCtrlr")])

        return without_sessions

    swap(ocpp_of(station).reports, "send", partly)


DEFECT = Defect(
    name="reports-half-of-itself",
    title="Leaves required settings out of its full report",
    what_is_broken="The full report does not tell the settings of sessions and of sampled meter values.",
    must_fail=("OCPP-B07.P002",),
    run=("SC-09.4",),
    apply=_break,
)
