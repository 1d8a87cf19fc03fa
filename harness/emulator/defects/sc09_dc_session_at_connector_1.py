"""A transaction at the DC connector (2) says connectorId 1; the connector's status is told of 2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    outbox = ocpp_of(station).outbox

    def put(inner: Any) -> Any:
        def wrong(action: str, payload: Any, **more: Any) -> None:
            if action == "TransactionEvent" and payload.get("evse", {}).get("connectorId") == 2:
                payload["evse"]["connectorId"] = 1
            inner(action, payload, **more)

        return wrong

    swap(outbox, "put", put)


DEFECT = Defect(
    name="dc-session-at-connector-1",
    title="Tells DC sessions of the AC connector",
    what_is_broken="A transaction at the DC connector (2) says connectorId 1; the connector's status is told of 2.",
    must_fail=("OCPP-G01.R005",),
    run=("OCPP-Q04.P001",),
    may_fail=("OCPP-G01.R003",),
    depth="acceptance",
    apply=_break,
)
