"""Throws the running session's limit away when the connection is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._profiles import TX

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    smart = client.smart_charging

    def changed(inner: Any) -> Any:
        def lose() -> None:
            if not client.connection.online.is_set():
                smart.profiles.remove([p for p in smart.profiles if p.purpose == TX])
            inner()

        return lose

    swap(smart, "connection_changed", changed)


DEFECT = Defect(
    name="loses-a-sessions-limit-with-the-link",
    title="A session's own limit is lost with the link",
    what_is_broken=(
        "When the connection is lost, the limit for the running session is thrown away, also for when it is back."
    ),
    must_fail=("OCPP-K01.P202",),
    run=("OCPP-K01.P202",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
