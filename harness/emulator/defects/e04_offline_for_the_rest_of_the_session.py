"""After an outage each event of the session says that it happened offline, to the session's end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    over: set[str] = set()

    def marking(inner: Any) -> Any:
        def event(tx: Any, kind: str, trigger: str) -> Any:
            payload = inner(tx, kind, trigger)
            if payload.get("offline"):
                over.add(tx.id)
            elif tx.id in over:
                payload["offline"] = True
            return payload

        return event

    for evse in ocpp_of(station).evses.values():
        swap(evse.transaction_events, "event", marking)


DEFECT = Defect(
    name="offline-for-the-rest-of-the-session",
    title="Marks all after an outage as offline",
    what_is_broken="After an outage each event of the session says that it happened offline, to the session's end.",
    must_fail=("OCPP-E04.P401",),
    may_fail=("OCPP-E04.R003", "OCPP-E04.R004"),
    run=("OCPP-E04.P401",),
    apply=_break,
    depth="acceptance",
)
