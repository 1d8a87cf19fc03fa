"""Of a session's outages the events of the first one alone say that they happened offline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    over: dict[str, bool] = {}

    def marking(inner: Any) -> Any:
        def event(tx: Any, kind: str, trigger: str) -> Any:
            payload = inner(tx, kind, trigger)
            if not payload.get("offline"):
                over.update({tx.id: True} if tx.id in over else {})
            elif over.setdefault(tx.id, False):
                del payload["offline"]
            return payload

        return event

    for evse in ocpp_of(station).evses.values():
        swap(evse.transaction_events, "event", marking)


DEFECT = Defect(
    name="marks-its-first-outage-alone",
    title="Marks the first outage of a session alone",
    what_is_broken="Of a session's outages the events of the first one alone say that they happened offline.",
    must_fail=("OCPP-E04.P401",),
    may_fail=("OCPP-E04.R003", "OCPP-E04.R004"),
    run=("OCPP-E04.P401",),
    apply=_break,
    depth="acceptance",
)
