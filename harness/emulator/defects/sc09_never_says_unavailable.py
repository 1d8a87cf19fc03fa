"""A connector that becomes Unavailable is not reported; every other state is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    outbox = ocpp_of(station).outbox

    def put(inner: Any) -> Any:
        def filtered(action: str, payload: Any, **more: Any) -> None:
            told = payload.get("connectorStatus") or (payload.get("eventData") or [{}])[0].get("actualValue")
            if action in ("StatusNotification", "NotifyEvent") and told == "Unavailable":
                return
            inner(action, payload, **more)

        return filtered

    swap(outbox, "put", put)


DEFECT = Defect(
    name="never-says-unavailable",
    title="Says nothing when it goes out of service",
    what_is_broken="A connector that becomes Unavailable is not reported; every other state is.",
    must_fail=("OCPP-G03.P001", "OCPP-G03.R004"),
    run=("OCPP-G03.P001",),
    depth="acceptance",
    apply=_break,
)
