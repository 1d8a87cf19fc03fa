"""A reset forgets that it was to go out of service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def end_for_reset(plain: Any) -> Any:
        def forget() -> None:
            client.status._pending.clear()
            plain()

        return forget

    swap(client.transactions, "end_for_reset", end_for_reset)


DEFECT = Defect(
    name="a-reset-forgets-what-waits",
    title="A reset forgets what waits for the session",
    what_is_broken="An EVSE that waits for its session's end to go out of service is in service after a reset.",
    must_fail=("OCPP-G03.P005",),
    run=("OCPP-G03.P005",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
