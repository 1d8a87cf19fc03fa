"""Makes a reset that may wait while the car rests in its session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    ocpp = ocpp_of(station)

    def hasty(watch: Any) -> Any:
        def watched() -> None:
            watch()
            running, provisioning = ocpp.transactions.current, ocpp.provisioning
            if provisioning.reset_when_idle and running is not None and running.charging_state == "SuspendedEV":
                provisioning.reset_when_idle = False
                ocpp.later(lambda: provisioning.restart("ScheduledReset"))

        return watched

    swap(ocpp.transactions, "watch_charging_state", hasty)


DEFECT = Defect(
    name="takes-a-rest-for-the-end",
    title="A car that rests counts as gone",
    what_is_broken="A reset that is to wait for the end of the session is made as soon as the car draws nothing.",
    must_fail=("OCPP-B12.P001",),
    run=("OCPP-B12.P001",),
    depth="acceptance",
    apply=_break,
)
